"""Advances that are left to be deducted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.models import Invoice, InvoiceLine


@dataclass(frozen=True)
class AdvanceLeft:
    """A line of an issued advance document with the minor units, before tax, that nothing has deducted or credited."""

    line: InvoiceLine
    left: int


def left_of(line: InvoiceLine) -> int:
    """What is left of an advance; its credits and deductions should be at hand."""
    taken = [*line.credited_by.all(), *line.deducted_by.all()]
    return line.amount + sum(each.amount for each in taken)


def advances_left(invoice: Invoice) -> list[AdvanceLeft]:
    """The advances that a draft may deduct, the oldest first."""
    found = [AdvanceLeft(line, left_of(line)) for line in _advances(invoice)]
    return [each for each in found if each.left > 0]


def _advances(invoice: Invoice) -> Iterable[InvoiceLine]:
    lines: QuerySet[InvoiceLine] = InvoiceLine.objects.filter(
        kind=InvoiceLine.Kind.ADVANCE,
        is_kept=False,
        invoice__client=invoice.client_id,
        invoice__currency=invoice.currency,
        invoice__state=Invoice.State.ISSUED,
        invoice__corrects__isnull=True,
    )
    related = lines.select_related("invoice").prefetch_related(standing_credits(), "deducted_by")
    return related.order_by("invoice__issued_at", "pk")
