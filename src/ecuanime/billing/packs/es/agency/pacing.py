"""When the agency may be spoken to again, and when a record counts as late. See docs/how-to/spain.md."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=60)
"""Between two messages until an answer says otherwise: Orden HAC/1177/2024, art. 16.2."""
LONGEST_PAUSE = timedelta(minutes=55)
"""After a failure: the order asks for a try every hour at least (art. 16.4), and a sweep a minute late keeps to it."""
LATE_AFTER = timedelta(seconds=240)
"""A record older than that is taken with error 2004 unless an incident is declared ("Validaciones y errores")."""


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row (1 or more): 1, 2, 4, 8… minutes, at most 55."""
    doubled: timedelta = FIRST_WAIT * (1 << min(failures - 1, 10))
    return min(doubled, LONGEST_PAUSE)


def wait_after(seconds: int) -> timedelta:
    """How long to wait after an answer that asked for so many seconds; 60 when it asked for none."""
    return timedelta(seconds=seconds) if seconds > 0 else FIRST_WAIT


def is_late(*, oldest_at: datetime, failures: int, now: datetime) -> bool:
    """Whether a message must say that an incident delayed it: tries failed before, or its oldest record has waited."""
    return failures > 0 or now - oldest_at > LATE_AFTER


def smaller(records: int) -> int:
    """How many records the next message holds when one with so many was not read: half, until the culprit is alone."""
    return max(1, records // 2)
