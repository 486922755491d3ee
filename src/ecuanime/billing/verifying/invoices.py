"""Walks all invoices and says what is wrong: what `ecuanime verify` asks of this room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

from django.db.models import F, Prefetch, Q, Sum

from ecuanime.billing.crediting.replacing import restated_taxes
from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.documents.home_taxes import HOME_FIELDS
from ecuanime.billing.documents.withheld import shares_of
from ecuanime.billing.drafting.taxing import quantity_of
from ecuanime.billing.drafting.withholding import part_of
from ecuanime.billing.models import (
    BankEntry,
    CollectedInvoice,
    Invoice,
    InvoiceLine,
    LineSegment,
    Payment,
    Series,
    TaxLine,
)
from ecuanime.billing.queries.advances import left_of
from ecuanime.rules.discounts import Discount
from ecuanime.rules.exchange import Rate
from ecuanime.rules.lines import line_amount, tax_on
from ecuanime.rules.money import round_half_up
from ecuanime.rules.withholding import withheld_on, withholding_base
from ecuanime.worklog.models import EntryState


def verify_invoices() -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is sound.

    Series run 1..n without gap or repeat and their dates never go backwards; every line of time points at approved
    segments whose cents and minutes add up to it; quantity × price is the amount; taxes, totals, paid and credited
    are what their rows come to, and so is what is noted of the bank's entries; what taxes were stated as at home is
    their value at the document's rate; no line is credited beyond what it charged, and what is left of a tax is its
    rate on what is left; what is billed is still in force. What a former program issued has no lines here.
    """
    for series in Series.objects.order_by("code", "year"):
        yield from _wrong_series(series)
    parts = Prefetch("segments", LineSegment.objects.select_related("segment__rating__entry").order_by("pk"))
    lines = Prefetch(
        "lines",
        InvoiceLine.objects.order_by("position").prefetch_related(parts, standing_credits(), "deducted_by"),
    )
    invoices = Invoice.objects.prefetch_related(lines, "taxes", "corrections__taxes").order_by("pk")
    lost = Q(kind=Payment.Kind.WRITE_OFF) | Q(corrects__kind=Payment.Kind.WRITE_OFF)
    paid, given_up = _by_invoice(~lost), _by_invoice(lost)
    yield from _wrong_money()
    yield from _wrong_bank()
    for invoice in invoices.iterator(chunk_size=200):
        yield from _wrong_lines(invoice)
        yield from _wrong_sums(invoice, paid.get(invoice.pk, 0), given_up.get(invoice.pk, 0))
        yield from _wrong_credits(invoice)


def _by_invoice(which: Q) -> dict[int, int]:
    """What payments of a kind come to, by their invoice's id."""
    rows = Payment.objects.filter(which, invoice__isnull=False).order_by().values_list("invoice")
    return dict(rows.annotate(sum=Sum("amount")))


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


def _wrong_bank() -> Iterator[str]:
    """No more stands as noted of a bank's entry than its payments come to, and what was collected is paid."""
    live = Sum("matches__amount", filter=Q(matches__undone_at=None), default=0)
    came = BankEntry.objects.filter(amount__gt=0).annotate(noted=live).exclude(noted=F("matched"))
    for entry in came.order_by("pk"):
        yield f"bank entry {entry.pk}: its payments are not what it says was matched"
    collected = CollectedInvoice.objects.filter(state=CollectedInvoice.State.COLLECTED, payment=None)
    for item in collected.order_by("pk"):
        yield f"debit {item.end_to_end}: it was collected, and no payment says so"


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


def _wrong_sums(invoice: Invoice, paid: int, given_up: int) -> Iterator[str]:
    name = _name(invoice)
    if paid != invoice.paid:
        yield f"{name}: its payments are not what it says was paid"
    if given_up != invoice.written_off:
        yield f"{name}: what was given up of it is not what it says was written off"
    if invoice.net + invoice.tax != invoice.total:
        yield f"{name}: base and tax are not its total"
    if not invoice.is_brought:
        yield from _wrong_parts(invoice, name)


