"""Ledger: prepaid quantities in append-only double entry.

A movement is a set of postings, in hundredths of a minute, that sums to zero within every lot. A lot's
balance is the sum of its postings to the account `lot`; the other accounts say where the rest went. Nothing
is edited: a correction is a reversal that names the movement it corrects. See docs/rules/ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Where a quantity stands. What a lot was granted, received from elsewhere or overdrew stands negative."""

    LOT = "lot"
    GRANTED = "granted"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"
    REFUNDED = "refunded"
    REVALUED = "revalued"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    OVERDRAWN = "overdrawn"


class Kind(StrEnum):
    """What happened to a lot."""

    GRANT = "grant"
    BONUS = "bonus"
    DRAWDOWN = "drawdown"
    REVERSAL = "reversal"
    EXPIRY = "expiry"
    VOID = "void"
    REFUND = "refund"
    REVALUATION = "revaluation"
    TRANSFER = "transfer"
    OVERDRAFT = "overdraft"
    SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a movement: so many hundredths of a minute into an account of a lot (negative: out of it)."""

    account: Account
    lot_id: int
    hundredths: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One business fact. `key` is its idempotency key; `reverses` is the key of the movement it takes back."""

    key: str
    kind: Kind
    postings: tuple[Posting, ...]
    reverses: str | None = None


class Fault(StrEnum):
    """What `check` can find wrong."""

    UNBALANCED = "unbalanced"
    DUPLICATE_KEY = "duplicate_key"
    BELOW_ZERO = "below_zero"
    UNKNOWN_REVERSED = "unknown_reversed"
    OVER_REVERSED = "over_reversed"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error found in a ledger: which movement, which lot where that is known, and by how much."""

    fault: Fault
    key: str
    lot_id: int | None = None
    hundredths: int = 0


def grant(key: str, lot_id: int, hundredths: int) -> Movement:
    """Paid or included quantity put into a lot."""
    return _out_of(Kind.GRANT, key, lot_id, Account.GRANTED, Account.LOT, hundredths)


def bonus(key: str, lot_id: int, hundredths: int) -> Movement:
    """Free quantity put into a lot."""
    return _out_of(Kind.BONUS, key, lot_id, Account.GRANTED, Account.LOT, hundredths)


def drawdown(key: str, lot_id: int, hundredths: int) -> Movement:
    """Quantity taken for a piece of work."""
    return _out_of(Kind.DRAWDOWN, key, lot_id, Account.LOT, Account.USED, hundredths)


def expiry(key: str, lot_id: int, hundredths: int) -> Movement:
    """Quantity lost at the end of the lot's last day."""
    return _out_of(Kind.EXPIRY, key, lot_id, Account.LOT, Account.EXPIRED, hundredths)


def void(key: str, lot_id: int, hundredths: int) -> Movement:
    """Unused quantity cancelled."""
    return _out_of(Kind.VOID, key, lot_id, Account.LOT, Account.VOID, hundredths)


def refund(key: str, lot_id: int, hundredths: int) -> Movement:
    """Unused quantity paid back, or bonus that goes along with it."""
    return _out_of(Kind.REFUND, key, lot_id, Account.LOT, Account.REFUNDED, hundredths)


def revaluation(key: str, lot_id: int, hundredths: int) -> Movement:
    """Expired quantity that the client takes over into a new lot at today's price; the new lot is a grant."""
    return _out_of(Kind.REVALUATION, key, lot_id, Account.EXPIRED, Account.REVALUED, hundredths)


def transfer(key: str, from_lot: int, to_lot: int, hundredths: int) -> Movement:
    """Quantity moved from one lot into another, such as a rollover."""
    if from_lot == to_lot:
        raise ValueError("a transfer has two lots")
    out, into = transfer_out(key, from_lot, hundredths), transfer_in(key, to_lot, hundredths)
    return Movement(key, Kind.TRANSFER, out.postings + into.postings)


def transfer_out(key: str, lot_id: int, hundredths: int) -> Movement:
    """What a transfer takes out of a lot: a movement of its own where the other lot stands in another ledger."""
    return _out_of(Kind.TRANSFER, key, lot_id, Account.LOT, Account.TRANSFERRED_OUT, hundredths)


def transfer_in(key: str, lot_id: int, hundredths: int) -> Movement:
    """What a transfer puts into a lot, the counterpart of `transfer_out`."""
    return _out_of(Kind.TRANSFER, key, lot_id, Account.TRANSFERRED_IN, Account.LOT, hundredths)


def overdraft(key: str, account: int, hundredths: int) -> Movement:
    """Quantity used that no lot had, for the next lot to settle; `account` is a lot without hours."""
    return _out_of(Kind.OVERDRAFT, key, account, Account.OVERDRAWN, Account.USED, hundredths)


def settlement(key: str, lot_id: int, account: int, hundredths: int) -> Movement:
    """Quantity of a lot that pays what was overdrawn before it came."""
    moved = transfer(key, lot_id, account, hundredths)
    paid = tuple(
        Posting(Account.OVERDRAWN, account, row.hundredths)
        if (row.account, row.lot_id) == (Account.LOT, account)
        else row
        for row in moved.postings
    )
    return Movement(key, Kind.SETTLEMENT, paid)


def reversal(key: str, reversed_movement: Movement, hundredths: int | None = None) -> Movement:
    """The opposite of a movement, or of `hundredths` of it, naming the one it takes back.

    Raises ValueError for more than the movement moved, and for a reversal of a reversal: what was wrongly
    taken back is moved again by a new movement.
    """
    if reversed_movement.kind == Kind.REVERSAL:
        raise ValueError("a reversal is not reversed; move the quantity again")
    moved = max(posting.hundredths for posting in reversed_movement.postings)
    part = moved if hundredths is None else hundredths
    _positive(part)
    if part > moved:
        raise ValueError("no more is taken back than was moved")
    postings = tuple(
        Posting(posting.account, posting.lot_id, -part if posting.hundredths > 0 else part)
        for posting in reversed_movement.postings
    )
    return Movement(key, Kind.REVERSAL, postings, reverses=reversed_movement.key)


