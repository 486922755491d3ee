"""Booking what expires, and reopening it for work done in validity and approved later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.booking import book, earlier, expired_hundredths, lock_contract, lock_lots
from ecuanime.entitlements.events import HoursExpired
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules import ledger, packs
from ecuanime.rules.calendars import end_of_day

_LOOK_AGAIN = timedelta(days=1)


@transaction.atomic
def book_expiry(*, lot: Lot, pending_hundredths: int, now: datetime) -> Movement | None:
    """Book what a lot loses when its last day is over: its balance less the pending of work done in validity.

    The job that calls it lives in worklog, which knows what is pending: in one transaction per lot of
    `queries.due_lots` it takes `locked_lots`, works out what is pending and calls this. While something stays pending
    the lot falls due again a day later, so that hours kept for work that was never approved expire too. Repeating it
    books nothing more. None when nothing expires. Refused: `not_due` before the end of the last day.
    """
    contract = lock_contract(lot.contract_id)
    lot = next(other for other in lock_lots(contract) if other.pk == lot.pk)
    if lot.expires_on is None or now < end_of_day(lot.expires_on, contract.time_zone):
        raise Refused("not_due", _("%(code)s has not expired yet. Nothing was changed.") % {"code": lot.code})
    quantity = packs.expiry(lot.left, pending_hundredths)
    lot.next_due_at = now + _LOOK_AGAIN if lot.left > quantity else None
    lot.save(update_fields=["next_due_at"])
    if not quantity:
        return None
    times = Movement.objects.filter(kind=Movement.Kind.EXPIRY, postings__lot=lot).distinct().count()
    key = f"lot:{lot.pk}:expiry:{times + 1}"
    movement = book(contract, Movement.Kind.EXPIRY, key, [ledger.expiry(key, lot.pk, quantity)], now=now)
    record("hours_expired", lot, now=now, code=lot.code, hundredths=quantity, pending=pending_hundredths)
    publish(HoursExpired(lot_id=lot.pk, hundredths=quantity))
    return movement


@transaction.atomic
def reopen_expiry(
    *, lot: Lot, hundredths: int, cause: str, now: datetime, idempotency_key: str
) -> list[Movement]:
    """Reverse so much of a lot's expiry, last booked first, for work done in validity and approved after it.

    `draw` does it by itself for a take with `from_expired`. Refused: `not_enough`, `key_reused`.
    """
    contract = lock_contract(lot.contract_id)
    lot = next(other for other in lock_lots(contract) if other.pk == lot.pk)
    first = earlier(contract, f"{idempotency_key}:1", Movement.Kind.REVERSAL)
    if first is not None:
        return list(Movement.objects.filter(idempotency_key__startswith=f"{idempotency_key}:").order_by("id"))
    return reopen(contract, lot, hundredths, key=idempotency_key, cause=cause, now=now)


def reopen(
    contract: Contract, lot: Lot, hundredths: int, *, key: str, cause: str, now: datetime
) -> list[Movement]:
    """Reverse `hundredths` of the lot's expiry movements, the last booked first; contract and lots are locked.

    Refused: `not_enough` when less stands expired, as after a revaluation.
    """
    if hundredths <= 0 or hundredths > expired_hundredths(lot):
        raise Refused(
            "not_enough",
            _("%(code)s no longer has so much expired to give back. Nothing was drawn; rate the work again.")
            % {"code": lot.code},
        )
    reversals: list[Movement] = []
    for expired, open_part in _open_expiries(lot):
        part = min(hundredths, open_part)
        if part:
            own_key = f"{key}:{len(reversals) + 1}"
            taken = ledger.expiry(expired.idempotency_key, lot.pk, open_part)
            back = ledger.reversal(own_key, taken, part)
            kind = Movement.Kind.REVERSAL
            reversals.append(book(contract, kind, own_key, [back], now=now, cause=cause, corrects=expired))
            hundredths -= part
    record("expiry_reopened", lot, now=now, code=lot.code, cause=cause)
    return reversals


def _open_expiries(lot: Lot) -> list[tuple[Movement, int]]:
    """The lot's expiry movements with what no reversal has taken back of them yet, the last booked first."""
    on_lot = Posting.objects.filter(lot=lot, account=Account.EXPIRED)
    booked = on_lot.filter(movement__kind=Movement.Kind.EXPIRY).select_related("movement").order_by("-id")
    reopened = dict(
        on_lot.filter(movement__corrects__kind=Movement.Kind.EXPIRY)
        .values("movement__corrects")
        .annotate(total=Sum("quantity"))
        .values_list("movement__corrects", "total")
    )
    return [(row.movement, row.quantity + reopened.get(row.movement_id, 0)) for row in booked]