def _wrong_parts(invoice: Invoice, name: str) -> Iterator[str]:
    lines, taxes = list(invoice.lines.all()), list(invoice.taxes.all())
    notes = [each for each in invoice.corrections.all() if not (each.is_draft or each.annulled_at)]
    if sum(line.amount for line in lines) != invoice.net:
        yield f"{name}: its lines do not add up to its base"
    for tax in taxes:
        charged = [line.amount for line in lines if line.tax_code == tax.tax_code]
        right = _right_tax(invoice, tax, charged)
        is_reckoned = invoice.corrects_id is None and not invoice.is_replacement
        if tax.base != sum(charged) or (is_reckoned and (tax.amount, tax.surcharge) != right):
            yield f"{name}: the tax {tax.tax_code} is not its rate on its lines"
        if not is_reckoned:
            continue
        rows = [tax, *(row for note in notes for row in note.taxes.all() if row.tax_code == tax.tax_code)]
        left = [_left_of(line) for line in lines if line.tax_code == tax.tax_code]
        if (sum(row.amount for row in rows), sum(row.surcharge for row in rows)) != _right_tax(
            invoice, tax, left
        ):
            yield f"{name}: its credit notes leave a tax {tax.tax_code} that is not its rate on what is left"
    if (
        sum(tax.base for tax in taxes) != invoice.net
        or sum(tax.amount + tax.surcharge for tax in taxes) != invoice.tax
    ):
        yield f"{name}: its taxes do not add up"
    yield from _wrong_withholding(invoice, name, lines, notes)
    yield from _wrong_statement(invoice, name, taxes, notes)
    if invoice.is_replacement:
        yield from _wrong_restatement(invoice, name, taxes)
    was_taken_back = invoice.annulled_at is not None and invoice.corrects_id is None
    is_owed_never = was_taken_back or invoice.is_replacement
    taken_off = invoice.payable if is_owed_never else -sum(note.payable for note in notes)
    if taken_off != invoice.credited:
        yield f"{name}: its credit notes are not what it says was credited"


def _wrong_restatement(invoice: Invoice, name: str, taxes: list[TaxLine]) -> Iterator[str]:
    """What stands in place of simplified invoices comes to the cent to what they came to, rate by rate."""
    if invoice.annulled_at:
        return
    replaced = restated_taxes(invoice.replaces.all())
    if {row.tax_code: (row.base, row.amount, row.surcharge) for row in taxes} != {
        row.tax_code: (row.base, row.amount, row.surcharge) for row in replaced
    }:
        yield f"{name}: it does not come to what the invoices that it replaces came to"


def _wrong_withholding(
    invoice: Invoice, name: str, lines: list[InvoiceLine], notes: list[Invoice]
) -> Iterator[str]:
    """What is withheld is its rate on the lines, and with its credit notes on what is left of them."""
    percent = invoice.withheld_percent
    if invoice.corrects_id is not None or (percent is None and not invoice.withheld):
        return
    charged = withholding_base(part_of(line, line.amount) for line in lines)
    left = withholding_base(part_of(line, _left_of(line)) for line in lines)
    rest = invoice.withheld + sum(note.withheld for note in notes)
    percents = [share for _name, share in shares_of(invoice)]
    if (
        not percents
        or invoice.withheld != sum(withheld_on(each, charged) for each in percents)
        or rest != sum(withheld_on(each, left) for each in percents)
    ):
        yield f"{name}: what is withheld is not its rate on its lines"


def _wrong_statement(
    invoice: Invoice, name: str, taxes: list[TaxLine], notes: list[Invoice]
) -> Iterator[str]:
    """What its taxes were stated as at home is each of them at its rate, and with its corrections what is left."""
    if invoice.home_total is None:
        return
    wrong = f"{name}: its taxes are not what its rate states in {invoice.tax_currency}"
    if invoice.home_total != sum(getattr(tax, each) or 0 for tax in taxes for each in HOME_FIELDS):
        yield wrong
    if invoice.corrects_id is not None or invoice.exchange_rate is None:
        return
    value = Rate(invoice.exchange_rate, invoice.currency, invoice.tax_currency).value
    for tax in taxes:
        rows = [tax, *(row for note in notes for row in note.taxes.all() if row.tax_code == tax.tax_code)]
        for plain in ("base", "amount", "surcharge"):
            stated = [(getattr(row, plain), getattr(row, f"home_{plain}")) for row in rows]
            if value(stated[0][0]) != stated[0][1] or value(sum(each for each, _home in stated)) != sum(
                home for _each, home in stated
            ):
                yield wrong
                return


def _right_tax(invoice: Invoice, tax: TaxLine, bases: list[int]) -> tuple[int, int]:
    """The tax and its surcharge on what is charged."""
    tax_of_all = partial(tax_on, bases=bases, per_line=invoice.tax_per_line)
    return tax_of_all(tax.percent), tax_of_all(tax.surcharge_percent)


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
