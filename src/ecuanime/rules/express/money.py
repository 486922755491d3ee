"""The money of an emergency: the guarantee, what it is credited to, and which document bears which work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum

from ..advances import deductible
from ..money import amount_for_minutes, round_half_up, to_minor

GUARANTEE_HOURS = range(1, 9)
"""From one to eight Express hours."""


class Phase(StrEnum):
    """The two phases of the work."""

    NORMALISATION = "normalisation"
    MITIGATION = "mitigation"


class Document(IntEnum):
    """The documents of a case: never more than these three."""

    GUARANTEE = 1
    NORMALISATION = 2
    MITIGATION = 3


@dataclass(frozen=True, slots=True)
class Bills:
    """What the three documents come to, in minor units before tax, and what of the guarantee is kept for nothing."""

    guarantee: int
    normalisation: int
    mitigation: int
    kept: int

    @property
    def total(self) -> int:
        """What the client pays in all."""
        return self.guarantee + self.normalisation + self.mitigation


def guarantee_amount(hours: int, express: Decimal, currency: str) -> int:
    """The guarantee in minor units before tax: so many hours at the Express rate; 0 hours is a waived one.

    Raises ValueError for a number of hours that no guarantee has.
    """
    if hours and hours not in GUARANTEE_HOURS:
        raise ValueError("a guarantee is one to eight hours, or none")
    return round_half_up(amount_for_minutes(hours * 60, express, currency))


def rate_of(phase: Phase, express: Decimal, on_demand: Decimal, plan: Iterable[Decimal] = ()) -> Decimal:
    """The price per hour of a phase: the most favourable to the client of those that apply.

    Normalisation is worked at the Express rate, mitigation at on demand; `plan` are the rates of the client's monthly
    plans that are active in the product area.
    """
    own = express if phase is Phase.NORMALISATION else on_demand
    return min([own, *plan])


def bills(
    *,
    guarantee_hours: int,
    is_counted: bool,
    normalisation_minutes: int,
    mitigation_minutes: int,
    express: Decimal,
    on_demand: Decimal,
    currency: str,
) -> Bills:
    """What a case costs. Each document's line is rounded half-up once.

    A guarantee that counts is credited as money: first to normalisation, then to mitigation. It is not refundable, so
    the rest is kept; of one that does not count all is kept.
    """
    guarantee = guarantee_amount(guarantee_hours, express, currency)
    normalisation = round_half_up(amount_for_minutes(normalisation_minutes, express, currency))
    mitigation = round_half_up(amount_for_minutes(mitigation_minutes, on_demand, currency))
    left = guarantee if is_counted else 0
    from_first = deductible(left, normalisation)
    from_second = deductible(left - from_first, mitigation)
    return Bills(
        guarantee, normalisation - from_first, mitigation - from_second, guarantee - from_first - from_second
    )


def document_for(phase: Phase, *, is_second_issued: bool) -> Document:
    """On which document work goes.

    A relapse is normalisation again: once the second document is issued, it goes on the third.
    """
    if phase is Phase.NORMALISATION and not is_second_issued:
        return Document.NORMALISATION
    return Document.MITIGATION


def minutes_left(amount: int, price_per_hour: Decimal, currency: str) -> int:
    """The whole minutes that an amount in minor units still pays at a price per hour above zero; none of a debt."""
    return max(0, int(amount * 60 / to_minor(price_per_hour, currency)))
