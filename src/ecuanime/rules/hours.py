"""Hours: the units of time and how a firm rounds them.

Time is whole seconds as worked, whole minutes once rounded, and hundredths of a minute in the ledger.
See docs/rules/rounding.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

SECONDS_PER_MINUTE = 60
MINUTES_PER_HOUR = 60
HUNDREDTHS_PER_MINUTE = 100
HUNDREDTHS_PER_HOUR = HUNDREDTHS_PER_MINUTE * MINUTES_PER_HOUR


class Group(StrEnum):
    """What is added up before it is rounded."""

    ENTRY = "entry"
    TICKET = "ticket"
    TICKET_DAY = "ticket_day"
    DAY = "day"
    VISIT = "visit"


class Mode(StrEnum):
    """Which neighbouring step a duration goes to."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class Tie(StrEnum):
    """Where a duration exactly between two steps goes when rounding to the nearest."""

    UP = "up"
    DOWN = "down"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Rounding:
    """A contract's rounding policy; steps and minimum in whole minutes."""

    group: Group = Group.ENTRY
    step_minutes: int = 1
    mode: Mode = Mode.UP
    tie: Tie = Tie.UP
    minimum_minutes: int = 0

    def __post_init__(self) -> None:
        if self.step_minutes < 1:
            raise ValueError("a rounding step is at least one minute")
        if self.minimum_minutes < 0:
            raise ValueError("a minimum is never negative")
        # An unknown name, such as one read from a row, raises ValueError here and not while rating.
        _ = (Group(self.group), Mode(self.mode), Tie(self.tie))


def round_to_minutes(seconds: int, policy: Rounding) -> int:
    """Whole minutes for a group's billable seconds under `policy`.

    0 stays 0, an exact multiple of the step gains nothing, and the minimum applies to whatever is above 0.
    Raises ValueError for negative seconds.
    """
    if seconds < 0:
        raise ValueError("a duration is never negative")
    if seconds == 0:
        return 0
    steps = _whole_steps(seconds, policy.step_minutes * SECONDS_PER_MINUTE, policy)
    return max(steps * policy.step_minutes, policy.minimum_minutes)


def _whole_steps(seconds: int, step: int, policy: Rounding) -> int:
    below, rest = divmod(seconds, step)
    if rest == 0 or policy.mode == Mode.DOWN:
        return below
    if policy.mode == Mode.UP:
        return below + 1
    if 2 * rest != step:
        return below + (2 * rest > step)
    if policy.tie == Tie.EVEN:
        return below + below % 2
    return below + (policy.tie == Tie.UP)


def hours_to_hundredths(hours: int) -> int:
    """Whole hours as the ledger's hundredths of a minute."""
    return hours * HUNDREDTHS_PER_HOUR


def minutes_to_hundredths(minutes: int) -> int:
    """Whole minutes as the ledger's hundredths of a minute."""
    return minutes * HUNDREDTHS_PER_MINUTE


def hundredths_to_minutes(hundredths: int) -> Fraction:
    """The ledger's hundredths as exact minutes."""
    return Fraction(hundredths, HUNDREDTHS_PER_MINUTE)


def seconds_to_minutes(seconds: int) -> Fraction:
    """Seconds as exact minutes, unrounded."""
    return Fraction(seconds, SECONDS_PER_MINUTE)


def hours_and_minutes(minutes: int) -> tuple[int, int]:
    """Whole hours and the minutes left over, for printing as h:mm; the sign goes with both."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    return (hours, rest) if minutes >= 0 else (-hours, -rest)
