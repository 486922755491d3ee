"""Two people edit one report: what each changes is kept, and what both changed is asked about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.express import merge

texts = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y"]), min_size=3)


def test_each_changes_another_section() -> None:
    found = merge({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"})
    assert (found.texts, found.conflicts) == ({"a": "2", "b": "3"}, ())


def test_what_both_changed_is_left_and_named_unless_they_agree() -> None:
    seen, now = {"a": "1", "b": "1"}, {"a": "2", "b": "2"}
    found = merge(seen, now, {"a": "3", "b": "2"})
    assert (found.texts, found.conflicts) == (now, ("a",))


@given(texts, texts, texts)
def test_nothing_of_either_is_lost(seen: dict[str, str], now: dict[str, str], mine: dict[str, str]) -> None:
    found = merge(seen, now, mine)
    for name, text in mine.items():
        if name in found.conflicts:
            assert len({seen[name], now[name], text}) == 3 or seen[name] not in (now[name], text)
            assert found.texts[name] == now[name]
        else:
            assert found.texts[name] == (now[name] if text == seen[name] else text)
    assert merge(now, now, found.texts).texts == found.texts
