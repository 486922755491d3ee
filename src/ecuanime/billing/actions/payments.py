"""Money received. A payment is never edited: a mistake is corrected by its negative."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_issued, require_biller, require_reason, today_of
from ecuanime.billing.events import PaymentRecorded
from ecuanime.billing.models import Invoice, Payment
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish


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
) -> Payment:
    """Note money received against an issued document, in minor units of its currency; part of it is fine.

    A negative amount is money given back (a refund, a chargeback), never more than was received. The same key again
    gives the first payment back.
    Refused: `not_allowed`, `not_issued`, `is_correction`, `no_amount`, `above_owed` (record the rest against another
    invoice), `below_paid`, `future`, `key_reused`.
    """
    require_biller(by)
    issued = locked_issued(invoice)
    before = Payment.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        return _same(before, issued, amount, received_on)
    _refuse(issued, amount, received_on, now)
    payment = Payment(
        received_on=received_on,
        amount=amount,
        method=method,
        reference=" ".join(reference.split())[:120],
        idempotency_key=idempotency_key,
    )
    return _keep(payment, issued, by, now)


@transaction.atomic
def correct_payment(*, payment: Payment, reason: str, by: User, now: datetime) -> Payment:
    """Take a payment back that was noted by mistake, by its negative, which names it; again is a no-op.

    Refused: `not_allowed`, `no_reason`, `is_correction`, `above_owed`, `below_paid`.
    """
    require_biller(by)
    reason = require_reason(reason)
    issued = locked_issued(payment.invoice)
    before = Payment.objects.filter(corrects=payment).first()
    if before is not None:
        return before
    if payment.corrects_id is not None:
        raise Refused("is_correction", _("This is a correction itself. Note the payment again instead."))
    _refuse(issued, -payment.amount, payment.received_on, now)
    negative = Payment(
        received_on=today_of(now),
        amount=-payment.amount,
        method=payment.method,
        reference=reason[:120],
        corrects=payment,
        idempotency_key=f"correction:{payment.pk}",
    )
    return _keep(negative, issued, by, now)


def _keep(payment: Payment, issued: Invoice, by: User, now: datetime) -> Payment:
    payment.invoice, payment.recorded_by, payment.recorded_at = issued, by, now
    payment.save(force_insert=True)
    issued.paid += payment.amount
    issued.save(update_fields=["paid"])
    record(
        "payment_recorded",
        issued,
        now=now,
        number=issued.number,
        amount=payment.amount,
        currency=issued.currency,
        corrects=payment.corrects_id,
    )
    publish(PaymentRecorded(payment_id=payment.pk, invoice_id=issued.pk))
    return payment


def _same(before: Payment, issued: Invoice, amount: int, received_on: date) -> Payment:
    if (before.invoice_id, before.amount, before.received_on) != (issued.pk, amount, received_on):
        raise Refused(
            "key_reused",
            _("This was already noted in another way. Nothing was changed; reload and look at it again."),
        )
    return before


def _refuse(issued: Invoice, amount: int, received_on: date, now: datetime) -> None:
    if issued.corrects_id is not None:
        raise Refused(
            "is_correction",
            _("A credit note is not paid. Note the money you give back on the invoice that it corrects."),
        )
    if amount == 0:
        raise Refused("no_amount", _("Give an amount other than zero."))
    if received_on > today_of(now):
        raise Refused("future", _("Money cannot have come on a day that has not come yet."))
    if amount > 0 and amount > issued.owed:
        raise Refused(
            "above_owed",
            _(
                "%(number)s only owes %(owed)s. Note that much here, and the rest against another invoice of the "
                "client."
            )
            % {"number": issued.number, "owed": _money(max(issued.owed, 0), issued)},
        )
    if amount < 0 and -amount > issued.paid:
        raise Refused(
            "below_paid",
            _("Only %(paid)s were received for %(number)s, so no more can be given back.")
            % {"number": issued.number, "paid": _money(issued.paid, issued)},
        )


def _money(minor: int, invoice: Invoice) -> str:
    return formats.money(minor, invoice.currency, formats.locale_for(get_language(), invoice.currency))
