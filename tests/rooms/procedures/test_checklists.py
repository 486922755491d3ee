"""Checklists: writing them, going through them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ecuanime.foundation.errors import Refused
from ecuanime.procedures.actions import (
    MOST_ITEMS,
    ItemGiven,
    answer_item,
    retire_checklist,
    start_run,
    write_checklist,
)
from ecuanime.procedures.models import Checklist, Kind, RunItem
from ecuanime.procedures.queries import checklists
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db

ITEMS = (
    ItemGiven("¿Hay copia?"),
    ItemGiven("Versión", Kind.TEXT),
    ItemGiven("GB libres", Kind.NUMBER, False),
)


def written(**fields: Any) -> Checklist:
    values: dict[str, Any] = {"name": "Entrega", "items": ITEMS, "blocks_solving": True, "now": NOW}
    return write_checklist(**(values | fields))


def test_a_run_keeps_the_words_it_began_with() -> None:
    checklist = written(items=[*ITEMS, ItemGiven("  ")])
    run = start_run(checklist=checklist, by=make_person(), now=NOW)
    written(checklist=checklist, name="Entrega 2", items=[ItemGiven("Otra cosa")], blocks_solving=False)
    assert [item.text for item in run.items.all()] == ["¿Hay copia?", "Versión", "GB libres"]
    assert (run.name, run.blocks_solving) == ("Entrega", True)
    assert [(each.name, each.items_count) for each in checklists()] == [("Entrega 2", 1)]


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no_name", {"name": " "}),
        ("name_taken", {"name": "ENTREGA"}),
        ("no_items", {"name": "b", "items": [ItemGiven(" ")]}),
        ("too_many", {"name": "b", "items": [ItemGiven("a")] * (MOST_ITEMS + 1)}),
        ("bad_kind", {"name": "b", "items": [ItemGiven("a", "song")]}),
    ],
)
def test_what_is_no_checklist_is_not_kept(code: str, fields: dict[str, Any]) -> None:
    written()
    with pytest.raises(Refused) as refusal:
        written(**fields)
    assert (refusal.value.code, Checklist.objects.count()) == (code, 1)


def test_a_retired_one_is_not_begun() -> None:
    checklist = written()
    retire_checklist(checklist=checklist, now=NOW)
    checklist.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        start_run(checklist=checklist, by=make_person(), now=NOW)
    assert (refusal.value.code, RunItem.objects.count(), checklists().count()) == ("retired", 0, 0)


@pytest.mark.parametrize(
    ("place", "answer", "kept"),
    [
        (0, "yes", "yes"),
        (0, "maybe", None),
        (1, " 12.4  LTS ", "12.4 LTS"),
        (2, "3,5", "3,5"),
        (2, "mucho", None),
    ],
)
def test_an_answer_fits_its_kind(place: int, answer: str, kept: str | None) -> None:
    me = make_person()
    item = start_run(checklist=written(), by=me, now=NOW).items.all()[place]
    if kept is None:
        with pytest.raises(Refused):
            answer_item(item=item, answer=answer, by=me, now=NOW)
        assert RunItem.objects.get(pk=item.pk).answer == ""
        return
    answered = answer_item(item=item, answer=answer, by=me, now=NOW)
    assert (answered.answer, answered.answered_by, answered.answered_at) == (kept, me, NOW)
    assert answer_item(item=item, answer="", by=me, now=NOW).answered_by is None
