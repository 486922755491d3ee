"""Which tax a document's lines bear, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.documents.parties import as_seen_by_law, customer_of, issuer_of
from ecuanime.billing.drafting.discounts import TAX_FACTS, write_discount
from ecuanime.billing.drafting.withholding import write_withholding
from ecuanime.billing.models import Invoice, InvoiceLine, TaxLine, TaxRate
from ecuanime.billing.packs import Party, Supply, TaxChoice, TaxData, pack_for
from ecuanime.billing.packs.reasons import Why
from ecuanime.clients.models import Client
from ecuanime.rules.lines import Line, Unit, taxes
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm, today_at_firm

_KEPT = ("name", "category", "percent", "reason", "source", "since")
_SUPPLIES = {InvoiceLine.Kind.GOODS: Supply.GOODS, InvoiceLine.Kind.EXPENSE: Supply.EXPENSE}


@dataclass(frozen=True)
class ChosenTax:
    """A rate and the code of the reason why it is charged."""

    rate: TaxRate
    why: str


def supply_of(kind: str) -> Supply:
    """What laws of taxes take a kind of line for; time, packs, fees and advances are services."""
    return _SUPPLIES.get(InvoiceLine.Kind(kind), Supply.SERVICES)


def tax_of(invoice: Invoice, kind: str = InvoiceLine.Kind.SERVICE) -> ChosenTax:
    """The rate that a person chose for a document, else the one its client is charged for such a line."""
    if invoice.tax_rate is not None:
        return ChosenTax(invoice.tax_rate, Why.CHOSEN)
    day = today_at_firm(invoice.created_at)
    return proposed_tax(the_firm(), invoice.client, supply_of(kind), day)


def proposed_tax(firm: Firm, client: Client, supply: Supply, on: date) -> ChosenTax:
    """What the pack of the firm's country says for a client; its usual rate is the firm's own default."""
    choice, issuer = choice_for(firm, client, supply, on), as_seen_by_law(issuer_of(firm))
    known = {data.code: data for data in pack_for(firm.country).taxes(issuer)}
    if choice.code == next(iter(known)):
        return ChosenTax(usual_tax(firm), choice.why)
    rate = TaxRate.objects.filter(code=choice.code).first() or _note_rate(known[choice.code])[0]
    return ChosenTax(rate, choice.why)


def choice_for(firm: Firm, client: Client, supply: Supply, on: date) -> TaxChoice:
    """The explained choice for a client as it stands. Writes nothing."""
    issuer, customer = as_seen_by_law(issuer_of(firm)), as_seen_by_law(customer_of(client))
    return pack_for(firm.country).tax_candidates(issuer, customer, supply, on)


def foreseen_percent(client: Client, on: date) -> Decimal:
    """The tax that a document of work for a client would bear as things stand, in per cent. Writes nothing."""
    firm = the_firm()
    data = pack_for(firm.country).taxes(as_seen_by_law(issuer_of(firm)))
    code = choice_for(firm, client, Supply.SERVICES, on).code
    is_usual = code == data[0].code
    rates = TaxRate.objects.filter(is_default=True) if is_usual else TaxRate.objects.filter(code=code)
    known = rates.first()
    return known.percent if known else next(each.percent for each in data if each.code == code)


def usual_tax(firm: Firm) -> TaxRate:
    """The firm's default rate; those of a country or territory it has just moved to are noted first."""
    issuer = as_seen_by_law(issuer_of(firm))
    rate = TaxRate.objects.filter(is_default=True).first()
    known = TaxRate.objects.filter(code=pack_for(firm.country).taxes(issuer)[0].code).exists()
    return rate if rate is not None and known else note_rates(firm.country, issuer)


def note_rates(country: str, issuer: Party | None = None) -> TaxRate:
    """Write the rates of a country's pack that are not there yet; its usual one becomes the default if it is new."""
    rows = [_note_rate(data) for data in pack_for(country).taxes(issuer)]
    usual, is_new = rows[0]
    if is_new or not TaxRate.objects.filter(is_default=True).exists():
        make_default(usual)
    return TaxRate.objects.get(is_default=True)


def _note_rate(data: TaxData) -> tuple[TaxRate, bool]:
    facts = {name: getattr(data, name) for name in (*_KEPT, *TAX_FACTS)}
    return TaxRate.objects.get_or_create(code=data.code, defaults=facts)


def make_default(rate: TaxRate) -> None:
    """Charge this rate from now on unless told otherwise."""
    TaxRate.objects.filter(is_default=True).exclude(pk=rate.pk).update(is_default=False)
    rate.is_default = True
    rate.save(update_fields=["is_default"])


def put_tax(line: InvoiceLine, tax: ChosenTax, language: str) -> InvoiceLine:
    """Copy a rate and its why to a line, in the words of the document's language."""
    rate = tax.rate
    with override(language):
        line.tax_name = _(rate.name)[:60]
        line.tax_reason = _(rate.reason)[:300] if rate.reason else ""
    line.tax_code, line.tax_category, line.tax_percent = rate.code, rate.category, rate.percent
    line.tax_why = tax.why
    for name in TAX_FACTS:
        setattr(line, name, getattr(rate, name))
    return line


def write_totals(invoice: Invoice) -> Invoice:
    """Add a draft's lines up: its discount, the tax of each rate as its country rounds it, and what is withheld."""
    lines = write_discount(invoice)
    by_code = {line.tax_code: line for line in lines}
    invoice.taxes.all().delete()
    invoice.tax_per_line = pack_for(the_firm().country).tax_per_line
    taxed, rows = _as_rules(lines), []
    percents = {code: line.tax_percent for code, line in by_code.items()}
    surcharges = {code: line.surcharge_percent for code, line in by_code.items()}
    for tax, surcharge in zip(
        taxes(taxed, percents, per_line=invoice.tax_per_line),
        taxes(taxed, surcharges, per_line=invoice.tax_per_line),
        strict=True,
    ):
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
                surcharge=surcharge.amount,
                **{name: getattr(line, name) for name in TAX_FACTS},
            )
        )
    TaxLine.objects.bulk_create(rows)
    invoice.net = sum(line.amount for line in lines)
    invoice.tax = sum(row.amount + row.surcharge for row in rows)
    invoice.total = invoice.net + invoice.tax
    invoice.save(update_fields=["tax_per_line", "net", "tax", "total"])
    return write_withholding(invoice, lines)


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
