"""Corrections of approved work: what is taken away from what an entry was booked with. See docs/rules/corrections.md.

Seconds and minutes are integers, ledger quantities hundredths of a minute, charged minutes exact Fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .hours import SECONDS_PER_MINUTE, Rounding, round_to_minutes
from .money import round_half_up


@dataclass(frozen=True, slots=True)
class Booked:
    """A piece of approved work as far as nothing was taken from it yet.

    `charged` are the minutes it bills; `held` and `overdraft` what of its overage waits for a person or the next lot,
    `consented` what is billed only because the client let it be.
    """

    id: int
    minutes: int
    weighted: int
    drawn: int
    overage: int
    charged: Fraction
    held: int = 0
    overdraft: int = 0
    consented: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken from one piece, each figure 0 or more."""

    id: int
    minutes: int
    weighted: int
    drawn: int
    overage: int
    charged: Fraction
    held: int = 0
    overdraft: int = 0
    consented: int = 0

    @property
    def included(self) -> int:
        """What of it the plan itself covered."""
        return self.weighted - self.drawn - self.overage

    def left_of(self, piece: Booked) -> Booked:
        """The piece without it."""
        return Booked(
            piece.id,
            piece.minutes - self.minutes,
            piece.weighted - self.weighted,
            piece.drawn - self.drawn,
            piece.overage - self.overage,
            piece.charged - self.charged,
            piece.held - self.held,
            piece.overdraft - self.overdraft,
            piece.consented - self.consented,
        )


def counting(seconds: int, free_under_minutes: Decimal | None) -> int:
    """The seconds of an entry that count at all: none under its type's threshold."""
    is_free = free_under_minutes is not None and seconds < free_under_minutes * SECONDS_PER_MINUTE
    return 0 if is_free else seconds


def counting_units(units: int, free_under: Decimal | None) -> int:
    """The pieces that count: none under the threshold, all of them from it on."""
    return 0 if free_under is not None and units < free_under else units


def minutes_to_take(seconds: int, booked_seconds: int, booked_minutes: int, policy: Rounding) -> int:
    """The rounded minutes that a group loses when `seconds` fewer count in it.

    Never below 0: `booked − round(total)`. Raises ValueError for more seconds than the group has.
    """
    return max(0, booked_minutes - round_to_minutes(booked_seconds - seconds, policy))


def take_back(pieces: Sequence[Booked], minutes: int) -> tuple[Taken, ...]:
    """Take rounded minutes from an entry's pieces, the last first; of each its overage first (what waits for a person,
    what the client consented to, what waits for the next lot, what is billed), then what was drawn, then what the plan
    covered.

    That is how a history would read in which they had never been worked. Less than asked for when they have less.
    """
    taken = []
    for piece in reversed(pieces):
        part = min(minutes, piece.minutes)
        if part > 0:
            taken.append(_part_of(piece, part))
            minutes -= part
    return tuple(taken)


def _part_of(piece: Booked, minutes: int) -> Taken:
    kept = round_half_up(Fraction(piece.weighted * (piece.minutes - minutes), piece.minutes))
    weighted = piece.weighted - kept
    overage = min(piece.overage, weighted)
    held = min(piece.held, overage)
    consented = min(piece.consented, overage - held)
    overdraft = min(piece.overdraft, overage - held - consented)
    billed = piece.overage - piece.held - piece.overdraft
    # Work beside packs weighs nothing and is billed by its minutes.
    share = Fraction(overage - held - overdraft, billed) if billed else Fraction(minutes, piece.minutes)
    return Taken(
        id=piece.id,
        minutes=minutes,
        weighted=weighted,
        drawn=min(piece.drawn, weighted - overage),
        overage=overage,
        charged=piece.charged * share,
        held=held,
        overdraft=overdraft,
        consented=consented,
    )
