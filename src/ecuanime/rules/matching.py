"""Which open invoices money from a bank pays: suggestions with their reasons, never a decision.

See docs/rules/bank-matching.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST = 5
"""How many suggestions a payment gets at most."""
MOST_ALIKE = 3
"""How many invoices are suggested for their amount alone."""
SHORTEST_INSIDE = 5
"""A number with fewer letters and figures is only found where it stands alone."""
LEGAL_FORMS = frozenset(
    {"sl", "slu", "sll", "slp", "sa", "sau", "cb", "ltd", "limited", "llc", "inc", "gmbh", "ag", "kg", "ug"}
    | {"sarl", "sas", "srl", "spa", "bv", "nv", "cv", "de", "la"}
)
"""Words of a name that say nothing about whose it is."""


class Why(StrEnum):
    """What speaks for a suggestion, the strongest first."""

    REFERENCE = "reference"
    NUMBER = "number"
    AMOUNT = "amount"
    ACCOUNT = "account"
    NAME = "name"


WEIGHTS = {Why.REFERENCE: 60, Why.NUMBER: 50, Why.AMOUNT: 30, Why.ACCOUNT: 20, Why.NAME: 15}
STRONG = 45
"""From this weight on a suggestion names its invoice, or its client and the exact amount."""


@dataclass(frozen=True)
class Incoming:
    """Money that came: minor units, what its sender wrote, and who sent it from which account."""

    amount: int
    text: str = ""
    reference: str = ""
    name: str = ""
    account: str = ""


@dataclass(frozen=True)
class Open:
    """An invoice that owes something, minor units, in the currency of the money that came."""

    id: int
    number: str
    owed: int
    client: int


@dataclass(frozen=True)
class Payer:
    """A client: what they are called, and the accounts that they paid from before."""

    client: int
    names: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Suggestion:
    """Invoices of one client with what each gets, why, and what is left of the money; all in minor units."""

    client: int
    parts: tuple[tuple[int, int], ...]
    reasons: tuple[Why, ...]
    rest: int = 0

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(WEIGHTS[reason] for reason in self.reasons)

    @property
    def is_strong(self) -> bool:
        """Whether it names its invoice, or its client and the exact amount."""
        return self.weight >= STRONG


class Ledger:
    """What is open and who owes it, ready to be looked up for many payments. `invoices` come oldest first."""

    def __init__(self, invoices: Sequence[Open], payers: Sequence[Payer]) -> None:
        self._of_client: dict[int, list[Open]] = defaultdict(list)
        self._of_amount: dict[int, list[Open]] = defaultdict(list)
        self._numbers = [(compact(each.number), each) for each in invoices]
        for each in invoices:
            self._of_client[each.client].append(each)
            self._of_amount[each.owed].append(each)
        self._accounts = {account: payer.client for payer in payers for account in payer.accounts}
        self._names: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        for payer in payers:
            for words in {name_words(name) for name in payer.names}:
                for word in words:
                    self._names[word].append((words, payer.client))

    def suggestions(self, money: Incoming) -> list[Suggestion]:
        """The best suggestions for some money, the best first."""
        by_number, by_reference = self._named(money)
        by_account = self._accounts.get(money.account) if money.account else None
        by_name = self._called(money.name)

        def suggest(chosen: Sequence[Open]) -> Suggestion:
            parts = tuple(allotted(money.amount, chosen))
            found = {each.id for each in chosen}
            is_exact = sum(each.owed for each in chosen) == money.amount
            facts = {
                Why.REFERENCE: found <= by_reference,
                Why.NUMBER: found <= by_number,
                Why.AMOUNT: is_exact,
                Why.ACCOUNT: chosen[0].client == by_account,
                Why.NAME: chosen[0].client in by_name,
            }
            reasons = tuple(why for why, holds in facts.items() if holds)
            return Suggestion(
                chosen[0].client, parts, reasons, money.amount - sum(part for _id, part in parts)
            )

        clients = by_name if by_account is None else by_name | {by_account}
        candidates = self._candidates(money.amount, by_number | by_reference, clients)
        found = {each.parts: each for each in map(suggest, candidates)}
        return sorted(found.values(), key=lambda each: (-each.weight, each.parts))[:MOST]

    def _candidates(self, amount: int, named: set[int], clients: set[int]) -> Iterator[list[Open]]:
        """Groups of invoices of one client that the money may pay."""
        for invoices in self._of_client.values():
            if chosen := [each for each in invoices if each.id in named]:
                yield chosen
                if len(chosen) > 1:
                    yield from ([each] for each in chosen if each.owed == amount)
        for client in clients & self._of_client.keys():
            invoices = self._of_client[client]
            yield from ([each] for each in invoices if each.owed == amount)
            yield _reached(amount, invoices)
        for each in self._of_amount.get(amount, [])[:MOST_ALIKE]:
            yield [each]

    def _named(self, money: Incoming) -> tuple[set[int], set[int]]:
        """The invoices whose number the text bears, and those that its structured reference names."""
        words = [compact(word) for word in re.split(r"[^\w/.-]+", money.text) if word]
        alone = set(words) | {part for word in re.split(r"\W+", money.text) if (part := compact(word))}
        text, reference = compact(money.text), compact(money.reference)
        if re.fullmatch(r"RF\d\d\w{1,21}", reference):
            reference = reference[4:]
        by_number = {each.id for number, each in self._numbers if number and _bears(text, alone, number)}
        by_reference = {each.id for number, each in self._numbers if number and number == reference}
        return by_number, by_reference

    def _called(self, name: str) -> set[int]:
        """The clients of that name: their words, legal forms aside, are among its words, or the other way round."""
        words = name_words(name)
        alike = (pair for word in words for pair in self._names.get(word, ()))
        return {client for known, client in alike if _same_name(known, words)}


def allotted(amount: int, invoices: Iterable[Open]) -> Iterator[tuple[int, int]]:
    """What each invoice gets of the money, in their order, until it is used up."""
    for each in invoices:
        part = min(each.owed, amount)
        if part > 0:
            yield each.id, part
        amount -= part


def compact(text: str) -> str:
    """The letters and figures of a text in capitals, without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if letter.isalnum()).upper()


def name_words(name: str) -> frozenset[str]:
    """The words of a name that say whose it is: `Talleres Umbría, S.L.` is `talleres`, `umbria`."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace(".", ""))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(re.findall(r"\w+", plain)) - LEGAL_FORMS


def _reached(amount: int, invoices: Sequence[Open]) -> list[Open]:
    """The oldest invoices that the money reaches."""
    reached: list[Open] = []
    for each in invoices:
        if amount <= 0:
            break
        reached.append(each)
        amount -= each.owed
    return reached


def _bears(text: str, alone: set[str], number: str) -> bool:
    """Whether a compact text bears a compact number: alone, or inside of it where no figure touches its figures."""
    if number in alone:
        return True
    if len(number) < SHORTEST_INSIDE or number not in text or not any(map(str.isdigit, number)):
        return False
    before = r"(?<!\d)" if number[0].isdigit() else ""
    return re.search(rf"{before}{re.escape(number)}(?!\d)", text) is not None


def _same_name(known: frozenset[str], words: frozenset[str]) -> bool:
    shorter, longer = sorted((known, words), key=len)
    return shorter <= longer and (len(shorter) > 1 or shorter == longer or len(max(shorter, key=len)) >= 6)
