"""What people added to the deductions of a period's modelo 303."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from ecuanime.billing.books.taxes import PERIODS, Period
from ecuanime.billing.models import DeductionAdjustment


def adjustments_in(period: Period) -> QuerySet[DeductionAdjustment]:
    """Those of a period and of the shorter ones inside it."""
    within = [code for code in PERIODS if _is_within(Period.of(period.year, code), period)]
    rows = DeductionAdjustment.objects.filter(year=period.year, period__in=within)
    return rows.select_related("noted_by").order_by("box", "period")


def by_box(rows: Iterable[DeductionAdjustment]) -> dict[str, int]:
    """What they come to, in cents, by box."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.box] = sums.get(row.box, 0) + row.amount
    return sums


def _is_within(part: Period, whole: Period) -> bool:
    return whole.first <= part.first and part.last <= whole.last
