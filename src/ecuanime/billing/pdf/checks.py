"""What must add up before an invoice is drawn. A figure that cannot be explained is not issued.

Source: what is printed must multiply, each line's annex adds up to the line, and every total to what stands above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from ecuanime.billing.pdf.document import Annex, DocumentKind, Entry, InvoiceDocument, Line
from ecuanime.billing.pdf.errors import RenderError

MINUTES_IN_AN_HOUR = 60


def check_document(document: InvoiceDocument, digits: int) -> None:
    """Raises RenderError naming the first figure that does not add up; `digits` are the currency's decimals."""
    if document.kind is DocumentKind.CREDIT_NOTE and document.corrects is None:
        raise RenderError("a credit note must name the invoice it corrects")
    if document.issued_at.tzinfo is None:
        raise RenderError("issued_at must be an aware instant")
    for position, line in enumerate(document.lines, start=1):
        _check_line(position, line, digits)
    _check_totals(document)
    if document.annex is not None:
        _check_annex(document.annex, document.lines)


def _check_line(position: int, line: Line, digits: int) -> None:
    if line.minutes is not None and line.units is not None:
        raise RenderError(f"line {position} has both minutes and units")
    if line.price is None:
        return
    if line.minutes is not None:
        exact = Decimal(line.minutes) * line.price / MINUTES_IN_AN_HOUR
    elif line.units is not None:
        exact = line.units * line.price
    else:
        raise RenderError(f"line {position} has a price and no quantity")
    product = int(exact.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    _expect(f"line {position}: quantity x price", product - line.discount_minor, line.amount_minor)


def _check_totals(document: InvoiceDocument) -> None:
    base = sum(tax.base_minor for tax in document.taxes)
    _expect("sum of the lines against the tax bases", sum(line.amount_minor for line in document.lines), base)
    in_total = sum(held.amount_minor for held in document.withholdings if held.in_total)
    later = sum(held.amount_minor for held in document.withholdings if not held.in_total)
    total = base + sum(tax.tax_minor for tax in document.taxes) - in_total
    _expect("base + tax against the total", total, document.total_minor)
    paid = sum(payment.amount_minor for payment in document.payments)
    _expect("total - withheld - paid against the amount due", total - later - paid, document.amount_due_minor)


def _check_annex(annex: Annex, lines: tuple[Line, ...]) -> None:
    minutes: dict[int, Decimal] = defaultdict(Decimal)
    minor: dict[int, int] = defaultdict(int)
    for charge in (charge for entry in _entries(annex) for charge in entry.charges):
        if not 1 <= charge.line <= len(lines):
            raise RenderError(f"the annex charges line {charge.line}, which is not on the invoice")
        minutes[charge.line] += Decimal(charge.minutes)
        minor[charge.line] += charge.amount_minor
    for position in sorted(minor):
        line = lines[position - 1]
        if line.minutes is not None:
            _expect(f"annex of line {position}, minutes", minutes[position], Decimal(line.minutes))
        _expect(f"annex of line {position}, amount", minor[position], line.amount_minor)
    _check_lots(annex)


def _check_lots(annex: Annex) -> None:
    drawn: dict[str, Decimal] = defaultdict(Decimal)
    for draw in (draw for entry in _entries(annex) for draw in entry.draws):
        drawn[draw.lot] += Decimal(draw.minutes)
    for lot in annex.lots:
        in_annex = drawn.pop(lot.code, Decimal(0))
        _expect(f"lot {lot.code}, minutes drawn in the annex", in_annex, Decimal(lot.drawn_minutes))
        closing = Decimal(lot.opening_minutes) + Decimal(lot.other_minutes) - Decimal(lot.drawn_minutes)
        _expect(f"lot {lot.code}, closing balance", closing, Decimal(lot.closing_minutes))
    if drawn:
        raise RenderError(f"the annex draws from lots without a summary: {', '.join(sorted(drawn))}")


def _entries(annex: Annex) -> Iterator[Entry]:
    return (entry for ticket in annex.tickets for entry in ticket.entries)


def _expect(what: str, computed: Decimal | int, stated: Decimal | int) -> None:
    if computed != stated:
        raise RenderError(f"{what} does not add up: computed {computed}, the document says {stated}")
