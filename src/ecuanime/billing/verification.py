"""Walks all invoices and says what is wrong: what `ecuanime verify` asks of this room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.db.models import F, Prefetch, Sum

from ecuanime.billing.advances import left_of
from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment, Payment, Series
from ecuanime.billing.taxing import quantity_of
from ecuanime.rules.discounts import Discount
from ecuanime.rules.lines import line_amount, tax_on
from ecuanime.rules.money import round_half_up
from ecuanime.worklog.models import EntryState


def verify_invoices() -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is sound.

    Series run 1..n without gap or repeat and their dates never go backwards; every line of time points at approved
    segments whose cents and minutes add up to it; quantity × price is the amount; taxes, totals, paid and credited
    are what their rows come to; no line is credited beyond what it charged, and what is left of a tax is its rate on
    what is left; what is billed is still in force. What a former program issued has no lines here.
    """
    for series in Series.objects.order_by("code", "year"):
        yield from _wrong_series(series)
    parts = Prefetch("segments", LineSegment.objects.select_related("segment__rating__entry").order_by("pk"))
    lines = Prefetch(
        "lines",
        InvoiceLine.objects.order_by("position").prefetch_related(
            parts, "credited_by__invoice", "deducted_by"
        ),
    )
    invoices = Invoice.objects.prefetch_related(lines, "taxes", "corrections__taxes").order_by("pk")
    paid = dict(
        Payment.objects.order_by().values("invoice").annotate(sum=Sum("amount")).values_list("invoice", "sum")
    )
    yield from _wrong_money()
    for invoice in invoices.iterator(chunk_size=200):
        yield from _wrong_lines(invoice)
        yield from _wrong_sums(invoice, paid.get(invoice.pk, 0))
        yield from _wrong_credits(invoice)


def _wrong_money() -> Iterator[str]:
    """Nothing that was not held was applied or given back, and no client paid for another."""
    held = Payment.objects.filter(invoice__isnull=True).order_by().values("client__code", "currency")
    for row in held.annotate(sum=Sum("amount")):
        if row["sum"] < 0:
            yield f"client {row['client__code']}: more {row['currency']} was applied than is held"
    for payment in Payment.objects.filter(invoice__isnull=False).exclude(
        client=F("invoice__client"), currency=F("invoice__currency")
    ):
        yield f"payment {payment.pk}: it is not of the client and currency of its invoice"


def _wrong_series(series: Series) -> Iterator[str]:
    name = f"series {series.code}-{series.year}"
    rows = Invoice.objects.filter(series=series).order_by("sequence")
    issued = list(rows.values_list("sequence", "issued_on", "number"))
    found = [sequence for sequence, _day, _number in issued]
    if missing := sorted(set(range(1, series.next_number)) - set(found)):
        yield f"{name}: no document has the number {_listed(missing)}"
    if beyond := [number for number in found if number is None or number >= series.next_number]:
        yield f"{name}: numbers beyond the counter: {_listed(beyond)}"
    for (_before, day_before, _name_before), (_after, day, number) in pairwise(issued):
        if day_before is None or day is None or day < day_before:
            yield f"{number}: its date is earlier than that of the document before it"
    if issued and issued[-1][1] != series.last_issued_on:
        yield f"{name}: the last date it keeps is not that of its last document"


def _listed(numbers: Sequence[object]) -> str:
    return ", ".join(str(number) for number in numbers[:20]) + (" …" if len(numbers) > 20 else "")


def _wrong_lines(invoice: Invoice) -> Iterator[str]:
    for number, line in enumerate(invoice.lines.all(), start=1):
        name = f"{_name(invoice)}, line {number}"
        unit, quantity = quantity_of(line)
        gross = line_amount(quantity, line.price, unit, invoice.currency)
        if gross != line.gross:
            yield f"{name}: quantity × price, less its discount, is not the amount"
        percent = line.discount_percent
        if percent is not None and Discount(percent=percent).of(gross) != line.discount:
            yield f"{name}: its discount is not its percentage"
        if line.kind == InvoiceLine.Kind.WORK:
            yield from _wrong_time(invoice, line, name)


