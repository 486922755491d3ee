"""The running timer of a person: start, stop, discard.

The one nobody stopped is caught by the daily cut, which proposes an end and asks: a person ends it, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import WorkType
from ecuanime.contracts.queries import work_types
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.access import may_record_time, may_review_time
from ecuanime.worklog.actions.common import require_supervisor
from ecuanime.worklog.actions.entries import client_of, span_between, write_entry
from ecuanime.worklog.letters import mail_about_timer, mail_caught
from ecuanime.worklog.models import TimeEntry, Timer
from ecuanime.worklog.queries.day import LONG, timers_to_catch


@dataclass(frozen=True)
class Started:
    """A new timer, and the entry of the one that ran before it (None when none ran, or not for a second)."""

    timer: Timer
    recorded: TimeEntry | None


@transaction.atomic
def start_timer(
    *, user: User, ticket: Ticket, now: datetime, work_type: WorkType | None = None, note: str = ""
) -> Started:
    """Start the person's timer on a ticket; the one that runs elsewhere is stopped and recorded first.

    Without a work type: the first active one. Started again on the same ticket it simply goes on.
    Refused: `not_allowed`, `no_client` (nobody knows yet for whom it is), `no_work_type`, and `long_timer` when the
    one that runs has been running for more than four hours: say first when that work ended. `timer_runs` when two
    windows start one at once.
    """
    if not may_record_time(user):
        raise Refused("not_allowed", _("Only people who work on tickets record time."))
    client_of(ticket)
    work_type = work_type or work_types().first()
    if work_type is None:
        raise Refused(
            "no_work_type", _("There are no work types yet. An administrator adds them in Settings.")
        )
    running = _locked_timer(user)
    if running is not None and running.ticket_id == ticket.pk:
        return Started(running, None)
    recorded = _record(running, now, now) if running is not None else None
    timer = _create(user, ticket, work_type, note, now)
    record("timer_started", timer, now=now, ticket=ticket.number)
    return Started(timer, recorded)


@transaction.atomic
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

    `ended_at` says that the work ended earlier. More than four hours, or a timer that the cut caught, must be
    `confirmed`, or given an end.
    Refused: `no_timer`, `long_timer`, `future`, `end_before_start`, `too_long` (over 24 h), `no_client`.
    """
    timer = _require_timer(_locked_timer(user))
    timer.note = timer.note if note is None else note
    timer.work_type = work_type or timer.work_type
    return _record(timer, ended_at or now, now, confirmed=confirmed or ended_at is not None)


@transaction.atomic
def end_stuck_timer(*, timer: Timer, by: User, ended_at: datetime, now: datetime) -> TimeEntry | None:
    """A supervisor says when the work of a forgotten timer ended; the entry is the timer's person's.

    Refused: `not_allowed`, `no_timer` (stopped meanwhile), `future`, `end_before_start`, `too_long`, `no_client`.
    """
    require_supervisor(may_review_time(by))
    found = _timers().filter(pk=timer.pk).first()
    return _record(_require_timer(found), ended_at, now, confirmed=True)


@transaction.atomic
def ask_about_timer(*, timer: Timer, by: User, now: datetime) -> None:
    """Write to the person whose timer runs, to ask when the work ended; once per timer however often it is asked.

    Refused: `not_allowed`, `no_timer`.
    """
    require_supervisor(may_review_time(by))
    found = _require_timer(_timers().filter(pk=timer.pk).first())
    mail_about_timer(found, by, now=now)


@transaction.atomic
def catch_timers(*, cut_off: datetime | None, now: datetime) -> list[Timer]:
    """Mark the timers that a cut finds forgotten, with the end each seems to have had, and ask their people by mail.

    The proposal is the person's last trace on the ticket; without one the hour of closing, but no later than four
    hours after the start. Each is caught once, however often the day is closed.
    """
    caught = []
    for found in timers_to_catch(cut_off, now):
        timer = _timers().filter(pk=found.timer.pk, caught_at=None).first()
        if timer is None:
            continue
        timer.caught_at = now
        timer.proposed_end = found.proposed_end or min(timer.started_at + LONG, cut_off or now)
        timer.save(update_fields=["caught_at", "proposed_end"])
        record("timer_caught", timer, now=now, ticket=timer.ticket.number, proposed_end=timer.proposed_end)
        mail_caught(timer, timer.proposed_end, now=now)
        caught.append(timer)
    return caught


@transaction.atomic
def keep_timer(*, user: User, now: datetime) -> Timer:
    """Say that one is still at it: a caught timer goes on, until the next cut asks again.

    Refused: `no_timer`, `too_long` (over 24 h: say when the work ended).
    """
    timer = _require_timer(_locked_timer(user))
    span_between(timer.started_at, now, now)
    timer.caught_at = timer.proposed_end = None
    timer.save(update_fields=["caught_at", "proposed_end"])
    record("timer_kept", timer, now=now, ticket=timer.ticket.number)
    return timer


@transaction.atomic
def discard_timer(*, user: User, now: datetime) -> None:
    """Throw the running timer away without recording anything. Refused: `no_timer`."""
    timer = _require_timer(_locked_timer(user))
    seconds = int((now - timer.started_at).total_seconds())
    record("timer_discarded", timer, now=now, ticket=timer.ticket.number, seconds=seconds)
    timer.delete()


def _timers() -> QuerySet[Timer]:
    related = ("user", "work_type", "ticket__client", "ticket__contract", "ticket__area")
    return Timer.objects.select_for_update(of=("self",)).select_related(*related)


def _locked_timer(user: User) -> Timer | None:
    return _timers().filter(user=user).first()


def _require_timer(timer: Timer | None) -> Timer:
    if timer is None:
        raise Refused("no_timer", _("No timer is running: it was stopped already."))
    return timer


def _create(user: User, ticket: Ticket, work_type: WorkType, note: str, now: datetime) -> Timer:
    """The new timer; the database keeps that a person has one, also when two windows start one at once."""
    try:
        with transaction.atomic():
            return Timer.objects.create(
                user=user,
                ticket=ticket,
                work_type=work_type,
                started_at=now,
                note=" ".join(note.split())[:300],
            )
    except IntegrityError:
        raise Refused(
            "timer_runs", _("Another of your windows has just started a timer. Stop that one first.")
        ) from None


def _record(timer: Timer, ended_at: datetime, now: datetime, *, confirmed: bool = False) -> TimeEntry | None:
    """Turn a timer into an entry; below a second nothing was worked."""
    if not confirmed and timer.caught_at is not None:
        raise Refused(
            "long_timer",
            _("The daily cut found your timer on ticket #%(number)s still running. Say when that work ended.")
            % {"number": timer.ticket.number},
        )
    if not confirmed and ended_at - timer.started_at > LONG:
        raise Refused(
            "long_timer",
            _(
                "The timer on ticket #%(number)s has been running for more than four hours. Say when that work ended."
            )
            % {"number": timer.ticket.number},
        )
    span = span_between(timer.started_at, ended_at, now)
    entry = None
    if span.elapsed_seconds >= 1:
        entry = write_entry(
            user=timer.user,
            ticket=timer.ticket,
            work_type=timer.work_type,
            span=span,
            note=timer.note,
            now=now,
        )
    record("timer_stopped", timer, now=now, ticket=timer.ticket.number, seconds=span.elapsed_seconds)
    timer.delete()
    return entry
