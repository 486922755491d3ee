"""What issued invoices charge beyond what corrections of approved time left: proposals for partial credit notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from django.db.models import Prefetch, Q, QuerySet

from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment
from ecuanime.clients.models import Client
from ecuanime.rules.money import round_half_up, to_minor


@dataclass(frozen=True)
class OverBilled:
    """A line of an issued invoice that charges more than is due.

    `minutes` are the exact minutes beyond, 0 for work by the piece; `amount` is what of them no credit note has taken
    off yet, in minor units before tax.
    """

    line: InvoiceLine
    minutes: Fraction
    amount: int


def over_billed_lines(client: Client | None = None) -> list[OverBilled]:
    """Every line that was billed before a correction took from it, the oldest invoice first. A constant number of
    queries.

    A credit note that lowers the line's price takes it off the list; what was billed after the correction is not on it.
    """
    rows = groupby(_corrected_rows(client), key=lambda row: row.line_id)
    found = [_over_billed(list(segments)) for _line, segments in rows]
    return [each for each in found if each.amount > 0]


def _corrected_rows(client: Client | None) -> QuerySet[LineSegment]:
    taken = Q(segment__taken_numerator__gt=0) | Q(segment__taken_units__gt=0)
    rows = LineSegment.objects.filter(
        taken, is_live=True, line__invoice__state=Invoice.State.ISSUED, line__invoice__corrects=None
    )
    if client is not None:
        rows = rows.filter(line__invoice__client=client)
    lowered = Prefetch(
        "line__credited_by",
        InvoiceLine.objects.filter(segments=None, invoice__annulled_at=None),
        to_attr="lowered",
    )
    rows = rows.select_related("line__invoice__client", "segment").prefetch_related(lowered)
    return rows.order_by("line__invoice__issued_on", "line__invoice_id", "line_id", "id")


def _over_billed(rows: list[LineSegment]) -> OverBilled:
    line = rows[0].line
    minutes, amount = Fraction(0), Fraction(0)
    for row in rows:
        beyond, cost = _beyond(row)
        minutes, amount = minutes + beyond, amount + cost
    lowered: Iterable[InvoiceLine] = vars(line)["lowered"]
    return OverBilled(line, minutes, round_half_up(amount) + sum(each.amount for each in lowered))


def _beyond(row: LineSegment) -> tuple[Fraction, Fraction]:
    """The minutes of a segment that are charged beyond what is due, and their part of its cents."""
    segment = row.segment
    if segment.due_units is not None and segment.price is not None:
        # The annex keeps the cents of pieces, not their number.
        each = to_minor(segment.price, segment.currency)
        billed = round_half_up(row.amount / each)
        return Fraction(0), (billed - segment.due_units) * each
    beyond = row.minutes - segment.due_minutes
    return beyond, row.amount * beyond / row.minutes if row.minutes else Fraction(0)