def _out_of(kind: Kind, key: str, lot_id: int, source: Account, target: Account, hundredths: int) -> Movement:
    _positive(hundredths)
    return Movement(key, kind, (Posting(source, lot_id, -hundredths), Posting(target, lot_id, hundredths)))


def _positive(hundredths: int) -> None:
    if hundredths <= 0:
        raise ValueError("a movement moves something")


def balance(movements: Iterable[Movement], lot_id: int, account: Account = Account.LOT) -> int:
    """What stands in one account of a lot, in hundredths of a minute."""
    return balances(movements).get((lot_id, account), 0)


def balances(movements: Iterable[Movement]) -> dict[tuple[int, Account], int]:
    """What stands in every account of every lot."""
    standing: dict[tuple[int, Account], int] = {}
    for movement in movements:
        for posting in movement.postings:
            place = (posting.lot_id, posting.account)
            standing[place] = standing.get(place, 0) + posting.hundredths
    return standing


@dataclass(frozen=True, slots=True)
class Summary:
    """A lot's life in the terms of its identity: what came in, where it went, what is left."""

    granted: int
    transferred_in: int
    used: int
    expired: int
    void: int
    refunded: int
    transferred_out: int
    revalued: int
    left: int
    overdrawn: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all that came in is accounted for, and no account stands on the wrong side of zero."""
        gone = self.used + self.expired + self.void + self.refunded + self.transferred_out + self.revalued
        came = self.granted + self.transferred_in + self.overdrawn
        figures = (self.granted, self.transferred_in, self.used, self.expired, self.void, self.refunded)
        sound = min(*figures, self.transferred_out, self.revalued, self.left, self.overdrawn) >= 0
        return sound and came == gone + self.left


def summary(movements: Iterable[Movement], lot_id: int) -> Summary:
    """The figures of one lot, all positive."""
    return _summary(balances(movements), lot_id)


def _summary(standing: dict[tuple[int, Account], int], lot_id: int) -> Summary:
    def of(account: Account) -> int:
        return standing.get((lot_id, account), 0)

    return Summary(
        granted=-of(Account.GRANTED),
        transferred_in=-of(Account.TRANSFERRED_IN),
        used=of(Account.USED),
        expired=of(Account.EXPIRED),
        void=of(Account.VOID),
        refunded=of(Account.REFUNDED),
        transferred_out=of(Account.TRANSFERRED_OUT),
        revalued=of(Account.REVALUED),
        left=of(Account.LOT),
        overdrawn=-of(Account.OVERDRAWN),
    )


def check(movements: Iterable[Movement]) -> tuple[Problem, ...]:
    """Everything that is wrong with a ledger, in the order of its movements; empty when it is sound.

    Each movement sums to zero in every lot, no key comes twice, no lot goes below zero at any time, a
    reversal names an earlier movement and never takes back more than that moved, and every lot's identity
    holds at the end.
    """
    problems: list[Problem] = []
    seen: dict[str, Movement] = {}
    still: dict[str, dict[tuple[int, Account], int]] = {}
    standing: dict[tuple[int, Account], int] = {}
    for movement in movements:
        problems += _unbalanced(movement)
        if movement.key in seen:
            problems.append(Problem(Fault.DUPLICATE_KEY, movement.key))
        problems += _wrong_reversal(movement, still)
        problems += _post(movement, standing)
        seen[movement.key] = movement
        still[movement.key] = balances([movement])
    for lot_id in sorted({lot for lot, _ in standing}):
        if not _summary(standing, lot_id).is_whole:
            problems.append(Problem(Fault.IDENTITY, "", lot_id))
    return tuple(problems)


def _unbalanced(movement: Movement) -> list[Problem]:
    sums: dict[int, int] = {}
    for posting in movement.postings:
        sums[posting.lot_id] = sums.get(posting.lot_id, 0) + posting.hundredths
    return [Problem(Fault.UNBALANCED, movement.key, lot, rest) for lot, rest in sorted(sums.items()) if rest]


def _wrong_reversal(movement: Movement, still: dict[str, dict[tuple[int, Account], int]]) -> list[Problem]:
    """Take a reversal off what is still to reverse of the movement it names, and report what goes beyond."""
    if movement.kind != Kind.REVERSAL and movement.reverses is None:
        return []
    rest = still.get(movement.reverses or "")
    if rest is None:
        return [Problem(Fault.UNKNOWN_REVERSED, movement.key)]
    problems = []
    for posting in movement.postings:
        place = (posting.lot_id, posting.account)
        before = rest.get(place, 0)
        rest[place] = before + posting.hundredths
        if before * rest[place] < 0 or abs(rest[place]) > abs(before):
            problems.append(Problem(Fault.OVER_REVERSED, movement.key, posting.lot_id, rest[place]))
    return problems


def _post(movement: Movement, standing: dict[tuple[int, Account], int]) -> list[Problem]:
    problems = []
    for posting in movement.postings:
        place = (posting.lot_id, posting.account)
        standing[place] = standing.get(place, 0) + posting.hundredths
    for lot_id in sorted({posting.lot_id for posting in movement.postings}):
        left = standing.get((lot_id, Account.LOT), 0)
        if left < 0:
            problems.append(Problem(Fault.BELOW_ZERO, movement.key, lot_id, left))
    return problems