def _wrong_time(invoice: Invoice, line: InvoiceLine, name: str) -> Iterator[str]:
    """A line of time is explained whole by segments that were approved."""
    parts = list(line.segments.all())
    if not parts:
        yield f"{name}: no time stands behind it"
    if sum(part.amount for part in parts) != line.amount:
        yield f"{name}: the cents of its entries do not add up to it"
    if line.minutes is not None:
        exact = sum(part.minutes for part in parts)
        if round_half_up(exact * 100) != line.minutes * 100:
            yield f"{name}: the minutes of its entries do not add up to it"
    for part in parts:
        rating = part.segment.rating
        if part.is_live and (rating.superseded_at or rating.entry.state != EntryState.APPROVED):
            yield f"{name}: entry {rating.entry_id} is billed and no longer approved as it was"


def _wrong_sums(invoice: Invoice, paid: int) -> Iterator[str]:
    name = _name(invoice)
    if paid != invoice.paid:
        yield f"{name}: its payments are not what it says was paid"
    if invoice.net + invoice.tax != invoice.total:
        yield f"{name}: base and tax are not its total"
    if not invoice.is_brought:
        yield from _wrong_parts(invoice, name)


def _wrong_parts(invoice: Invoice, name: str) -> Iterator[str]:
    lines, taxes = list(invoice.lines.all()), list(invoice.taxes.all())
    notes = [note for note in invoice.corrections.all() if note.state == Invoice.State.ISSUED]
    if sum(line.amount for line in lines) != invoice.net:
        yield f"{name}: its lines do not add up to its base"
    for tax in taxes:
        charged = [line.amount for line in lines if line.tax_code == tax.tax_code]
        right = tax_on(tax.percent, charged, per_line=invoice.tax_per_line)
        if tax.base != sum(charged) or (invoice.corrects_id is None and tax.amount != right):
            yield f"{name}: the tax {tax.tax_code} is not its rate on its lines"
        if invoice.corrects_id is not None:
            continue
        back = [row for note in notes for row in note.taxes.all() if row.tax_code == tax.tax_code]
        left = [_left_of(line) for line in lines if line.tax_code == tax.tax_code]
        right = tax_on(tax.percent, left, per_line=invoice.tax_per_line)
        if tax.amount + sum(row.amount for row in back) != right:
            yield f"{name}: its credit notes leave a tax {tax.tax_code} that is not its rate on what is left"
    if sum(tax.base for tax in taxes) != invoice.net or sum(tax.amount for tax in taxes) != invoice.tax:
        yield f"{name}: its taxes do not add up"
    if -sum(note.total for note in notes) != invoice.credited:
        yield f"{name}: its credit notes are not what it says was credited"


def _left_of(line: InvoiceLine) -> int:
    """What credit notes that were issued leave of a line."""
    issued = (each for each in line.credited_by.all() if each.invoice.state == Invoice.State.ISSUED)
    return line.amount + sum(each.amount for each in issued)


def _wrong_credits(invoice: Invoice) -> Iterator[str]:
    """No line is credited beyond what it charged."""
    for number, line in enumerate(invoice.lines.all(), start=1):
        credited = -sum(each.amount for each in line.credited_by.all())
        if credited and not 0 <= credited * line.amount <= line.amount**2:
            yield f"{_name(invoice)}, line {number}: more was credited than it charged"
        if line.kind == InvoiceLine.Kind.ADVANCE and left_of(line) < 0 < line.amount:
            yield f"{_name(invoice)}, line {number}: more of the advance was deducted than there was"


def _name(invoice: Invoice) -> str:
    return invoice.number or f"draft {invoice.pk}"
