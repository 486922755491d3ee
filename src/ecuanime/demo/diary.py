"""Time in the demo: the firm's days, and who is busy when, so that nobody works on two things at once."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ecuanime.accounts.models import User
from ecuanime.foundation.audit import SYSTEM, Actor, acting_as

ZONE = ZoneInfo("Europe/Madrid")
DAY = timedelta(days=1)
MORNING, AFTERNOON = (time(9), time(14)), (time(15), time(18))


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day by the clock on the wall."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


class Diary:
    """The firm's working days, and what each person has already taken on."""

    def __init__(self, holidays: Iterable[date]) -> None:
        self._holidays = frozenset(holidays)
        self._busy: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)

    def is_workday(self, day: date) -> bool:
        """Monday to Friday, and no holiday."""
        return day.weekday() < 5 and day not in self._holidays

    def next_workday(self, day: date, after: int = 1) -> date:
        """The `after`-th working day after a day."""
        while after:
            day += DAY
            after -= self.is_workday(day)
        return day

    def book(self, who: str, after: datetime, minutes: int, *, at_any_hour: bool = False) -> datetime:
        """Take the person's next free stretch of so many minutes from `after` on; returns when it starts."""
        length = timedelta(minutes=minutes)
        start = after.astimezone(ZONE).replace(second=0, microsecond=0)
        while True:
            start = start if at_any_hour else self._in_hours(start, length)
            taken = next(
                (end for begin, end in self._busy[who] if begin < start + length and start < end), None
            )
            if taken is None:
                self._busy[who].append((start, start + length))
                return start
            start = taken + timedelta(minutes=3)

    def _in_hours(self, start: datetime, length: timedelta) -> datetime:
        """The first instant from `start` on at which work of this length fits between the hours of a working day."""
        day = start.date()
        while True:
            if self.is_workday(day):
                for opens, closes in (MORNING, AFTERNOON):
                    begin = max(start, datetime.combine(day, opens, tzinfo=ZONE))
                    if begin + length <= datetime.combine(day, closes, tzinfo=ZONE) + timedelta(minutes=20):
                        return begin
            day += DAY


Step = Callable[[datetime], None]


class Agenda:
    """Everything that is still to happen, in the order of time; what happens may add more."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._steps: list[tuple[datetime, int, User | None, Step]] = []
        self._count = 0

    def add(self, at: datetime, step: Step, by: User | None = None) -> None:
        """Let `step` be taken at `at`, by a person or by the product itself. What lies in the future never happens."""
        if at <= self.now:
            self._count += 1
            heapq.heappush(self._steps, (at, self._count, by, step))

    def run(self, told: Callable[[datetime], None]) -> None:
        """Take all steps; `told` hears the hour of each."""
        while self._steps:
            at, _order, by, step = heapq.heappop(self._steps)
            with acting_as(Actor(by.pk, str(by)) if by else SYSTEM):
                step(at)
            told(at)
