"""The discount of a whole document: one line for each tax rate, so that each base is what is really charged."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.foundation import formats
from ecuanime.rules.discounts import Discount, spread_discount
from ecuanime.rules.money import currency_exponent
from ecuanime.worklog.models import RatedSegment

NOT_DISCOUNTED = (InvoiceLine.Kind.DISCOUNT, InvoiceLine.Kind.DEDUCTED)
DISCOUNTS_FROM = 20_000
"""Discounts of the document stand after all that they are taken from."""

TAX_FACTS = ("surcharge_percent", "levy", "regime", "operation")
TAX_OF_A_LINE = (
    "tax_code",
    "tax_name",
    "tax_category",
    "tax_percent",
    "tax_reason",
    "tax_why",
    *TAX_FACTS,
)


def discount_on(invoice: Invoice) -> Discount | None:
    """What is taken off the whole document."""
    if invoice.discount_percent is None and invoice.discount_amount is None:
        return None
    return Discount(percent=invoice.discount_percent, amount=invoice.discount_amount)


TimeKind = tuple[int, int, str, Decimal, bool]
"""What makes a line of time: its contract, work type, circumstance and price, and whether pieces are counted."""


def kind_of_time(segment: RatedSegment) -> TimeKind:
    """The line of time that a segment goes on, named without words, so that it is the same in every language."""
    rating, price = segment.rating, segment.price or Decimal(0)
    return rating.contract_id, rating.entry.work_type_id, segment.surcharge, price, segment.units is not None


def time_discounts_on(invoice: Invoice) -> dict[TimeKind, Discount]:
    """What is taken off each line of a draft's time."""
    return {
        (row.contract_id, row.work_type_id, row.surcharge, row.price, row.is_by_piece): Discount(
            percent=row.percent, amount=row.amount
        )
        for row in invoice.time_discounts.all()
    }


def write_discount(invoice: Invoice) -> list[InvoiceLine]:
    """Make the lines of the document's discount anew, and give all its lines; a correction keeps what it mirrors."""
    lines = list(invoice.lines.order_by("position"))
    if invoice.corrects_id is not None:
        return lines
    if any(line.kind == InvoiceLine.Kind.DISCOUNT for line in lines):
        invoice.lines.filter(kind=InvoiceLine.Kind.DISCOUNT).delete()
        lines = [line for line in lines if line.kind != InvoiceLine.Kind.DISCOUNT]
    return lines + _discount_lines(invoice, lines)


def bases_of(lines: list[InvoiceLine]) -> dict[str, int]:
    """What the lines come to for each tax, in their order, before the document's discount."""
    bases: dict[str, int] = {}
    for line in lines:
        if line.kind not in NOT_DISCOUNTED:
            bases[line.tax_code] = bases.get(line.tax_code, 0) + line.amount
    return bases


def _discount_lines(invoice: Invoice, lines: list[InvoiceLine]) -> list[InvoiceLine]:
    discount = discount_on(invoice)
    if discount is None:
        return []
    taken = spread_discount(discount, bases_of(lines))
    like = {line.tax_code: line for line in reversed(lines)}
    words, exponent = _words(invoice), currency_exponent(invoice.currency)
    rows = [
        InvoiceLine(
            invoice=invoice,
            position=position,
            kind=InvoiceLine.Kind.DISCOUNT,
            description=words,
            units=1,
            price=Decimal(-amount).scaleb(-exponent),
            amount=-amount,
            **{name: getattr(like[code], name) for name in TAX_OF_A_LINE},
        )
        for position, (code, amount) in enumerate(taken.items(), start=DISCOUNTS_FROM)
    ]
    return InvoiceLine.objects.bulk_create(rows)


def _words(invoice: Invoice) -> str:
    """`Discount 10 %`, or the words a person gave it."""
    with override(invoice.language):
        words = invoice.discount_reason or _("Discount")
    if invoice.discount_percent is None:
        return words
    locale = formats.locale_for(invoice.language, invoice.currency)
    return f"{words} {formats.percent(invoice.discount_percent / 100, locale)}"
