"""Every address and every operation, asked by everybody: who is let in, and that nobody else changes a thing."""

from __future__ import annotations

from typing import Any

import pytest

from ecuanime.web.guards import for_staff
from ecuanime.web.public import views
from tests.web.access_matrix import EVERYBODY, NOBODY, ROWS, Row
from tests.web.walking import PERSONS, Walker, address_of, is_refused, patterns

pytestmark = pytest.mark.django_db  # so that pytest-django makes the database that `walker` fills


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    """A new address fails here until it says in access_matrix.py who may open it."""
    rows = {name.partition("#")[0] for name in ROWS}
    assert (sorted(set(patterns()) - rows), sorted(rows - set(patterns()))) == ([], [])


def test_every_screen_wears_a_guard() -> None:
    """The API's door is its token, which NinjaAPI asks for; every other view says who may open it."""
    naked = [name for name, each in patterns().items() if not hasattr(each.callback, "guard")]
    assert [name for name in naked if not name.startswith("api")] == []


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_in_the_row_are_let_in(walker: Walker, name: str, method: str) -> None:
    row = ROWS[name]
    assert faults(walker, method, address_of(name, row, walker.world), row) == []


@pytest.mark.parametrize("name", [name for name in ROWS if name.startswith("api:")])
@pytest.mark.parametrize("method", ["patch", "delete"])
def test_only_those_in_the_row_change_and_delete_through_the_api(
    walker: Walker, name: str, method: str
) -> None:
    row = ROWS[name]
    assert faults(walker, method, address_of(name, row, walker.world), row) == []


def faults(walker: Walker, method: str, address: str, row: Row) -> list[tuple[Any, ...]]:
    """Who got what they should not have got, and what was written that should not have been."""
    allowed: frozenset[str] = getattr(row, method)
    answered = allowed | (row.told if method == "post" else NOBODY)
    found: list[tuple[Any, ...]] = []
    for who in PERSONS:
        answer, written = walker.ask(who, method, address)
        status = answer.status_code
        if who in answered:
            is_right = status in row.answers or (status < 500 and not is_refused(answer))
        else:
            reads_on = method != "get" and who in row.get and status < 400 and not written
            is_right = is_refused(answer) or reads_on
        if not is_right:
            found.append((who, method, address, status, answer.get("Location")))
        may_write = set(written) if method != "get" and who in allowed else set(row.marks)
        if set(written) - may_write:
            found.append((who, method, address, "wrote", written))
    return found


def test_the_walk_sees_a_guard_that_is_missing_and_one_that_is_too_strict(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the walk: without it, a walk that sees nothing would pass too."""
    row = ROWS["settings_firm"]
    address = address_of("settings_firm", row, walker.world)
    view = patterns()["settings_firm"]
    monkeypatch.setattr(view, "callback", view.callback.__wrapped__)
    assert {fault[0] for fault in faults(walker, "get", address, row)} >= set(EVERYBODY) - row.get - {
        "anonymous"
    }
    robots = patterns()["robots"]
    monkeypatch.setattr(robots, "callback", for_staff()(views.robots))
    assert faults(walker, "get", "/robots.txt", ROWS["robots"]) != []


def test_the_walk_sees_a_write_in_a_get(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    def writes(request: Any) -> Any:
        walker.world.client.save()
        return views.robots(request)

    monkeypatch.setattr(patterns()["robots"], "callback", writes)
    assert {fault[3] for fault in faults(walker, "get", "/robots.txt", ROWS["robots"])} == {"wrote"}
