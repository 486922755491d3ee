"""Money received. A payment is never edited: a mistake is corrected by its negative, see `corrections`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed
from ecuanime.billing.actions.common import (
    locked_issued,
    refuse_cancelling,
    refuse_held,
    refuse_replacement,
    require_biller,
)
from ecuanime.billing.books.closed import ladder, reminder_day
from ecuanime.billing.books.exchange import write_exchange
from ecuanime.billing.events import PaymentRecorded
from ecuanime.billing.models import Invoice, Payment
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def record_payment(
    *,
    invoice: Invoice,
    amount: int,
    received_on: date,
    by: User,
    now: datetime,
    idempotency_key: str,
    method: str = Payment.Method.TRANSFER,
    reference: str = "",
    keep_rest: bool = False,
    exchange_rate: Decimal | None = None,
) -> Payment:
    """Note money received against an issued document, in minor units of its currency; part of it is fine.

    A negative amount is money given back (a refund), never more than was received. With `keep_rest` what is above
    what is owed is held for the client, to be applied later. `exchange_rate` is what one unit was worth in the firm's
    currency; without it the rate noted for the day holds. The same key again gives the first payment back.
    Refused: `not_allowed`, `not_issued`, `held`, `is_correction`, `no_amount`, `above_owed`, `below_paid`, `future`,
    `reference_used` (the client paid with that reference before), `key_reused`, `closed_period`, `no_rate`.
    """
    require_biller(by)
    return note_payment(
        invoice=invoice,
        amount=amount,
        received_on=received_on,
        by=by,
        now=now,
        idempotency_key=idempotency_key,
        method=method,
        reference=reference,
        keep_rest=keep_rest,
        exchange_rate=exchange_rate,
    )


@transaction.atomic
def note_payment(
    *,
    invoice: Invoice,
    amount: int,
    received_on: date,
    by: User | None,
    now: datetime,
    idempotency_key: str,
    method: str,
    reference: str,
    keep_rest: bool = False,
    exchange_rate: Decimal | None = None,
) -> Payment:
    """The same without asking who may: for what is proved to have happened, which nobody of the firm decides (None).

    Refused: as `record_payment`, but `not_allowed`.
    """
    issued = locked_issued(invoice)
    before = Payment.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        return _same(before, issued, amount, received_on)
    refuse_rate(exchange_rate)
    rest = max(0, amount - max(0, issued.owed)) if keep_rest else 0
    refuse_payment(issued, amount - rest, received_on, now, has_rest=rest > 0)
    payment = Payment(
        kind=Payment.Kind.RECEIVED if amount > 0 else Payment.Kind.RETURNED,
        received_on=received_on,
        amount=amount - rest,
        method=method,
        reference=" ".join(reference.split())[:120],
        exchange_rate=exchange_rate,
        idempotency_key=idempotency_key,
    )
    if not payment.amount:
        payment.amount = rest
        return keep(payment, None, issued, by, now)
    keep(payment, issued, issued, by, now)
    if rest:
        above = Payment(
            received_on=received_on,
            amount=rest,
            method=method,
            exchange_rate=exchange_rate,
            about=payment,
            idempotency_key=f"rest:{payment.pk}",
        )
        keep(above, None, issued, by, now)
    return payment


def keep(
    payment: Payment, issued: Invoice | None, whose: Invoice | Payment, by: User | None, now: datetime
) -> Payment:
    """Write a payment of the client of `whose`, on a locked document or held.

    Refused: `reference_used`, `closed_period`.
    """
    refuse_closed(payment.received_on)
    payment.invoice, payment.client_id, payment.currency = issued, whose.client_id, whose.currency
    payment.recorded_by, payment.recorded_at = by, now
    write_exchange(payment, issued)
    if payment.kind == Payment.Kind.RECEIVED and payment.reference:
        payment.reference_key = payment.reference.casefold()
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        if "reference_once_a_client" not in str(error):
            raise
        raise Refused("reference_used", _used(payment)) from error
    if issued is not None:
        if payment.is_write_off:
            issued.written_off += payment.amount
        else:
            issued.paid += payment.amount
        issued.remind_on = reminder_day(issued, ladder())
        issued.save(update_fields=["paid", "written_off", "remind_on"])
    record(
        _verb(payment),
        issued or payment.client,
        now=now,
        number=issued.number if issued else None,
        kind=payment.kind,
        amount=payment.amount,
        currency=payment.currency,
        corrects=payment.corrects_id,
    )
    if not payment.is_write_off:
        publish(PaymentRecorded(payment_id=payment.pk, invoice_id=issued.pk if issued else None))
    return payment


def _verb(payment: Payment) -> str:
    if not payment.is_write_off:
        return "payment_recorded"
    return "invoice_written_off" if payment.corrects_id is None else "write_off_undone"


def _used(payment: Payment) -> str:
    locale = formats.locale_for(get_language(), payment.currency)
    known = Payment.objects.filter(client=payment.client_id, reference_key=payment.reference_key).first()
    day = formats.day_year(known.received_on, locale) if known else "–"
    return _(
        "The client's payment of %(day)s has the reference %(reference)s already. Is it the same money?"
    ) % {
        "day": day,
        "reference": payment.reference,
    }


def _same(before: Payment, issued: Invoice, amount: int, received_on: date) -> Payment:
    whole = before.amount + sum(part.amount for part in before.parts.filter(kind=Payment.Kind.RECEIVED))
    client, currency = issued.client_id, issued.currency
    if (before.client_id, before.currency, whole, before.received_on) != (
        client,
        currency,
        amount,
        received_on,
    ):
        raise Refused(
            "key_reused",
            _("This was already noted in another way. Nothing was changed; reload and look at it again."),
        )
    return before


def refuse_payment(
    issued: Invoice,
    amount: int,
    received_on: date,
    now: datetime,
    *,
    has_rest: bool = False,
    is_undone: bool = False,
) -> None:
    """What no payment on a document may be, whatever its kind; nothing is paid before the document is an invoice.

    Money whose giving back `is_undone` may be more than is owed: it is to be given back again.
    """
    refuse_held(issued)
    refuse_replacement(issued)
    refuse_cancelling(issued)
    if issued.corrects_id is not None:
        raise Refused(
            "is_correction",
            _("A credit note is not paid. Note the money you give back on the invoice that it corrects."),
        )
    if amount == 0 and not has_rest:
        raise Refused("no_amount", _("Give an amount other than zero."))
    refuse_future(received_on, now)
    if amount > 0 and amount > issued.owed and not is_undone:
        raise Refused(
            "above_owed",
            _("%(number)s only owes %(owed)s. Note that much here, or hold the rest for the client.")
            % {"number": issued.number, "owed": money_of(max(issued.owed, 0), issued.currency)},
        )
    if amount < 0 and -amount > issued.paid:
        raise Refused(
            "below_paid",
            _("Only %(paid)s were received for %(number)s, so no more can be given back.")
            % {"number": issued.number, "paid": money_of(issued.paid, issued.currency)},
        )


def refuse_rate(rate: Decimal | None) -> None:
    """Refused: `no_rate`."""
    if rate is not None and not rate > 0:
        raise Refused("no_rate", _("An exchange rate is above zero."))


def refuse_future(on: date, now: datetime) -> None:
    """Refused: `future`."""
    if on > today_at_firm(now):
        raise Refused("future", _("Money cannot have come on a day that has not come yet."))


def money_of(minor: int, currency: str) -> str:
    """An amount as the person who asks reads it."""
    return formats.money(minor, currency, formats.locale_for(get_language(), currency))
