"""Documents and money as entries of a journal: each balanced, to the minor unit. See docs/rules/journal.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account of the firm's accounting is for."""

    CLIENTS = "clients"
    HELD = "held"
    BANK = "bank"
    CARD = "card"
    CASH = "cash"
    SERVICES = "services"
    GOODS = "goods"
    ADVANCES = "advances"
    TAX = "tax"
    WITHHELD = "withheld"
    LOST = "lost"
    RATE_GAIN = "rate_gain"
    RATE_LOSS = "rate_loss"


class Move(StrEnum):
    """What a payment's row is: money, credit that is applied, or something given up."""

    MONEY = "money"
    APPLIED = "applied"
    LOST = "lost"


@dataclass(frozen=True)
class Posting:
    """So many minor units on an account: above zero on its debit side, below on its credit side."""

    role: Role
    amount: int
    detail: str = ""

    @property
    def debit(self) -> int:
        """What stands on the debit side."""
        return max(self.amount, 0)

    @property
    def credit(self) -> int:
        """What stands on the credit side."""
        return max(-self.amount, 0)


@dataclass(frozen=True)
class Entry:
    """Postings that sum to zero; the order is that of the journal. Raises ValueError for any that do not."""

    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if sum(posting.amount for posting in self.postings) != 0:
            raise ValueError("an entry of the journal is not balanced")


def entry_of_document(
    *, payable: int, withheld: int, sales: Iterable[tuple[Role, int]], taxes: Iterable[tuple[str, int]]
) -> Entry:
    """An issued document, a credit note with its amounts below zero: what is asked for and kept back against sales
    and taxes.

    `sales` are the lines' amounts by role, before tax; `taxes` each tax by its name. Amounts in minor units.
    """
    sums: dict[Role, int] = {}
    for role, amount in sales:
        sums[role] = sums.get(role, 0) + amount
    postings = [Posting(Role.CLIENTS, payable), Posting(Role.WITHHELD, withheld)]
    postings += [Posting(role, -amount) for role, amount in sums.items()]
    postings += [Posting(Role.TAX, -amount, name) for name, amount in taxes]
    return Entry(tuple(posting for posting in postings if posting.amount))


def entry_of_payment(move: Move, amount: int, *, money: Role, on_document: bool) -> Entry | None:
    """A row of money, or of what stands beside it; none for the half of applied credit that its other half says.

    `money` is where it came to; below zero it went. Without a document it is held for the client.
    """
    if move == Move.APPLIED and not on_document:
        return None
    debit = {Move.MONEY: money, Move.APPLIED: Role.HELD, Move.LOST: Role.LOST}[move]
    credit = Role.CLIENTS if on_document else Role.HELD
    return Entry((Posting(debit, amount), Posting(credit, -amount)))


def entry_of_exchange(difference: int, *, on_document: bool) -> Entry | None:
    """What a payment's rate brought, above zero, or cost, in the firm's currency; none where it did neither.

    The claim, or what is held, was booked at one rate and the money at another: this makes up for it.
    """
    if not difference:
        return None
    against = Role.CLIENTS if on_document else Role.HELD
    result = Role.RATE_GAIN if difference > 0 else Role.RATE_LOSS
    return Entry((Posting(against, difference), Posting(result, -difference)))
