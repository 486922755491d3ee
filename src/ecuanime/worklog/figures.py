"""What an entry comes to, in one shape: as it would be rated now, or as it was rated when it was approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ecuanime.rules.money import amount_for_minutes, round_half_up, to_minor
from ecuanime.rules.rating import HoldReason
from ecuanime.worklog.models import EntryState, RatedEntry, RatedSegment, TimeEntry
from ecuanime.worklog.rating import RatedWork

CONSENTABLE = frozenset({HoldReason.CONSENT.value, HoldReason.LIMIT.value})
"""Why work may wait for the client's word."""


@dataclass(frozen=True)
class Figures:
    """Hundredths of a minute, whole minutes, and exact minor units of `currency`.

    `draws` are (lot code, hundredths) in the order drawn. `held_reason` is empty, or why `held` waits for a person.
    `is_final` says that it was drawn; otherwise it is what approving it now would do. `trace` feeds `words.tell`.
    """

    elapsed_seconds: int
    billed_seconds: int
    rounded_minutes: int
    weighted: int
    included: int
    draws: tuple[tuple[str, int], ...]
    overage: int
    overdraft: int
    held: int
    held_reason: str
    amount: Fraction
    currency: str
    units: int | None
    trace: list[dict[str, Any]]
    is_final: bool

    @property
    def drawn(self) -> int:
        """What the lots cover, in hundredths of a minute."""
        return sum(quantity for _code, quantity in self.draws)

    @property
    def uncovered(self) -> int:
        """What nothing covers and no later lot settles by itself, in hundredths of a minute."""
        return self.overage - self.overdraft

    @property
    def asks_consent(self) -> bool:
        """Whether part of it waits for the client's word."""
        return self.held_reason in CONSENTABLE

    @property
    def amount_minor(self) -> int:
        """The amount in whole minor units, for showing it by itself; sums are made of the exact `amount`."""
        return round_half_up(self.amount)

    @property
    def is_goodwill(self) -> bool:
        """Worked and not charged."""
        return self.billed_seconds == 0 and self.elapsed_seconds > 0


@dataclass(frozen=True)
class Totals:
    """Sums over entries; money by currency, in minor units half-up once per currency.

    `unpriced` counts the entries that have no figures because they have no contract yet.
    """

    entries: int
    elapsed_seconds: int
    goodwill_seconds: int
    rounded_minutes: int
    drawn: int
    overage: int
    amounts: tuple[tuple[str, int], ...]
    unpriced: int


def figures_of_work(work: RatedWork, codes: Mapping[int, str], currency: str) -> Figures:
    """What a rated work would come to; `codes` names the lots."""
    entry, segments = work.entry, work.segments
    return Figures(
        elapsed_seconds=entry.elapsed_seconds,
        billed_seconds=entry.billed_seconds,
        rounded_minutes=work.rounded_minutes,
        weighted=sum(segment.weighted_hundredths for segment in segments),
        included=sum(segment.included_hundredths for segment in segments),
        draws=tuple((codes.get(take.lot_id, ""), take.hundredths) for take in work.takes),
        overage=sum(segment.overage_hundredths for segment in segments),
        overdraft=sum(segment.overdraft_hundredths for segment in segments),
        held=sum(segment.held_hundredths for segment in segments),
        held_reason=next((segment.hold_reason.value for segment in segments if segment.hold_reason), ""),
        amount=sum((segment.amount or Fraction(0) for segment in segments), Fraction(0)),
        currency=currency,
        units=entry.units,
        trace=work.trace,
        is_final=False,
    )


def figures_of_rating(entry: TimeEntry, rating: RatedEntry) -> Figures:
    """What an approved entry came to; its segments, their draws and the lots of these should be prefetched."""
    segments = list(rating.segments.all())
    draws: dict[str, int] = {}
    for draw in (draw for segment in segments for draw in segment.draws.all()):
        draws[draw.lot.code] = draws.get(draw.lot.code, 0) + draw.quantity
    return Figures(
        elapsed_seconds=entry.elapsed_seconds,
        billed_seconds=entry.billed_seconds,
        rounded_minutes=rating.rounded_minutes,
        weighted=rating.weighted,
        included=rating.included,
        draws=tuple(draws.items()),
        overage=rating.overage,
        overdraft=sum(segment.overdraft for segment in segments),
        held=sum(segment.held for segment in segments),
        held_reason=next((segment.held_reason for segment in segments if segment.held_reason), ""),
        amount=sum((amount_of_segment(segment) for segment in segments), Fraction(0)),
        currency=segments[0].currency if segments else "",
        units=entry.units,
        trace=rating.trace,
        is_final=True,
    )


def amount_of_segment(segment: RatedSegment) -> Fraction:
    """The exact minor units that a stored segment is to be billed at; 0 when nothing is to be paid."""
    if segment.price is None:
        return Fraction(0)
    if segment.units is not None:
        return Fraction(segment.units) * to_minor(segment.price, segment.currency)
    minutes = Fraction(segment.charged_numerator, segment.charged_denominator)
    return amount_for_minutes(minutes, segment.price, segment.currency)


def due_of_segment(segment: RatedSegment) -> Fraction:
    """The exact minor units that are still to be billed for a stored segment: without what corrections took."""
    if segment.price is None:
        return Fraction(0)
    if segment.due_units is not None:
        return segment.due_units * to_minor(segment.price, segment.currency)
    return amount_for_minutes(segment.due_minutes, segment.price, segment.currency)


def totals_of(rows: Iterable[tuple[TimeEntry, Figures | None]]) -> Totals:
    """Sums over entries with what they come to; rejected entries count only as worked."""
    listed = list(rows)
    known = [figures for _entry, figures in listed if figures is not None]
    amounts: dict[str, Fraction] = {}
    for figures in known:
        if figures.amount:
            amounts[figures.currency] = amounts.get(figures.currency, Fraction(0)) + figures.amount
    return Totals(
        entries=len(listed),
        elapsed_seconds=sum(entry.elapsed_seconds for entry, _figures in listed),
        goodwill_seconds=sum(entry.elapsed_seconds - entry.billed_seconds for entry, _figures in listed),
        rounded_minutes=sum(figures.rounded_minutes for figures in known),
        drawn=sum(figures.drawn for figures in known),
        overage=sum(figures.overage for figures in known),
        amounts=tuple((currency, round_half_up(amount)) for currency, amount in sorted(amounts.items())),
        unpriced=sum(
            entry.contract_id is None and entry.state != EntryState.SETTLED for entry, _figures in listed
        ),
    )
