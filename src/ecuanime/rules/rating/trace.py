"""The trace: every step of a rating as a code and its figures.

Words are made from it when it is read, in the reader's language. Figures are JSON values: integers, strings
(exact decimals and fractions), ISO dates and instants, or None. The codes and what each carries are listed
in docs/rules/rating.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Figure = int | str | None
Fact = int | str | Decimal | Fraction | date | datetime | None


class Code(StrEnum):
    """What a step of a rating says."""

    WORK = "work"
    FREE_UNDER_THRESHOLD = "free_under_threshold"
    GROUP_ROUNDED = "group_rounded"
    SEGMENT = "segment"
    SURCHARGE = "surcharge"
    WEIGHTED = "weighted"
    INCIDENT = "incident"
    NO_INCIDENT = "no_incident"
    OTHER_SITE = "other_site"
    INCLUDED = "included"
    DRAWN = "drawn"
    OVERAGE = "overage"
    OVERDRAFT = "overdraft"
    HELD = "held"
    CONSENTED = "consented"
    PRICED = "priced"
    FIXED_PRICE = "fixed_price"
    UNIT_PRICE = "unit_price"
    CORRECTION = "correction"
    TAKEN_BACK = "taken_back"
    GIVEN_BACK = "given_back"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class Step:
    """One code with its figures, in a fixed order. `work_id` is None for a step that concerns a whole group."""

    code: Code
    work_id: int | None
    figures: tuple[tuple[str, Figure], ...]

    def as_json(self) -> dict[str, Figure]:
        """The step as a flat JSON object: code, work_id and the figures by name."""
        return {"code": self.code.value, "work_id": self.work_id, **dict(self.figures)}


def step(code: Code, work_id: int | None, /, **facts: Fact) -> Step:
    """A step whose facts are turned into JSON values without losing exactness."""
    return Step(code, work_id, tuple((name, _figure(fact)) for name, fact in facts.items()))


def as_json(trace: Iterable[Step]) -> list[dict[str, Figure]]:
    """A whole trace, ready to be stored."""
    return [entry.as_json() for entry in trace]


def _figure(fact: Fact) -> Figure:
    if fact is None or isinstance(fact, int):
        return fact
    if isinstance(fact, str):
        return str(fact)
    return fact.isoformat() if isinstance(fact, date) else plain(fact)


def plain(number: Decimal | Fraction) -> str:
    """An exact number as text: "1.5", "1000", and "40/3" where no decimal is exact."""
    # Asked in this order: whether a number is a Fraction takes long to find out.
    if isinstance(number, Decimal):
        text = format(number, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(number)
