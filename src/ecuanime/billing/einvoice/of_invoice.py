"""From an invoice of the books to the values of an electronic one: frozen data once issued, else as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.documents.frozen import parties_of
from ecuanime.billing.documents.home_taxes import declared, sum_of
from ecuanime.billing.documents.parties import Frozen
from ecuanime.billing.einvoice.codes import exemption_code, unit_code
from ecuanime.billing.einvoice.values import (
    OUTSIDE,
    Allowance,
    AtHome,
    Earlier,
    ElectronicInvoice,
    Item,
    Kind,
    Offices,
    Party,
    Tax,
    TaxCurrency,
    Withholding,
)
from ecuanime.billing.models import Invoice, InvoiceLine, TaxLine
from ecuanime.rules.calendars import local_date
from ecuanime.rules.exchange import Rate
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.tax_ids import with_country

MINUTES_PER_HOUR = 60


def electronic(invoice: Invoice) -> ElectronicInvoice:
    """The values of a document; a credit note's turned positive. Ask `faults_of` whether they may be written."""
    issuer, customer = parties_of(invoice)
    lines = list(invoice.lines.order_by("position").select_related("contract", "deducts__invoice"))
    write = _Figures(invoice)
    allowances = [line for line in lines if write.is_allowance(line)]
    items = [line for line in lines if not write.is_allowance(line)]
    contracts = {line.contract.number for line in lines if line.contract}
    day = invoice.issued_on or local_date(invoice.created_at, issuer["time_zone"])
    return ElectronicInvoice(
        kind=_kind(invoice),
        number=invoice.number or "",
        issued_on=day,
        currency=invoice.currency,
        digits=write.digits,
        language=invoice.language,
        seller=_party(issuer),
        buyer=_party(customer),
        items=tuple(write.item(number, line) for number, line in enumerate(items, start=1)),
        taxes=tuple(write.tax(row) for row in invoice.taxes.order_by("pk")),
        net=write.money(invoice.net),
        tax=write.money(invoice.tax),
        total=write.money(invoice.total),
        withholdings=write.withholdings(invoice),
        allowances=tuple(map(write.allowance, allowances)),
        earlier=tuple(_earlier(invoice, lines)),
        reason=invoice.reason,
        notes=tuple(_notes(invoice, issuer)),
        due_on=invoice.due_on or (day if invoice.corrects_id is None else None),
        first_day=invoice.period_from,
        last_day=invoice.period_until,
        contract=contracts.pop() if len(contracts) == 1 else "",
        tax_currency=write.tax_currency(invoice),
        iban="" if invoice.corrects_id is not None else issuer["iban"].replace(" ", ""),
    )


