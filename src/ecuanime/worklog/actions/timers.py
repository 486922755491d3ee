"""The running timer of a person: start, stop, discard; the one nobody stopped is ended by hand, never by guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecuanime.accounts.models import User
from ecuanime.contracts.models import WorkType
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import TimeEntry, Timer

LONG = timedelta(hours=4)
"""A timer that has run longer was probably forgotten: it asks before it is recorded."""


@dataclass(frozen=True)
class Started:
    """A new timer, and the entry of the one that ran before it (None when none ran, or not for a second)."""

    timer: Timer
    recorded: TimeEntry | None


def start_timer(
    *, user: User, ticket: Ticket, now: datetime, work_type: WorkType | None = None, note: str = ""
) -> Started:
    """Start the person's timer on a ticket; the one that runs elsewhere is stopped and recorded first.

    Without a work type: the first active one. Started again on the same ticket it simply goes on.
    Refused: `not_allowed`, `no_client` (nobody knows yet for whom it is), `no_work_type`, and `long_timer` when the
    one that runs has been running for more than four hours: say first when that work ended.
    """
    raise NotImplementedError


def stop_timer(
    *,
    user: User,
    now: datetime,
    ended_at: datetime | None = None,
    note: str | None = None,
    work_type: WorkType | None = None,
    confirmed: bool = False,
) -> TimeEntry | None:
    """Stop the person's timer and record its time, in seconds as worked; under a second nothing is recorded (None).

    `ended_at` says that the work ended earlier. More than four hours must be `confirmed`, or given an end.
    Refused: `no_timer`, `long_timer`, `future`, `end_before_start`, `too_long` (over 24 h), `no_client`.
    """
    raise NotImplementedError


def end_stuck_timer(*, timer: Timer, by: User, ended_at: datetime, now: datetime) -> TimeEntry | None:
    """A supervisor says when the work of a forgotten timer ended; the entry is the timer's person's.

    Refused: `not_allowed`, `no_timer` (stopped meanwhile), `future`, `end_before_start`, `too_long`, `no_client`.
    """
    raise NotImplementedError


def ask_about_timer(*, timer: Timer, by: User, now: datetime) -> None:
    """Write to the person whose timer runs, to ask when the work ended; once per timer however often it is asked.

    Refused: `not_allowed`, `no_timer`.
    """
    raise NotImplementedError


def discard_timer(*, user: User, now: datetime) -> None:
    """Throw the running timer away without recording anything. Refused: `no_timer`."""
    raise NotImplementedError
