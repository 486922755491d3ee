"""What documents and money in another currency are worth in the firm's, and the differences: docs/rules/exchange.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from ecuanime.billing.models import ExchangeRate, Invoice, MexicoRate, Payment
from ecuanime.rules.exchange import Rate, settled, share
from ecuanime.staff.queries import the_firm

MOST_OLD = timedelta(days=5)
"""Over a long weekend the rate of the last day that has one holds."""
_AS_BOOKED = (Payment.Kind.WRITE_OFF, Payment.Kind.BROUGHT)


def known_rate(currency: str, on: date) -> Decimal | None:
    """What one unit was worth in the firm's currency on a day; None where nobody noted it, and for its own currency.

    A firm in Mexico notes its rates once, for its invoices.
    """
    home = the_firm().currency
    if currency == home:
        return None
    days = {"currency": currency, "on__lte": on, "on__gte": on - MOST_OLD}
    noted = ExchangeRate.objects.filter(**days).order_by("-on").values_list("rate", flat=True).first()
    if noted is None and home == "MXN":
        noted = MexicoRate.objects.filter(**days).order_by("-on").values_list("rate", flat=True).first()
    return noted


def rate_of_document(document: Invoice, on: date) -> Decimal | None:
    """The rate that a document is booked at: that of its day, and of what it corrects for a correction."""
    if document.corrects is not None:
        return document.corrects.exchange_rate
    return known_rate(document.currency, on)


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
    before = issued.payments.aggregate(sum=Sum("home_booked"))["sum"] or 0
    return settled(
        Rate(issued.exchange_rate, issued.currency, home),
        paid_before=issued.paid + issued.written_off,
        amount=payment.amount,
        booked_before=before,
    )


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
