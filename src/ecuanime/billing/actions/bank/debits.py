"""Direct debits on a bank's statement: what was collected together, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.bank.collections import locked_items, note_returned, pay_item
from ecuanime.billing.actions.bank.statements import locked_waiting
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.models import BankEntry, BankMatch, CollectedInvoice, Payment
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused

State = CollectedInvoice.State


@transaction.atomic
def match_collected(
    *,
    entry: BankEntry,
    items: Sequence[CollectedInvoice],
    left: int,
    by: User,
    now: datetime,
    received_on: date | None = None,
) -> list[Payment]:
    """Note that an entry is the money of these debits, each on its invoice. They are all of it, to the cent.

    Refused: `not_allowed`, `changed`, `other_amount`, and as `record_payment`.
    """
    require_biller(by)
    found = locked_waiting(entry, left)
    locked = locked_items(items)
    _refuse(found, locked, State.OPEN)
    day, payments = received_on or found.booked_on, []
    for item in locked:
        payment = pay_item(item, day, by, now)
        BankMatch.objects.create(entry=found, payment=payment, amount=item.amount)
        payments.append(payment)
    _matched(found, by, now)
    return payments


@transaction.atomic
def match_returned(
    *, entry: BankEntry, items: Sequence[CollectedInvoice], left: int, by: User, now: datetime
) -> Payment | None:
    """Note that an entry takes the money of one collected debit away: its invoice owes it again.

    Refused: `not_allowed`, `changed`, `other_amount`, and as `note_returned`.
    """
    require_biller(by)
    found = locked_waiting(entry, left)
    locked = locked_items(items[:1])
    _refuse(found, locked, State.COLLECTED)
    reason = found.return_code or _("returned by the bank")
    withdrawn = note_returned(item=locked[0], reason=reason, returned_on=found.booked_on, by=by, now=now)
    if withdrawn is not None:
        BankMatch.objects.create(entry=found, payment=withdrawn, amount=found.amount)
    _matched(found, by, now)
    return withdrawn


def _refuse(entry: BankEntry, items: Sequence[CollectedInvoice], state: str) -> None:
    if not items or any(item.state != state for item in items):
        raise Refused(
            "changed", _("Somebody decided on these debits meanwhile. Nothing was noted; look again.")
        )
    if sum(item.amount for item in items) != abs(entry.left):
        raise Refused("other_amount", _("These debits are not the amount of the entry. Note them by hand."))


def _matched(entry: BankEntry, by: User, now: datetime) -> None:
    entry.matched, entry.state = entry.amount, BankEntry.State.MATCHED
    entry.decided_by, entry.decided_at = by, now
    entry.save(update_fields=["matched", "state", "decided_by", "decided_at"])
    record("bank_entry_matched", entry, now=now, amount=entry.amount, currency=entry.currency)