class _Figures:
    """Turns a document's minor units into what is written: in major units, positive on a credit note."""

    def __init__(self, invoice: Invoice) -> None:
        self.sign = -1 if invoice.corrects_id is not None else 1
        self.digits = currency_exponent(invoice.currency)
        self.home = invoice.tax_currency

    def money(self, minor: int) -> Decimal:
        return Decimal(self.sign * minor).scaleb(-self.digits)

    def at_home(self, minor: int) -> Decimal:
        return Decimal(self.sign * minor).scaleb(-currency_exponent(self.home))

    def tax_currency(self, invoice: Invoice) -> TaxCurrency | None:
        """What the document is in the currency that its taxes are paid in, if that is another one."""
        if invoice.home_total is None or invoice.exchange_rate is None or invoice.rate_on is None:
            return None
        sums = sum_of(declared(row, self.home) for row in invoice.taxes.all())
        return TaxCurrency(
            code=self.home,
            rate=invoice.exchange_rate,
            rated_on=invoice.rate_on,
            tax=self.at_home(sums.amount + sums.surcharge),
            total=self.at_home(invoice.home_total),
            withheld=self.at_home(invoice.home_withheld or 0),
        )

    def is_allowance(self, line: InvoiceLine) -> bool:
        """The discount of the whole document; a price lowered later is what a credit note gives back, a plain line."""
        return line.kind == InvoiceLine.Kind.DISCOUNT and self.sign * line.amount < 0

    def allowance(self, line: InvoiceLine) -> Allowance:
        return Allowance(
            amount=-self.money(line.amount),
            reason=line.description,
            category=line.tax_category,
            rate=_rate(line.tax_category, line.tax_percent),
        )

    def item(self, number: int, line: InvoiceLine) -> Item:
        quantity, unit, per = _quantity(line)
        turned = -1 if line.price < 0 else 1
        return Item(
            number=number,
            name=line.description,
            detail=line.detail,
            quantity=self.sign * turned * quantity,
            unit=unit,
            price=abs(line.price),
            per=per,
            amount=self.money(line.amount),
            allowance=self.money(line.discount),
            allowance_percent=line.discount_percent,
            category=line.tax_category,
            rate=_rate(line.tax_category, line.tax_percent),
        )

    def tax(self, row: TaxLine) -> Tax:
        return Tax(
            category=row.category,
            rate=_rate(row.category, row.percent),
            base=self.money(row.base),
            amount=self.money(row.amount),
            reason=row.reason,
            code=exemption_code(row.category),
            surcharge_rate=row.surcharge_percent,
            surcharge=self.money(row.surcharge),
            at_home=self._tax_at_home(row),
        )

    def _tax_at_home(self, row: TaxLine) -> AtHome | None:
        if not self.home:
            return None
        amounts = declared(row, self.home)
        return AtHome(
            base=self.at_home(amounts.base),
            amount=self.at_home(amounts.amount),
            surcharge=self.at_home(amounts.surcharge),
        )

    def withholdings(self, invoice: Invoice) -> tuple[Withholding, ...]:
        """What the buyer keeps back of the document."""
        if invoice.withheld_percent is None:
            return ()
        base, amount = self.money(invoice.withheld_base), self.money(invoice.withheld)
        at_home = None
        if invoice.home_withheld is not None and invoice.exchange_rate is not None:
            value = Rate(invoice.exchange_rate, invoice.currency, self.home).value
            at_home = AtHome(
                base=self.at_home(value(invoice.withheld_base)), amount=self.at_home(invoice.home_withheld)
            )
        held = Withholding(rate=invoice.withheld_percent, base=base, amount=amount, at_home=at_home)
        return (held,)


def _quantity(line: InvoiceLine) -> tuple[Decimal, str, Decimal]:
    """How many of what, and of how many the price is.

    Time is written in hours where those are exact to the hundredth, else in minutes at a price per 60: what is
    written must multiply.
    """
    if line.minutes is None:
        return line.units or Decimal(0), unit_code(line.unit_name), Decimal(1)
    hours = line.minutes / MINUTES_PER_HOUR
    if (hours * 100).denominator == 1:
        return _decimal(hours), "HUR", Decimal(1)
    return _decimal(line.minutes), "MIN", Decimal(MINUTES_PER_HOUR)


def _decimal(exact: Fraction) -> Decimal:
    """Exact to the hundredth, as minutes are."""
    return Decimal(int(exact * 100)).scaleb(-2)


def _rate(category: str, percent: Decimal) -> Decimal | None:
    return None if category == OUTSIDE else percent


def _kind(invoice: Invoice) -> Kind:
    if invoice.corrects_id is not None:
        return Kind.CREDIT_NOTE
    return Kind.ADVANCE if invoice.kind == Invoice.Kind.ADVANCE else Kind.INVOICE


def _party(frozen: Frozen) -> Party:
    offices = frozen.get("offices") or {}
    return Party(
        name=frozen["name"],
        tax_id=frozen["tax_id"],
        vat_id=with_country(frozen["country"], frozen["tax_id"]),
        street=frozen["street"],
        postcode=frozen["postcode"],
        city=frozen["city"],
        region=frozen["region"],
        country=frozen["country"],
        email=frozen["email"],
        phone=frozen["phone"],
        contact=frozen.get("attention", ""),
        offices=Offices(**offices),
    )


def _earlier(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Iterable[Earlier]:
    """The document that is corrected, or the advance invoices that are deducted, each once."""
    if invoice.corrects is not None:
        before = {invoice.corrects}
    else:
        before = {line.deducts.invoice for line in lines if line.deducts is not None}
    for document in sorted(before, key=lambda each: each.pk):
        if document.number and document.issued_on:
            yield Earlier(number=document.number, issued_on=document.issued_on)


def _notes(invoice: Invoice, issuer: Frozen) -> Iterable[str]:
    if invoice.is_demo:
        with override(invoice.language):
            yield _("DEMO, not valid")
    yield issuer["registry_note"]
