"""Walks the whole ledger and says what is wrong with it: what `ecuanime verify` asks of this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Prefetch

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.entitlements.statements import IN_BALANCE
from ecuanime.rules import ledger


def verify_ledger() -> Iterator[str]:
    """Say what is wrong with the ledger, one contract at a time; nothing when it is sound.

    Every movement sums to zero in every lot, no lot goes below zero at any time, no reversal takes back more than
    was moved, each lot's identity holds, each lot keeps the sum of its postings and what was granted, and each
    movement the balance after it.
    """
    with_lots = Contract.objects.filter(lots__isnull=False).distinct().order_by("id")
    for contract in with_lots.iterator():
        movements = _movements(contract)
        for problem in ledger.check(movements):
            lot = f" lot {problem.lot_id}" if problem.lot_id is not None else ""
            where = f" movement {problem.key}" if problem.key else ""
            yield f"contract {contract.number}:{lot}{where}: {problem.fault} ({problem.hundredths})"
        yield from _wrong_lots(contract, movements)
        yield from _wrong_balances(contract)


def _movements(contract: Contract) -> list[ledger.Movement]:
    """The contract's movements as the rules know them, in the order in which they were booked."""
    postings = Prefetch("postings", Posting.objects.order_by("id"))
    rows = Movement.objects.filter(contract=contract).select_related("corrects").prefetch_related(postings)
    return [
        ledger.Movement(
            key=row.idempotency_key,
            kind=ledger.Kind(row.kind),
            postings=tuple(
                ledger.Posting(ledger.Account(posting.account), posting.lot_id, posting.quantity)
                for posting in row.postings.all()
            ),
            reverses=row.corrects.idempotency_key if row.corrects else None,
        )
        for row in rows.order_by("id")
    ]


def _wrong_balances(contract: Contract) -> Iterator[str]:
    """Movements and postings that keep another balance than what was booked until then, or stand before the last."""
    counted = Posting.objects.filter(account__in=IN_BALANCE).order_by("id")
    standing: dict[str, int] = {}
    left: dict[int, int] = {}
    at: dict[str, datetime] = {}
    rows = Movement.objects.filter(contract=contract).prefetch_related(Prefetch("postings", counted))
    for movement in rows.order_by("id"):
        for posting in movement.postings.all():
            standing[movement.unit] = standing.get(movement.unit, 0) + posting.quantity
            if posting.account != Account.LOT:
                continue
            left[posting.lot_id] = left.get(posting.lot_id, 0) + posting.quantity
            if posting.left != left[posting.lot_id]:
                yield f"movement {movement.idempotency_key}: a posting keeps {posting.left} left of a lot"
        if movement.balance != standing.get(movement.unit, 0):
            yield f"movement {movement.idempotency_key}: keeps a balance of {movement.balance}"
        if movement.at < at.get(movement.unit, movement.at):
            yield f"movement {movement.idempotency_key}: stands before what was booked earlier"
        at[movement.unit] = movement.at


def _wrong_lots(contract: Contract, movements: list[ledger.Movement]) -> Iterator[str]:
    standing = ledger.balances(movements)
    for lot in Lot.objects.filter(contract=contract).order_by("id"):
        booked = standing.get((lot.pk, ledger.Account.LOT), 0)
        if lot.left != booked:
            yield f"lot {lot.code}: keeps {lot.left} but its postings sum to {booked}"
        owed = -standing.get((lot.pk, ledger.Account.OVERDRAWN), 0)
        if lot.owed != owed:
            yield f"lot {lot.code}: keeps {lot.owed} owed but its postings sum to {owed}"
        came_in = -standing.get((lot.pk, ledger.Account.GRANTED), 0)
        came_in -= standing.get((lot.pk, ledger.Account.TRANSFERRED_IN), 0)
        # An overdraft account is granted nothing: what comes in pays what was used already.
        if lot.granted != came_in and lot.source != Lot.Source.OVERDRAFT:
            yield f"lot {lot.code}: says {lot.granted} granted but its postings say {came_in}"
