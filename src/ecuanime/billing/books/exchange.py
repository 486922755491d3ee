"""What documents and money in another currency are worth in the firm's, and the differences: docs/rules/exchange.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from ecuanime.billing.models import ExchangeRate, Invoice, Payment, RateSource, ReceivedInvoice
from ecuanime.rules.exchange import Rate, added, share
from ecuanime.staff.countries import known_currency, usual_currency
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm

MOST_OLD = timedelta(days=5)
"""Over a long weekend the rate of the last day that has one holds."""
_AS_BOOKED = (Payment.Kind.WRITE_OFF, Payment.Kind.BROUGHT)


@dataclass(frozen=True)
class DayRate:
    """A rate, the day it is of, and who published it; a document that was booked long ago may not say the latter."""

    rate: Decimal
    on: date | None
    source: str


def home_currencies(firm: Firm) -> list[str]:
    """What rates are noted in: the firm's currency, and that of its country where it is another."""
    return list(dict.fromkeys((firm.currency, usual_currency(firm.country))))


def tax_currency_of(firm: Firm) -> str:
    """What the firm's country is paid its taxes in; the firm's own currency where that is not known."""
    return known_currency(firm.country) or firm.currency


def usual_source(home: str) -> str:
    """Who publishes what other currencies are worth in this one, as its law has it."""
    return {"EUR": RateSource.ECB, "MXN": RateSource.BANXICO}.get(home, RateSource.OTHER)


def noted_rate(currency: str, on: date, home: str) -> ExchangeRate | None:
    """The rate that holds on a day: its own, or that of the last one before that is not too old."""
    days = {"on__lte": on, "on__gte": on - MOST_OLD}
    return ExchangeRate.objects.filter(currency=currency, home=home, **days).order_by("-on").first()


def known_rate(currency: str, on: date) -> Decimal | None:
    """What one unit was worth in the firm's currency on a day; None where nobody noted it, and for its own currency."""
    home = the_firm().currency
    noted = None if currency == home else noted_rate(currency, on, home)
    return None if noted is None else noted.rate


def rate_of_document(document: Invoice, on: date) -> DayRate | None:
    """The rate that a document is booked at; None where it is not known, and in the firm's own currency.

    A correction is booked as what it corrects, and what restates others as they are, if they agree. Else it is the
    rate that somebody gave the draft, or the one that holds on the day.
    """
    if document.corrects is not None:
        return borne_by(document.corrects)
    if document.is_replacement:
        rates = {borne_by(each) for each in document.replaces.all()}
        return rates.pop() if len(rates) == 1 else None
    home = the_firm().currency
    if document.exchange_rate is not None or document.currency == home:
        return borne_by(document)
    return rate_on_day(document.currency, on, home)


def rate_on_day(currency: str, on: date, home: str) -> DayRate | None:
    """The noted rate that holds on a day, as a document bears it."""
    noted = noted_rate(currency, on, home)
    return None if noted is None else DayRate(noted.rate, noted.on, noted.source)


def borne_by(document: Invoice | ReceivedInvoice) -> DayRate | None:
    """The rate that stands on a document."""
    if document.exchange_rate is None:
        return None
    return DayRate(document.exchange_rate, document.rate_on, document.rate_source)


def bear_rate(document: Invoice | ReceivedInvoice, known: DayRate | None) -> None:
    """Put a rate on a document, which the caller saves."""
    document.exchange_rate = known.rate if known else None
    document.rate_on = known.on if known else None
    document.rate_source = known.source if known else ""


def write_exchange(payment: Payment, issued: Invoice | None) -> None:
    """Say what a payment that is about to be written is worth at home, and what it takes off there.

    `issued` is its locked document before it, or none for what is held. A rate that was given with it holds, else the
    one known for its day; without any the difference stays unknown.
    """
    home = the_firm().currency
    if payment.currency == home:
        payment.exchange_rate = None
        return
    if payment.corrects is not None:
        _mirror(payment, payment.corrects)
    elif payment.kind == Payment.Kind.APPLIED:
        _move(payment, issued, home)
    else:
        _value(payment, issued, home)


def _mirror(payment: Payment, of: Payment) -> None:
    payment.exchange_rate = of.exchange_rate
    payment.home_value = None if of.home_value is None else -of.home_value
    payment.home_booked = None if of.home_booked is None else -of.home_booked


def _value(payment: Payment, issued: Invoice | None, home: str) -> None:
    """Money, or what is given up: the latter goes as it was booked."""
    booked = _off_claim(payment, issued, home) if issued is not None else None
    if payment.kind in _AS_BOOKED:
        payment.exchange_rate, payment.home_value, payment.home_booked = None, booked, booked
        return
    rate = payment.exchange_rate or known_rate(payment.currency, payment.received_on)
    payment.exchange_rate = rate
    payment.home_value = None if rate is None else Rate(rate, payment.currency, home).value(payment.amount)
    if issued is None:
        booked = payment.home_value if payment.amount > 0 else _off_held(payment, -payment.amount)
    payment.home_booked = booked


def _move(payment: Payment, issued: Invoice | None, home: str) -> None:
    """Credit that is applied: it comes at what it was held for, and goes back at what the claim was booked at."""
    payment.exchange_rate = None
    if issued is None:
        other = payment.about
        value = None if other is None or other.home_value is None else -other.home_value
        payment.home_value = payment.home_booked = value
        return
    payment.home_booked = _off_claim(payment, issued, home)
    payment.home_value = payment.home_booked
    if payment.amount > 0:
        held = _off_held(payment, payment.amount)
        payment.home_value = None if held is None else -held


def _off_claim(payment: Payment, issued: Invoice, home: str) -> int | None:
    if issued.exchange_rate is None:
        return None
    booked = issued.payments.aggregate(sum=Sum("home_booked"))["sum"] or 0
    rate = Rate(issued.exchange_rate, issued.currency, home)
    return added(rate, payment.amount, before=issued.paid + issued.written_off, booked=booked)


def _off_held(payment: Payment, amount: int) -> int | None:
    """What goes, below zero, of the value of what is held; None where the value of some of it is not known."""
    held = Payment.objects.filter(client=payment.client_id, currency=payment.currency, invoice=None)
    sums = held.aggregate(
        amount=Sum("amount"), value=Sum("home_booked"), unknown=Count("pk", filter=Q(home_booked=None))
    )
    if not sums["amount"] or sums["unknown"]:
        return None
    return -share(of_value=sums["value"], of_amount=sums["amount"], amount=amount)


def differences_between(client_id: int, currency: str, first: date, last: date) -> int:
    """What exchange rates brought, above zero, or cost, of a client's money of some days, in the firm's currency."""
    rows = Payment.objects.filter(client=client_id, currency=currency, received_on__range=(first, last))
    known = rows.filter(home_value__isnull=False, home_booked__isnull=False)
    sums = known.aggregate(value=Sum("home_value"), booked=Sum("home_booked"))
    return (sums["value"] or 0) - (sums["booked"] or 0)
