"""How the ledger is written: the locks, the idempotency key, and a movement that changes its lots with it.

Only the room's actions use this. A movement's postings come from `rules.ledger`; a lot's `left` changes by a
conditional update in the same transaction, and the database checks both again when it commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.foundation.errors import Refused
from ecuanime.rules import ledger
from ecuanime.rules.calendars import local_date


def lock_contract(contract_id: int) -> Contract:
    """The contract's row, locked: writers of one contract's ledger take turns."""
    return (
        Contract.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version")
        .get(pk=contract_id)
    )


def lock_lots(contract: Contract) -> list[Lot]:
    """All lots of a locked contract, locked in the order of their ids."""
    return list(Lot.objects.select_for_update(no_key=True).filter(contract=contract).order_by("id"))


def earlier(contract: Contract, key: str, kind: Movement.Kind) -> Movement | None:
    """The movement that an earlier call with the same key has booked, if any; the contract is locked.

    Refused: `key_reused` when the key belongs to another fact.
    """
    movement = Movement.objects.filter(idempotency_key=key).first()
    if movement is not None and (movement.contract_id, movement.kind) != (contract.pk, kind):
        refuse_key()
    return movement


def refuse_key() -> None:
    """Say that the key already stands for something else."""
    raise Refused(
        "key_reused",
        _("This was already booked in another way. Nothing was changed; reload and look at it again."),
    )


def book(
    contract: Contract,
    kind: Movement.Kind,
    key: str,
    parts: Iterable[ledger.Movement],
    *,
    now: datetime,
    cause: str = "",
    note: str = "",
    worked_at: datetime | None = None,
    corrects: Movement | None = None,
) -> Movement:
    """Write one movement made of the postings of `parts`, in their order, and change its lots.

    Refused: `not_enough` when a lot would go below zero; the caller's transaction is rolled back.
    """
    postings = [posting for part in parts for posting in part.postings]
    changes = _sums(postings, ledger.Account.LOT)
    for lot_id, change in sorted(changes.items()):
        change_left(lot_id, change)
    for lot_id, change in _sums(postings, ledger.Account.OVERDRAWN).items():
        Lot.objects.filter(pk=lot_id).update(owed=F("owed") - change)
    unit, left, owed = _standing(contract, postings[0].lot_id)
    movement = Movement.objects.create(
        contract=contract,
        kind=kind,
        unit=unit,
        balance=sum(left.values()) - owed,
        at=_not_before_the_last(contract, unit, now),
        worked_at=worked_at,
        corrects=corrects,
        idempotency_key=key,
        cause=cause,
        note=note,
    )
    before = {lot_id: left[lot_id] - change for lot_id, change in changes.items()}
    Posting.objects.bulk_create(_posting(movement, row, before) for row in postings)
    return movement


def _sums(postings: Iterable[ledger.Posting], account: ledger.Account) -> dict[int, int]:
    """What the postings change in an account, by lot."""
    changes: dict[int, int] = {}
    for row in postings:
        if row.account == account:
            changes[row.lot_id] = changes.get(row.lot_id, 0) + row.hundredths
    return changes


def _standing(contract: Contract, lot_id: int) -> tuple[str, dict[int, int], int]:
    """The unit of a lot, what each of the contract's lots of that unit has left, and what is owed of it."""
    rows = list(Lot.objects.filter(contract=contract).values_list("pk", "unit", "left", "owed"))
    unit = next(unit for pk, unit, _left, _owed in rows if pk == lot_id)
    of_unit = [(pk, left, owed) for pk, of, left, owed in rows if of == unit]
    return unit, {pk: left for pk, left, _owed in of_unit}, sum(owed for _pk, _left, owed in of_unit)


def _not_before_the_last(contract: Contract, unit: str, now: datetime) -> datetime:
    """The moment to book at: a clock that went back puts nothing before what was booked already."""
    booked = Movement.objects.filter(contract=contract, unit=unit).order_by("-at", "-id")
    last = booked.values_list("at", flat=True).first()
    return max(now, last) if last else now


def _posting(movement: Movement, row: ledger.Posting, standing: dict[int, int]) -> Posting:
    """A posting as its row; `standing` is what the lots had before it, and is brought up to date."""
    left = None
    if row.account == ledger.Account.LOT:
        left = standing[row.lot_id] = standing[row.lot_id] + row.hundredths
    return Posting(
        movement=movement, lot_id=row.lot_id, account=row.account.value, quantity=row.hundredths, left=left
    )


def change_left(lot_id: int, change: int) -> None:
    """Add to what a lot has left, unless it would go below zero. Refused: `not_enough`."""
    lot = Lot.objects.filter(pk=lot_id, left__gte=-change)
    if not lot.update(left=F("left") + change):
        raise Refused(
            "not_enough",
            _("A pack no longer has the hours that this needs. Nothing was drawn; rate the work again."),
        )


def refresh(lots: Sequence[Lot]) -> None:
    """Read again what the lots have left and what is owed on them, after booking."""
    rows = Lot.objects.filter(pk__in=[lot.pk for lot in lots]).values_list("pk", "left", "owed")
    standing = {pk: (left, owed) for pk, left, owed in rows}
    for lot in lots:
        lot.left, lot.owed = standing[lot.pk]


def expired_of(lot: OuterRef) -> Subquery:
    """What expiry took of a lot and still stands there, neither reopened nor revalued; null when nothing did."""
    rows = Posting.objects.filter(account=Account.EXPIRED, lot=lot).order_by()
    return Subquery(rows.values("lot").annotate(total=Sum("quantity")).values("total"))


def expired_hundredths(lot: Lot) -> int:
    """The same of one lot, as it stands now."""
    return Lot.objects.filter(pk=lot.pk).values_list(expired_of(OuterRef("pk")), flat=True).get() or 0


def has_expired(lot: Lot, contract: Contract, now: datetime) -> bool:
    """Whether the lot's last day is over, on the contract's calendar."""
    return lot.expires_on is not None and lot.expires_on < local_date(now, contract.time_zone)


def bonus_of(lot: Lot, lots: Iterable[Lot]) -> list[Lot]:
    """The bonus that came with a pack, among the contract's lots."""
    return [other for other in lots if other.belongs_to_id == lot.pk and other.is_bonus]
