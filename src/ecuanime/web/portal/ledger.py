"""Movements of the hours ledger in the client's words, each drawdown with the why of the work behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.clients.models import Contact
from ecuanime.entitlements.queries import StatementLine
from ecuanime.web.components.movements import lots_of_line, ratings_of, text_of
from ecuanime.web.components.traces import Teller
from ecuanime.worklog.access import visible_to_contact
from ecuanime.worklog.models import TimeEntry
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
    unit: str
    steps: Sequence[Told]
    url: str


def movements_of(
    contact: Contact, zone: str, lines: Sequence[StatementLine], *, names_contract: bool = False
) -> list[MovementRow]:
    """These movements for a contact who may see their contracts' hours; a constant number of queries.

    Of several contracts each line names its own.
    """
    entries = entries_by_cause(line.movement.cause for line in lines)
    readable = set(
        visible_to_contact(contact)
        .filter(pk__in=[entry.pk for entry in entries.values()])
        .values_list("pk", flat=True)
    )
    ratings = ratings_of(lines)
    teller = Teller(rating.trace for rating in ratings.values())
    with_money = contact_sees_invoices(contact)
    rows = []
    for line in lines:
        entry, rating = entries.get(line.movement.cause), ratings.get(line.movement.pk)
        steps = teller.steps(rating.trace, zone, with_money=with_money) if rating else ()
        text = text_of(line.movement, entries)
        row = _row(line, entry, text, steps, is_readable=entry is not None and entry.pk in readable)
        rows.append(
            replace(row, lots=f"{line.movement.contract.number} · {row.lots}") if names_contract else row
        )
    return rows


def _row(
    line: StatementLine, entry: TimeEntry | None, text: str, steps: Sequence[Told], *, is_readable: bool
) -> MovementRow:
    return MovementRow(
        at=line.movement.at,
        text=text,
        note=line.movement.note,
        lots=lots_of_line(line),
        change=line.change,
        balance=line.balance,
        unit=line.unit,
        steps=steps,
        url=reverse("portal_entry", args=[entry.pk]) if entry and is_readable else "",
    )
