"""Movements of the hours ledger in the client's words, each drawdown with the why of the work behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Movement
from ecuanime.entitlements.queries import StatementLine
from ecuanime.web.components.traces import Teller
from ecuanime.worklog.access import visible_to_contact
from ecuanime.worklog.models import RatedEntry, SegmentDraw, TimeEntry
from ecuanime.worklog.queries import entries_by_cause
from ecuanime.worklog.words import Told


@dataclass(frozen=True)
class MovementRow:
    """A movement: hours into (positive) or out of the lots and the balance after it, in hundredths of a minute."""

    at: datetime
    text: str
    note: str
    lots: str
    change: int
    balance: int
    steps: Sequence[Told]
    url: str


def movements_of(contact: Contact, contract: Contract, lines: Sequence[StatementLine]) -> list[MovementRow]:
    """These movements for a contact who may see the contract's hours; a constant number of queries."""
    entries = entries_by_cause(line.movement.cause for line in lines)
    readable = set(
        visible_to_contact(contact)
        .filter(pk__in=[entry.pk for entry in entries.values()])
        .values_list("pk", flat=True)
    )
    ratings = _ratings(lines)
    teller = Teller(rating.trace for rating in ratings.values())
    with_money = contact_sees_invoices(contact)
    rows = []
    for line in lines:
        entry, rating = entries.get(line.movement.cause), ratings.get(line.movement.pk)
        steps = teller.steps(rating.trace, contract.time_zone, with_money=with_money) if rating else ()
        rows.append(_row(line, entry, steps, is_readable=entry is not None and entry.pk in readable))
    return rows


def _row(
    line: StatementLine, entry: TimeEntry | None, steps: Sequence[Told], *, is_readable: bool
) -> MovementRow:
    movement = line.movement
    kind = _kind(movement.kind)
    subject = f"#{entry.ticket.number} {entry.note or entry.ticket.subject}" if entry else ""
    return MovementRow(
        at=movement.at,
        text=_("%(kind)s: %(subject)s") % {"kind": kind, "subject": subject} if subject else kind,
        note=movement.note,
        lots=", ".join(dict.fromkeys(lot.code for lot, _quantity in line.changes)),
        change=line.change,
        balance=line.balance,
        steps=steps,
        url=reverse("portal_entry", args=[entry.pk]) if entry and is_readable else "",
    )


def _kind(kind: str) -> str:
    return {
        Movement.Kind.GRANT: _("Hours bought"),
        Movement.Kind.BONUS: _("Bonus hours"),
        Movement.Kind.DRAWDOWN: _("Used"),
        Movement.Kind.REVERSAL: _("Given back"),
        Movement.Kind.EXPIRY: _("Expired"),
        Movement.Kind.VOID: _("Cancelled"),
        Movement.Kind.REFUND: _("Paid back"),
        Movement.Kind.REVALUATION: _("Given a new validity"),
        Movement.Kind.TRANSFER: _("Moved between packs"),
    }[Movement.Kind(kind)]


def _ratings(lines: Sequence[StatementLine]) -> dict[int, RatedEntry]:
    """The rating that each drawdown booked, by the movement's id: also one that was set aside since."""
    draws = SegmentDraw.objects.filter(movement__in=[line.movement.pk for line in lines])
    rows = draws.select_related("segment__rating").order_by("id")
    return {draw.movement_id: draw.segment.rating for draw in rows}
