"""No page drifts away: each is on the list, and each of its tables is read by some test."""

import ast
import re
from pathlib import Path

from .examples import PAGES, tables

TESTS = Path(__file__).parents[1]


def read_by_tests() -> set[tuple[str, ...]]:
    """Page and columns of every table that a test asks `rows` for."""
    return {
        tuple(str(each.value) for each in call.args if isinstance(each, ast.Constant))
        for path in TESTS.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "rows"
    }


def test_every_table_of_worked_examples_is_read_by_a_test() -> None:
    read = read_by_tests()
    written = {
        (page.stem, *table[0])
        for page in PAGES.glob("*.md")
        if page.stem != "README"
        for table in tables(page.read_text(encoding="utf-8"))
    }
    assert written
    assert sorted(written - read) == []


def test_every_page_is_on_the_list() -> None:
    listed = set(re.findall(r"\]\((\S+\.md)\)", (PAGES / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in PAGES.glob("*.md")} - {"README.md"}
