"""Quiet hours: when somebody may be disturbed again. See docs/rules/quiet-hours.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of every day, on the wall clock of a zone; it passes midnight when it ends at or before its beginning."""

    begins: time
    ends: time
    zone: str

    def loud_from(self, at: datetime) -> datetime:
        """`at` itself when it may be loud then, else the end of the quiet hours it falls into, in UTC.

        Hours that begin when they end are none.
        """
        local = at.astimezone(ZoneInfo(self.zone))
        clock = local.time().replace(tzinfo=None)
        if self.begins == self.ends:
            return at
        over_midnight = self.ends < self.begins
        inside = (
            clock >= self.begins or clock < self.ends if over_midnight else self.begins <= clock < self.ends
        )
        if not inside:
            return at
        day = local.date()
        if over_midnight and clock >= self.begins:
            day += timedelta(days=1)
        return max(at, datetime.combine(day, self.ends, ZoneInfo(self.zone)).astimezone(UTC))
