"""What received invoices in another currency come to at home: docs/rules/tax-currency.md."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ecuanime.billing.books.exchange import DayRate, bear_rate, borne_by, rate_on_day
from ecuanime.billing.documents.home_taxes import Declared, stated, sum_of
from ecuanime.billing.models import ReceivedInvoice, ReceivedTax
from ecuanime.rules.exchange import Rate

STATED_FIELDS = ("home_currency", "home_total", "home_withheld", "exchange_rate", "rate_on", "rate_source")


def waiting_received(home: str) -> QuerySet[ReceivedInvoice]:
    """What is in another currency and was not stated yet, so that no declaration counts it: the earliest first."""
    return ReceivedInvoice.objects.filter(~Q(currency=home), home_total=None).order_by("issued_on", "pk")


def waits_for_rate(row: ReceivedInvoice, home: str) -> bool:
    """Whether it is one of these."""
    return row.currency != home and row.home_total is None


def original_of(row: ReceivedInvoice) -> ReceivedInvoice | None:
    """What a correction corrects, where that was filed too."""
    if not (row.is_credit_note and row.corrects):
        return None
    same = ReceivedInvoice.objects.filter(supplier_tax_id=row.supplier_tax_id, number=row.corrects)
    return same.filter(currency=row.currency).exclude(pk=row.pk).order_by("-issued_on", "-pk").first()


def corrections_of(row: ReceivedInvoice) -> QuerySet[ReceivedInvoice]:
    """The filed corrections that name this one."""
    named = ReceivedInvoice.objects.filter(supplier_tax_id=row.supplier_tax_id, corrects=row.number)
    return named.filter(is_credit_note=True, currency=row.currency).exclude(pk=row.pk).order_by("pk")


def rate_of_received(row: ReceivedInvoice, home: str) -> DayRate | None:
    """The rate that a received invoice is stated at unless a person gives another; None where it is not known.

    A correction goes by the rate of what it corrects, whose tax fell due then; else it is the noted rate that holds on
    the day its tax falls due.
    """
    if row.is_credit_note:
        original = original_of(row)
        return borne_by(original) if original is not None else None
    return rate_on_day(row.currency, row.due_day, home)


def says_it_all(row: ReceivedInvoice) -> bool:
    """Whether the document itself says at home what each tax is, so that it needs no rate."""
    taxes = row.taxes.all()
    return not row.withheld and all(
        each.said_base is not None and each.said_amount is not None for each in taxes
    )


def state_received(row: ReceivedInvoice, known: DayRate | None, home: str) -> None:
    """Write what a received invoice comes to at home, once: as the document says, else at a rate.

    Each base and tax is converted by itself, and the total is what they add up to. A correction takes off what then is
    stated too much, as those of issued documents do. Raises ValueError where it has no rate and needs one.
    """
    if known is None and not says_it_all(row):
        raise ValueError(f"received invoice {row.pk} has no rate")
    rate, before = Rate(known.rate, row.currency, home) if known else None, _before(row)
    taxes = list(row.taxes.order_by("pk"))
    for tax in taxes:
        at_home = _at_home(tax, before, rate)
        tax.home_base = at_home.base if tax.said_base is None else tax.said_base
        tax.home_amount = at_home.amount if tax.said_amount is None else tax.said_amount
    ReceivedTax.objects.bulk_update(taxes, ["home_base", "home_amount"])
    bear_rate(row, known)
    row.home_currency = home
    row.home_total = sum_of(map(_booked, taxes)).total
    row.home_withheld = rate.value(row.withheld) if rate else 0
    row.save(update_fields=STATED_FIELDS)


def declared_received(tax: ReceivedTax, home: str) -> Declared | None:
    """A tax as it is declared at home; None while its invoice waits for its rate."""
    if tax.invoice.currency == home:
        return _charged(tax)
    is_stated = tax.invoice.home_total is not None and tax.invoice.home_currency == home
    return _booked(tax) if is_stated else None


def cost_in(row: ReceivedInvoice, currency: str) -> int | None:
    """What it cost before tax in a currency: its own, or that which it was stated in; None in any other."""
    if row.currency == currency:
        return row.net
    is_stated = row.home_total is not None and row.home_currency == currency
    return sum(each.home_base or 0 for each in row.taxes.all()) if is_stated else None


def _at_home(tax: ReceivedTax, before: list[ReceivedTax], rate: Rate | None) -> Declared:
    if rate is None:
        return Declared()
    stood = [each for each in before if (each.category, each.percent) == (tax.category, tax.percent)]
    return stated(
        rate, _charged(tax), before=sum_of(map(_charged, stood)), booked=sum_of(map(_booked, stood))
    )


def _before(row: ReceivedInvoice) -> list[ReceivedTax]:
    """The taxes of what a correction corrects, and of its other corrections, as far as they were stated."""
    original = original_of(row)
    if original is None or original.home_total is None:
        return []
    others = corrections_of(original).exclude(pk=row.pk).filter(home_total__isnull=False)
    return list(ReceivedTax.objects.filter(invoice__in=[original, *others]).order_by("pk"))


def _charged(tax: ReceivedTax) -> Declared:
    return Declared(tax.base, tax.amount)


def _booked(tax: ReceivedTax) -> Declared:
    return Declared(tax.home_base or 0, tax.home_amount or 0)
