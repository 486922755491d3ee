"""What a former program invoiced and is still owed is taken over, to be collected here."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.actions.money.payments import money_of
from ecuanime.billing.books.closed import ladder, reminder_day
from ecuanime.billing.books.exchange import bear_rate, rate_of_document
from ecuanime.billing.documents.numbering import is_of_our_series
from ecuanime.billing.documents.parties import customer_of, issuer_of
from ecuanime.billing.models import Invoice, Payment
from ecuanime.billing.packs import pack_for
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import start_of_day
from ecuanime.rules.exchange import Rate
from ecuanime.staff.queries import the_firm, today_at_firm


@transaction.atomic
def bring_invoice(
    *,
    client: Client,
    number: str,
    issued_on: date,
    due_on: date,
    total: int,
    paid: int,
    by: User,
    now: datetime,
    tax: int = 0,
    currency: str = "",
) -> Invoice:
    """Take over an invoice that a former program issued and of which something is still owed, in minor units.

    It bears that program's number and never one of ours, has no lines, never changes and is never sent; payments,
    reminders and the client's account treat it like any other. What was paid before stands as one payment of its own
    day. An empty currency is the client's.
    Refused: `not_allowed`, `no_number`, `number_taken`, `number_of_ours` (one of the firm's series would come to it),
    `negative`, `above_total`, `nothing_owed`, `future`, `due_before`, `closed_period`.
    """
    require_biller(by)
    firm = the_firm()
    currency = currency or client.currency
    _refuse_number(number, now)
    _refuse_amounts(total, tax, paid, currency)
    _refuse_days(issued_on, due_on, now)
    brought = Invoice(
        client=client,
        kind=Invoice.Kind.BROUGHT,
        state=Invoice.State.ISSUED,
        number=number,
        issued_on=issued_on,
        due_on=due_on,
        dated_at=start_of_day(issued_on, firm.time_zone),
        language=client.language,
        currency=currency,
        net=total - tax,
        tax=tax,
        total=total,
        paid=paid,
        issuer=issuer_of(firm),
        customer=customer_of(client),
        texts={"corrects": {}},
        is_demo=firm.is_demo,
        created_at=now,
    )
    bear_rate(brought, rate_of_document(brought, issued_on))
    brought.save(force_insert=True)
    brought.remind_on = reminder_day(brought, ladder())
    brought.save(update_fields=["remind_on"])
    if paid:
        _note_paid(brought, paid, by, now)
    record("invoice_brought", brought, now=now, number=number, total=total, paid=paid, currency=currency)
    return brought


def _note_paid(brought: Invoice, paid: int, by: User, now: datetime) -> None:
    assert brought.issued_on is not None
    payment = Payment(
        client=brought.client,
        invoice=brought,
        currency=brought.currency,
        kind=Payment.Kind.BROUGHT,
        received_on=brought.issued_on,
        amount=paid,
        method=Payment.Method.OTHER,
        idempotency_key=f"brought:{brought.pk}",
        recorded_by=by,
        recorded_at=now,
    )
    # The invoice counts it as paid already.
    rate = brought.exchange_rate
    if rate is not None:
        payment.home_value = Rate(rate, brought.currency, the_firm().currency).value(paid)
        payment.home_booked = payment.home_value
    payment.save(force_insert=True)


def _refuse_number(number: str, now: datetime) -> None:
    if not number:
        raise Refused("no_number", _("An invoice has a number. Write the one that the client knows."))
    firm = the_firm()
    if Invoice.objects.filter(number=number).exists():
        raise Refused("number_taken", _("There is a document %(number)s here already.") % {"number": number})
    if is_of_our_series(number, pack_for(firm.country, is_demo=firm.is_demo), today_at_firm(now).year):
        raise Refused(
            "number_of_ours",
            _(
                "Our own invoices would come to %(number)s too. First choose another usual series in the settings."
            )
            % {"number": number},
        )


def _refuse_amounts(total: int, tax: int, paid: int, currency: str) -> None:
    if total <= 0 or tax < 0 or paid < 0:
        raise Refused("negative", _("The total must be above zero, and neither tax nor what was paid below."))
    if tax > total:
        raise Refused("above_total", _("The tax is higher than the total."))
    if paid > total:
        raise Refused(
            "above_total",
            _("%(paid)s is more than the invoice comes to. Note what is above as held for the client.")
            % {"paid": money_of(paid, currency)},
        )
    if paid == total:
        raise Refused("nothing_owed", _("It is paid, so nothing of it is to be collected. Leave it out."))


def _refuse_days(issued_on: date, due_on: date, now: datetime) -> None:
    if issued_on > today_at_firm(now):
        raise Refused("future", _("An invoice of a former program is dated today or earlier."))
    if due_on < issued_on:
        raise Refused("due_before", _("It cannot fall due before the day it bears."))
    refuse_closed(issued_on)
