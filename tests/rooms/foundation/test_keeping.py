"""Answers are given again while their version stands still, and only then."""

from __future__ import annotations

from collections.abc import Callable

from ecuanime.foundation.keeping import Kept


def asked() -> tuple[list[int], Callable[[], int]]:
    """A question that says how often it was asked, and the times it was."""
    times: list[int] = []

    def question() -> int:
        times.append(len(times))
        return times[-1]

    return times, question


def test_an_answer_holds_while_its_version_does() -> None:
    kept, (times, question) = Kept[int](10), asked()
    assert [kept.ask(question, "a", version=1) for _ in range(3)] == [0, 0, 0]
    assert kept.ask(question, "b", version=1) == 1
    assert kept.ask(question, "a", version=2) == 2
    assert kept.ask(question, "a", version=1) == 3
    assert len(times) == 4


def test_nothing_is_kept_without_a_version() -> None:
    kept, (_times, question) = Kept[int](10), asked()
    assert kept.ask(question, "a", version=1) == 0
    assert kept.ask(question, "a", version=None) == 1
    assert kept.ask(question, "a", version=1) == 0


def test_no_more_is_kept_than_was_agreed() -> None:
    kept, (times, question) = Kept[int](2), asked()
    for key in ("a", "b", "c"):
        kept.ask(question, key, version=1)
    assert kept.ask(question, "c", version=1) == 2
    assert kept.ask(question, "a", version=1) == len(times) - 1 == 3
