"""Which tax a document's lines bear, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.discounts import write_discount
from ecuanime.billing.models import Invoice, InvoiceLine, TaxLine, TaxRate
from ecuanime.billing.packs import pack_for
from ecuanime.billing.parties import as_seen_by_law, customer_of, issuer_of
from ecuanime.clients.models import Client
from ecuanime.rules.lines import Line, Unit, taxes
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm


def tax_of(invoice: Invoice) -> TaxRate:
    """The rate a person chose for a document, else the one its client is usually charged."""
    return invoice.tax_rate or proposed_tax(the_firm(), invoice.client)


def proposed_tax(firm: Firm, client: Client) -> TaxRate:
    """What the pack of the firm's country says for a client; the usual rate is the firm's own default."""
    pack = pack_for(firm.country)
    code = pack.tax_for(as_seen_by_law(issuer_of(firm)), as_seen_by_law(customer_of(client)))
    usual = usual_tax(firm)
    if code == pack.taxes()[0].code:
        return usual
    return TaxRate.objects.filter(code=code).first() or usual


def foreseen_percent(client: Client) -> Decimal:
    """The tax that a document for a client would bear as things stand, in per cent. Writes nothing."""
    pack = pack_for(the_firm().country)
    code = pack.tax_for(as_seen_by_law(issuer_of(the_firm())), as_seen_by_law(customer_of(client)))
    is_usual = code == pack.taxes()[0].code
    rates = TaxRate.objects.filter(is_default=True) if is_usual else TaxRate.objects.filter(code=code)
    known = rates.first()
    return known.percent if known else next(data.percent for data in pack.taxes() if data.code == code)


def usual_tax(firm: Firm) -> TaxRate:
    """The firm's default rate; those of a country it has just moved to are noted first."""
    rate = TaxRate.objects.filter(is_default=True).first()
    known = TaxRate.objects.filter(code=pack_for(firm.country).taxes()[0].code).exists()
    return rate if rate is not None and known else note_rates(firm.country)


def note_rates(country: str) -> TaxRate:
    """Write the rates of a country's pack that are not there yet; its usual one becomes the default if it is new."""
    rows = [
        TaxRate.objects.get_or_create(
            code=data.code,
            defaults={
                "name": data.name,
                "category": data.category,
                "percent": data.percent,
                "reason": data.reason,
                "source": data.source,
            },
        )
        for data in pack_for(country).taxes()
    ]
    usual, is_new = rows[0]
    if is_new or not TaxRate.objects.filter(is_default=True).exists():
        make_default(usual)
    return TaxRate.objects.get(is_default=True)


def make_default(rate: TaxRate) -> None:
    """Charge this rate from now on unless told otherwise."""
    TaxRate.objects.filter(is_default=True).exclude(pk=rate.pk).update(is_default=False)
    rate.is_default = True
    rate.save(update_fields=["is_default"])


def put_tax(line: InvoiceLine, rate: TaxRate, language: str) -> InvoiceLine:
    """Copy a rate to a line, in the words of the document's language."""
    with override(language):
        line.tax_name = _(rate.name)[:60]
        line.tax_reason = _(rate.reason)[:300] if rate.reason else ""
    line.tax_code, line.tax_category, line.tax_percent = rate.code, rate.category, rate.percent
    return line


def write_totals(invoice: Invoice) -> Invoice:
    """Add a draft's lines up: its discount first, then the tax of each rate, rounded as the country's pack says."""
    lines = write_discount(invoice)
    by_code = {line.tax_code: line for line in lines}
    invoice.taxes.all().delete()
    invoice.tax_per_line = pack_for(the_firm().country).tax_per_line
    rates, rows = {code: line.tax_percent for code, line in by_code.items()}, []
    for tax in taxes(_as_rules(lines), rates, per_line=invoice.tax_per_line):
        line = by_code[tax.key]
        rows.append(
            TaxLine(
                invoice=invoice,
                tax_code=tax.key,
                name=line.tax_name,
                category=line.tax_category,
                percent=line.tax_percent,
                reason=line.tax_reason,
                base=tax.base,
                amount=tax.amount,
            )
        )
    TaxLine.objects.bulk_create(rows)
    invoice.net = sum(line.amount for line in lines)
    invoice.tax = sum(row.amount for row in rows)
    invoice.total = invoice.net + invoice.tax
    invoice.save(update_fields=["tax_per_line", "net", "tax", "total"])
    return invoice


def _as_rules(lines: Iterable[InvoiceLine]) -> list[Line]:
    return [
        Line(line.pk, line.description, line.tax_code, *quantity_of(line), line.price, line.amount, ())
        for line in lines
    ]


def quantity_of(line: InvoiceLine) -> tuple[Unit, Fraction]:
    """What a line counts, and how much of it."""
    minutes = line.minutes
    if minutes is not None:
        return Unit.MINUTES, minutes
    return Unit.PIECES, Fraction(line.units or 0)
