"""Answers are kept inside a block, and nowhere else."""

from __future__ import annotations

from ecuanime.foundation.remembering import foresee, remembered, remembering

asked: list[str] = []


@remembered
def question(name: str) -> int:
    """How long a name is, and that somebody asked."""
    asked.append(name)
    return len(name)


def test_inside_a_block_a_question_is_asked_once_for_each_argument() -> None:
    asked.clear()
    with remembering():
        assert [question("uno"), question("uno"), question("cuatro")] == [3, 3, 6]
    assert asked == ["uno", "cuatro"]
    question("uno")
    question("uno")
    assert asked == ["uno", "cuatro", "uno", "uno"]


def test_an_answer_given_ahead_is_taken_inside_the_block_only() -> None:
    asked.clear()
    foresee(7, question, "uno")
    with remembering():
        foresee(9, question, "uno")
        assert question("uno") == 9
    assert question("uno") == 3
    assert asked == ["uno"]
