"""What issued invoices charge beyond what corrections of approved time left: proposals for partial credit notes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q, QuerySet

from ecuanime.billing.models import Invoice, LineSegment
from ecuanime.clients.models import Client
from ecuanime.rules.money import amount_for_minutes, round_half_up, to_minor


@dataclass(frozen=True)
class OverBilled:
    """A live segment of an issued line that charges more than is due.

    `minutes` are the exact minutes beyond, 0 for work by the piece; `amount` what they cost, in minor units before tax.
    """

    charged: LineSegment
    minutes: Fraction
    amount: int


def over_billed_segments(client: Client | None = None) -> list[OverBilled]:
    """Every segment that was billed before a correction took from it, the oldest invoice first. One query.

    A partial credit note for it takes the amount off the line; what was billed after the correction is not among them.
    """
    found = [_over_billed(row) for row in _corrected_rows(client)]
    return [row for row in found if row.amount]


def _corrected_rows(client: Client | None) -> QuerySet[LineSegment]:
    taken = Q(segment__taken_numerator__gt=0) | Q(segment__taken_units__gt=0)
    rows = LineSegment.objects.filter(
        taken, is_live=True, line__invoice__state=Invoice.State.ISSUED, line__invoice__corrects=None
    )
    if client is not None:
        rows = rows.filter(line__invoice__client=client)
    related = ("line__invoice__client", "segment__rating__entry__ticket")
    return rows.select_related(*related).order_by("line__invoice__issued_on", "line__invoice_id", "id")


def _over_billed(row: LineSegment) -> OverBilled:
    segment = row.segment
    price, currency = segment.price, segment.currency
    if price is None:
        return OverBilled(row, Fraction(0), 0)
    if segment.due_units is not None:
        # The annex keeps the cents of pieces, not their number.
        each = to_minor(price, currency)
        billed = round_half_up(row.amount / each)
        return OverBilled(row, Fraction(0), round_half_up((billed - segment.due_units) * each))
    beyond = Fraction(row.minutes_numerator, row.minutes_denominator) - segment.due_minutes
    return OverBilled(row, beyond, round_half_up(amount_for_minutes(beyond, price, currency)))
