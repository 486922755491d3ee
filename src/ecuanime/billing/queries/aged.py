"""Aged receivables: what each client owes, by how long it has been due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from ecuanime.billing.models import TAKEN_OFF, Invoice, Payment
from ecuanime.billing.queries.lists import is_open

AGES = (30, 60, 90)
"""Days past due at which the bands end; before the first stands what is not due yet, after the last what is older."""
BANDS = len(AGES) + 2


@dataclass(frozen=True)
class AgedRow:
    """Minor units owed in one currency, a figure for each band; of everybody together `code` and `name` are empty."""

    currency: str
    owed: tuple[int, ...]
    code: str = ""
    name: str = ""

    @property
    def total(self) -> int:
        """All bands together."""
        return sum(self.owed)


def aged_receivables(*, today: date, most: int | None = None) -> list[AgedRow]:
    """A row for each client and currency with something owed, whoever owes most first; at most `most`. One query."""
    rows = _summed(["currency", "client__code", "client__name"], ["currency", "-open", "client__code"], today)
    return [_row(row) for row in (rows if most is None else rows[:most])]


def aged_totals(*, today: date) -> list[AgedRow]:
    """The same of all clients together, by currency. One query."""
    return [_row(row) for row in _summed(["currency"], ["currency"], today)]


def written_off_in(first: date, last: date) -> list[tuple[str, int]]:
    """What was given up as lost on some days, both inclusive, less what was taken up again: by currency. One query."""
    lost = Q(kind=Payment.Kind.WRITE_OFF) | Q(corrects__kind=Payment.Kind.WRITE_OFF)
    rows = Payment.objects.filter(lost, received_on__range=(first, last)).order_by("currency")
    sums = rows.values_list("currency").annotate(sum=Sum("amount"))
    return [(currency, amount) for currency, amount in sums if amount]


def _summed(group: Sequence[str], order: Sequence[str], today: date) -> QuerySet[Invoice, dict[str, Any]]:
    left = F("total") - TAKEN_OFF
    sums = {
        f"band_{number}": Coalesce(Sum(left, filter=condition), 0)
        for number, condition in enumerate(_conditions(today))
    }
    rows: Any = Invoice.objects.filter(is_open()).values(*group)
    found: QuerySet[Invoice, dict[str, Any]] = rows.annotate(open=Sum(left), **sums).order_by(*order)
    return found


def _conditions(today: date) -> Iterator[Q]:
    """Which invoices fall in each band; one that falls due never is not due."""
    ends = [today - timedelta(days=age) for age in (0, *AGES)]
    yield Q(due_on__gte=ends[0]) | Q(due_on__isnull=True)
    for later, earlier in pairwise(ends):
        yield Q(due_on__lt=later, due_on__gte=earlier)
    yield Q(due_on__lt=ends[-1])


def _row(row: dict[str, Any]) -> AgedRow:
    return AgedRow(
        currency=row["currency"],
        owed=tuple(row[f"band_{number}"] for number in range(BANDS)),
        code=row.get("client__code", ""),
        name=row.get("client__name", ""),
    )
