"""A payment that was noted by mistake, taken back by its negative, with what hangs on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, locked_issued, require_biller, require_reason
from ecuanime.billing.actions.money.payments import keep, refuse_payment
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.models import BankEntry, BankMatch, CollectedInvoice, Dispute, Payment
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import today_at_firm


@transaction.atomic
def correct_payment(*, payment: Payment, reason: str, by: User, now: datetime) -> Payment:
    """Take money back that was noted by mistake, by its negative, which names it; again is a no-op.

    What of it was held for the client, or applied from what is held, is taken back along with it; the bank's entry that
    it was noted from waits to be matched again.
    Refused: `not_allowed`, `no_reason`, `is_correction`, `disputed`, `above_owed`, `below_paid`, `above_held` (it
    was applied to another invoice meanwhile).
    """
    require_biller(by)
    reason = require_reason(reason)
    first = payment.about or payment
    entry = BankEntry.objects.select_for_update(no_key=True).filter(matches__payment=first).first()
    locked_client(first.client)
    rows = [first, *first.parts.exclude(pk=first.pk).order_by("pk")]
    before = Payment.objects.filter(corrects=first).first()
    if before is not None:
        return before
    if first.kind == Payment.Kind.CORRECTION:
        raise Refused("is_correction", _("This is a correction itself. Note the payment again instead."))
    if Dispute.objects.filter(payment__in=rows).exists():
        raise Refused("disputed", _("This payment is disputed. Settle the dispute first."))
    taken_back = [_take_back(row, reason, by, now) for row in rows]
    if entry is not None:
        _release(entry, BankMatch.objects.get(payment=first), now)
    _reopen_debit(first)
    return taken_back[0]


def _reopen_debit(payment: Payment) -> None:
    """Let the debit that a payment was noted of be under way again, unless its invoice is collected anew."""
    state = CollectedInvoice.State
    item = CollectedInvoice.objects.filter(payment=payment, state=state.COLLECTED).first()
    if item is not None:
        again = CollectedInvoice.objects.filter(invoice=item.invoice_id, state=state.OPEN).exists()
        item.state, item.payment = state.CANCELLED if again else state.OPEN, None
        item.save(update_fields=["state", "payment"])


def _release(entry: BankEntry, match: BankMatch, now: datetime) -> None:
    """Let what a locked entry paid wait to be matched again."""
    match.undone_at = now
    match.save(update_fields=["undone_at"])
    entry.matched -= match.amount
    entry.state = BankEntry.State.TO_MATCH if entry.amount > 0 else BankEntry.State.OUT
    entry.save(update_fields=["matched", "state"])
    record("bank_entry_released", entry, now=now, amount=match.amount, currency=entry.currency)


def _take_back(row: Payment, reason: str, by: User, now: datetime) -> Payment:
    issued = None if row.invoice is None else locked_issued(row.invoice)
    if issued is not None:
        refuse_payment(issued, -row.amount, row.received_on, now, is_undone=row.amount < 0)
    elif row.amount > held_in(row.client, row.currency):
        raise Refused(
            "above_held", _("Part of this money was applied to an invoice meanwhile. Take that back first.")
        )
    negative = Payment(
        kind=Payment.Kind.CORRECTION,
        received_on=today_at_firm(now),
        amount=-row.amount,
        method=row.method,
        reference=reason[:120],
        corrects=row,
        idempotency_key=f"correction:{row.pk}",
    )
    if row.reference_key is not None:
        Payment.objects.filter(pk=row.pk).update(reference_key=None)
    return keep(negative, issued, row, by, now)
