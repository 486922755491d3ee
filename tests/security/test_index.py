"""The index of attacks names tests that are there, for every class."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.security.index import CLASSES, COVERED

ROOT = Path(__file__).parents[2]


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = (
        ast.parse((ROOT / path).read_text(encoding="utf-8"))
        if (ROOT / path).is_file()
        else ast.Module([], [])
    )
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def missing(places: tuple[str, ...]) -> list[str]:
    """Those of the places where there is no such test."""
    return [place for place in places if place.partition("::")[2] not in names_in(place.partition("::")[0])]


def test_every_class_has_its_tests() -> None:
    assert list(COVERED) == list(CLASSES) == [f"V{number}" for number in range(1, 17)]


@pytest.mark.parametrize("attack", COVERED)
def test_the_tests_of_a_class_are_there(attack: str) -> None:
    assert COVERED[attack]
    assert missing(COVERED[attack]) == []


def test_a_place_without_a_test_is_seen() -> None:
    assert missing(("tests/security/test_index.py::test_made_up", "tests/nowhere.py::test_x")) != []
    assert missing(("tests/security/test_index.py::test_every_class_has_its_tests",)) == []
