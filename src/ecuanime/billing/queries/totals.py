"""What is owed both ways."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Min, Q, Sum

from ecuanime.billing.models import PAYABLE, TAKEN_OFF, Invoice
from ecuanime.billing.queries.lists import is_open
from ecuanime.billing.queries.runs import unbilled_charges, unbilled_segments
from ecuanime.clients.models import Client
from ecuanime.rules.money import round_half_up, to_minor
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.figures import due_of_segment


@dataclass(frozen=True)
class Receivables:
    """Figures in minor units of one currency. `to_give_back` is what clients paid above what they owe.

    `unbilled` is approved and on no draft nor invoice yet, half-up once; `drafts` is what drafts come to with tax.
    """

    currency: str
    owed: int
    owed_count: int
    overdue: int
    overdue_count: int
    oldest_due_on: date | None
    to_give_back: int
    drafts: int
    draft_count: int
    unbilled: int
    unbilled_clients: int


def receivables(*, today: date, client: Client | None = None) -> list[Receivables]:
    """What is owed, by currency (the firm's first), of all clients or one; four queries."""
    documents = _documents(today, client)
    unbilled = _unbilled(today, client)
    first = the_firm().currency if client is None else client.currency
    others = sorted((set(documents) | set(unbilled)) - {first})
    return [
        _figures(currency, documents.get(currency, {}), unbilled.get(currency, (0, 0)))
        for currency in (first, *others)
    ]


def _figures(currency: str, documents: dict[str, Any], unbilled: tuple[int, int]) -> Receivables:
    return Receivables(
        currency=currency,
        owed=documents.get("sum_owed") or 0,
        owed_count=documents.get("owed_count", 0),
        overdue=documents.get("sum_overdue") or 0,
        overdue_count=documents.get("overdue_count", 0),
        oldest_due_on=documents.get("oldest_due_on"),
        to_give_back=-(documents.get("sum_overpaid") or 0),
        drafts=documents.get("sum_drafts") or 0,
        draft_count=documents.get("draft_count", 0),
        unbilled=unbilled[0],
        unbilled_clients=unbilled[1],
    )


def _documents(today: date, client: Client | None) -> dict[str, dict[str, Any]]:
    """Sums over what is open, overpaid or a draft, by currency."""
    owes = F("total") - TAKEN_OFF
    late, draft = is_open() & Q(due_on__lt=today), Q(state=Invoice.State.DRAFT)
    overpaid = Q(state=Invoice.State.ISSUED, corrects__isnull=True)
    overpaid &= Q(total__lt=TAKEN_OFF)
    rows = Invoice.objects.all() if client is None else Invoice.objects.filter(client=client)
    sums = rows.filter(is_open() | draft | overpaid).order_by().values("currency")
    found = sums.annotate(
        sum_owed=Sum(owes, filter=is_open()),
        owed_count=Count("pk", filter=is_open()),
        sum_overdue=Sum(owes, filter=late),
        overdue_count=Count("pk", filter=late),
        oldest_due_on=Min("due_on", filter=late),
        sum_overpaid=Sum(owes, filter=overpaid),
        sum_drafts=Sum(PAYABLE, filter=draft),
        draft_count=Count("pk", filter=draft),
    )
    return {row["currency"]: dict(row) for row in found}


def _unbilled(today: date, client: Client | None) -> dict[str, tuple[int, int]]:
    """Exact amounts of what is still to be billed, added up in the database's order and rounded once."""
    segments = unbilled_segments(today)
    if client is not None:
        segments = segments.filter(rating__entry__client=client)
    amounts: dict[str, Fraction] = defaultdict(Fraction)
    clients: dict[str, set[int]] = defaultdict(set)
    for segment in segments.select_related("rating__entry").iterator(chunk_size=2000):
        amounts[segment.currency] += due_of_segment(segment)
        clients[segment.currency].add(segment.rating.entry.client_id)
    charges = unbilled_charges(today)
    for charge in charges if client is None else charges.filter(client=client):
        amounts[charge.currency] += to_minor(charge.price, charge.currency) * (charge.units or 0)
        clients[charge.currency].add(charge.client_id)
    return {currency: (round_half_up(amount), len(clients[currency])) for currency, amount in amounts.items()}
