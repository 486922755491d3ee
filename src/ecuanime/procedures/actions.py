"""Every write on checklists: writing them, beginning a run, answering its items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.procedures.models import Checklist, ChecklistItem, Kind, Run, RunItem

MOST_ITEMS = 60
LONGEST_ITEM = 300
LONGEST_ANSWER = 500


@dataclass(frozen=True)
class ItemGiven:
    """An item as somebody wrote it. `kind` is one of `Kind`."""

    text: str
    kind: str = Kind.YES_NO
    is_required: bool = True


@transaction.atomic
def write_checklist(
    *,
    name: str,
    items: Sequence[ItemGiven],
    blocks_solving: bool,
    now: datetime,
    checklist: Checklist | None = None,
) -> Checklist:
    """Write a new checklist, or write one anew; items without text are left out. Runs keep what they began with.

    Refuses `no_name`, `name_taken`, `no_items`, `too_many` (60) and `bad_kind`.
    """
    plain = " ".join(name.split())[:120]
    kept = [item for item in items if item.text.strip()]
    _refuse_unfit(plain, kept, checklist)
    written = checklist or Checklist()
    written.name, written.blocks_solving, written.is_active = plain, blocks_solving, True
    written.save()
    written.items.all().delete()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist=written,
            position=place,
            text=" ".join(item.text.split())[:LONGEST_ITEM],
            kind=item.kind,
            is_required=item.is_required,
        )
        for place, item in enumerate(kept, start=1)
    )
    audit.record("checklist_written", written, now=now, name=plain, items=len(kept))
    return written


@transaction.atomic
def retire_checklist(*, checklist: Checklist, now: datetime) -> None:
    """Offer it no more; its runs stay. Again it changes nothing."""
    if Checklist.objects.filter(pk=checklist.pk, is_active=True).update(is_active=False):
        audit.record("checklist_retired", checklist, now=now, name=checklist.name)


@transaction.atomic
def start_run(*, checklist: Checklist, by: User, now: datetime) -> Run:
    """Begin to go through it. Refuses `retired`."""
    if not checklist.is_active:
        raise Refused("retired", _("This checklist is no longer in use. Choose another one."))
    run = Run.objects.create(
        checklist=checklist,
        name=checklist.name,
        blocks_solving=checklist.blocks_solving,
        started_at=now,
        started_by=by,
    )
    RunItem.objects.bulk_create(
        RunItem(run=run, position=item.position, text=item.text, kind=item.kind, is_required=item.is_required)
        for item in checklist.items.all()
    )
    return run


@transaction.atomic
def answer_item(*, item: RunItem, answer: str, by: User, now: datetime) -> RunItem:
    """Answer an item, or with an empty text take its answer back. Refuses `not_a_number` and `not_yes_or_no`."""
    item = RunItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    item.answer = _checked(item.kind, " ".join(answer.split())[:LONGEST_ANSWER])
    item.answered_at, item.answered_by = (now, by) if item.answer else (None, None)
    item.save(update_fields=["answer", "answered_at", "answered_by"])
    return item


def _refuse_unfit(name: str, items: Sequence[ItemGiven], checklist: Checklist | None) -> None:
    if not name:
        raise Refused("no_name", _("Give the checklist a name."))
    others = Checklist.objects.exclude(pk=checklist.pk) if checklist else Checklist.objects.all()
    if others.filter(name__iexact=name).exists():
        raise Refused("name_taken", _("Another checklist is called so already. Choose another name."))
    if not items:
        raise Refused("no_items", _("A checklist needs at least one thing to look at."))
    if len(items) > MOST_ITEMS:
        raise Refused("too_many", _("A checklist holds %(number)s items at most.") % {"number": MOST_ITEMS})
    if any(item.kind not in Kind.values for item in items):
        raise Refused("bad_kind", _("There is no such kind of answer. Choose one from the list."))


def _checked(kind: str, answer: str) -> str:
    if answer and kind == Kind.YES_NO and answer not in ("yes", "no"):
        raise Refused("not_yes_or_no", _("Answer yes or no."))
    if answer and kind == Kind.NUMBER:
        try:
            number = Decimal(answer.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise Refused("not_a_number", _("“%(text)s” is not a number.") % {"text": answer})
    return answer
