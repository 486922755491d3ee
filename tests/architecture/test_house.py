"""The documents about the house stay true."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from ecuanime.config.periodic import REGULAR_JOBS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ecuanime"
ROOMS = sorted(path.parent for path in SOURCE.glob("*/__init__.py"))
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_is_on_the_map_and_says_what_it_keeps(room: Path) -> None:
    """A room that ARCHITECTURE.md does not list, or that does not introduce itself, is not a room."""
    assert f"`src/ecuanime/{room.name}/`" in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or "") > 40


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_a_document_names_is_real(document: str) -> None:
    """A path in backquotes or in a link that leads nowhere misleads."""
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:src|docs|tests|tools|benchmarks)/[\w./-]*)`", text))
    named |= set(re.findall(r"\]\(((?!https?:|#)[^)]+)\)", text))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_module_introduces_itself() -> None:
    """Each Python module opens with a docstring."""
    modules = [path for path in SOURCE.rglob("*.py") if path.name != "__init__.py" or path.stat().st_size]
    silent = [
        str(path.relative_to(SOURCE))
        for path in modules
        if ("migrations" not in path.parts or path.stem[:4] not in {"0001"})
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("regular", REGULAR_JOBS, ids=lambda regular: regular.function)
def test_every_regular_job_exists(regular: object) -> None:
    """The list of regular jobs names functions that are there."""
    module, name = regular.function.split(":")  # type: ignore[attr-defined]  # a Regular
    assert callable(getattr(import_module(module), name))


def test_money_and_time_never_touch_floats_in_the_rules() -> None:
    """No float literal and no call of float() in the rules."""
    for path in (SOURCE / "rules").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id == "float"), path
