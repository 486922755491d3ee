"""Disputed payments: the client's bank withdraws the money until it is known who keeps it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, locked_issued, require_biller, require_reason
from ecuanime.billing.actions.money.payments import keep, refuse_future
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.models import Dispute, Invoice, Payment
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def dispute_payment(*, payment: Payment, reason: str, disputed_on: date, by: User, now: datetime) -> Dispute:
    """Note that a payment was withdrawn by its bank: its invoice owes the money again while the dispute is open.

    What of it is held for the client is withdrawn along with it. Repeated, it gives the dispute back.
    Refused: `not_allowed`, `no_reason`, `future`, `not_disputable` (it is no money that came for an invoice, or was
    taken or given back, or applied to another invoice meanwhile).
    """
    require_biller(by)
    return note_dispute(payment=payment, reason=reason, disputed_on=disputed_on, by=by, now=now)


@transaction.atomic
def note_dispute(
    *, payment: Payment, reason: str, disputed_on: date, by: User | None, now: datetime
) -> Dispute:
    """The same without asking who may: for what is proved to have happened, which nobody of the firm decides (None).

    Refused: as `dispute_payment`, but `not_allowed`.
    """
    reason = require_reason(reason)
    locked_client(payment.client)
    known = Dispute.objects.filter(payment=payment).first()
    if known is not None:
        return known
    refuse_future(disputed_on, now)
    if payment.invoice is None or payment.kind != Payment.Kind.RECEIVED:
        raise Refused("not_disputable", _("Only money that came for an invoice can be disputed."))
    withdrawn = _withdraw(payment, locked_issued(payment.invoice), reason, disputed_on, by, now)
    dispute = Dispute.objects.create(
        payment=payment, withdrawn=withdrawn, reason=reason, opened_on=disputed_on
    )
    record(
        "payment_disputed", payment.invoice, now=now, amount=-_sum_of(payment, withdrawn.kind), reason=reason
    )
    return dispute


@transaction.atomic
def settle_dispute(*, dispute: Dispute, is_won: bool, settled_on: date, by: User, now: datetime) -> Dispute:
    """Close a dispute: won, the money came back (what is not owed any more is held); lost, the invoice owes it.

    The same outcome again changes nothing. Refused: `not_allowed`, `future`, `settled` (with the other outcome).
    """
    require_biller(by)
    return note_outcome(dispute=dispute, is_won=is_won, settled_on=settled_on, by=by, now=now)


@transaction.atomic
def note_outcome(
    *, dispute: Dispute, is_won: bool, settled_on: date, by: User | None, now: datetime
) -> Dispute:
    """The same without asking who may, as `note_dispute`. Refused: `future`, `settled`."""
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


def _withdraw(
    payment: Payment, issued: Invoice, reason: str, on: date, by: User | None, now: datetime
) -> Payment:
    """Take the payment off its document, and what of it is held out of that; gives the first row written."""
    on_document = max(0, min(payment.amount, issued.paid))
    held = payment.amount + _sum_of(payment, Payment.Kind.RECEIVED) - on_document
    if Payment.objects.filter(corrects=payment).exists() or held > held_in(payment.client, payment.currency):
        raise Refused(
            "not_disputable",
            _("This money was taken or given back, or applied to another invoice. Take that back first."),
        )
    return _split(payment, Payment.Kind.CHARGEBACK, issued, (-on_document, -held), on, by, now, reason)


def _recover(payment: Payment, on: date, by: User | None, now: datetime) -> Payment:
    """Put the money back where it is owed, and hold the rest; gives the first row written."""
    assert payment.invoice is not None
    issued, whole = locked_issued(payment.invoice), -_sum_of(payment, Payment.Kind.CHARGEBACK)
    owed = max(0, min(issued.owed, whole))
    return _split(payment, Payment.Kind.RECOVERED, issued, (owed, whole - owed), on, by, now)


def _split(
    payment: Payment,
    kind: Payment.Kind,
    issued: Invoice,
    amounts: tuple[int, int],
    on: date,
    by: User | None,
    now: datetime,
    reference: str = "",
) -> Payment:
    """A row on the document and one on what is held, each where it is not zero."""
    rows = [
        keep(
            Payment(
                kind=kind,
                received_on=on,
                amount=amount,
                method=payment.method,
                reference=reference[:120],
                about=payment,
                idempotency_key=f"{kind}:{payment.pk}{suffix}",
            ),
            document,
            payment,
            by,
            now,
        )
        for amount, document, suffix in zip(amounts, (issued, None), ("", ":held"), strict=True)
        if amount
    ]
    return rows[0]


def _sum_of(payment: Payment, kind: str) -> int:
    """What the rows of a kind that belong to a payment come to."""
    return payment.parts.filter(kind=kind).aggregate(sum=Sum("amount"))["sum"] or 0
