"""Disputed payments: the client's bank withdraws the money until it is known who keeps it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, locked_issued, require_biller, require_reason
from ecuanime.billing.actions.payments import keep, refuse_future
from ecuanime.billing.models import Dispute, Payment
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def dispute_payment(*, payment: Payment, reason: str, disputed_on: date, by: User, now: datetime) -> Dispute:
    """Note that a payment was withdrawn by its bank: its invoice owes the money again while the dispute is open.

    Repeated, it gives the dispute back.
    Refused: `not_allowed`, `no_reason`, `future`, `not_disputable` (it is no money that came for an invoice, or was
    taken or given back).
    """
    require_biller(by)
    reason = require_reason(reason)
    locked_client(payment.client)
    known = Dispute.objects.filter(payment=payment).first()
    if known is not None:
        return known
    refuse_future(disputed_on, now)
    if payment.invoice is None or payment.kind != Payment.Kind.RECEIVED:
        raise Refused("not_disputable", _("Only money that came for an invoice can be disputed."))
    issued = locked_issued(payment.invoice)
    if Payment.objects.filter(corrects=payment).exists() or payment.amount > issued.paid:
        raise Refused("not_disputable", _("This money was taken or given back already."))
    withdrawn = Payment(
        kind=Payment.Kind.CHARGEBACK,
        received_on=disputed_on,
        amount=-payment.amount,
        method=payment.method,
        reference=reason[:120],
        about=payment,
        idempotency_key=f"chargeback:{payment.pk}",
    )
    keep(withdrawn, issued, issued, by, now)
    dispute = Dispute.objects.create(
        payment=payment, withdrawn=withdrawn, reason=reason, opened_on=disputed_on
    )
    record("payment_disputed", issued, now=now, amount=payment.amount, reason=reason)
    return dispute


@transaction.atomic
def settle_dispute(*, dispute: Dispute, is_won: bool, settled_on: date, by: User, now: datetime) -> Dispute:
    """Close a dispute: won, the money came back (what is not owed any more is held); lost, the invoice owes it.

    The same outcome again changes nothing. Refused: `not_allowed`, `future`, `settled` (with the other outcome).
    """
    require_biller(by)
    payment = dispute.payment
    owner = locked_client(payment.client)
    found = Dispute.objects.get(pk=dispute.pk)
    outcome = Dispute.Outcome.WON if is_won else Dispute.Outcome.LOST
    if found.outcome == outcome:
        return found
    if found.outcome != Dispute.Outcome.OPEN:
        raise Refused("settled", _("This dispute was settled the other way already."))
    refuse_future(settled_on, now)
    if is_won:
        found.recovered = _recover(payment, settled_on, by, now)
    found.outcome, found.settled_on = outcome, settled_on
    found.save(update_fields=["outcome", "settled_on", "recovered"])
    record("dispute_settled", payment.invoice or owner, now=now, outcome=outcome, amount=payment.amount)
    return found


def _recover(payment: Payment, on: date, by: User, now: datetime) -> Payment:
    """Put the money back where it was owed, or hold it if it is not owed there any more."""
    issued = None if payment.invoice is None else locked_issued(payment.invoice)
    back = Payment(
        kind=Payment.Kind.RECOVERED,
        received_on=on,
        amount=payment.amount,
        method=payment.method,
        about=payment,
        idempotency_key=f"recovered:{payment.pk}",
    )
    fits = issued is not None and issued.owed >= payment.amount
    return keep(back, issued if fits else None, payment, by, now)
