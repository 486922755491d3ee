"""Keeping a ticket's clocks: what it is promised now, how each clock stands, and who is told when time runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.contracts.service_levels import promised
from ecuanime.foundation import audit
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date
from ecuanime.rules.sla import Reading, Run
from ecuanime.tickets.clocks import Clock, clocks_of, content_of, digest_of, history_of, reading_of
from ecuanime.tickets.deadline_letters import mail_deadline
from ecuanime.tickets.events import PromiseBroken, PromiseNearsItsEnd
from ecuanime.tickets.models import (
    OPEN_STATES,
    Deadline,
    DeadlineEvent,
    Promise,
    Ticket,
    TicketEvent,
    TicketPromise,
)

TOLD_WITHIN = timedelta(days=1)
"""What is found out later than this (terms that were changed, say) is noted, and nobody is sent a mail about it."""

Kind = DeadlineEvent.Kind


def keep_clocks(ticket: Ticket, *, now: datetime, from_opening: bool = False) -> None:
    """Read a locked ticket's clocks anew after a change and let its row say what is due; the caller saves it.

    What it is promised is kept from now on where that has changed; `from_opening` says that it was so all along.
    Where nothing ever was promised nothing is read.
    """
    promises = _keep_promise(ticket, ticket.created_at if from_opening else now, now)
    if not promises:
        return
    kept = {(row.metric, row.number): row for row in ticket.deadlines.all()}
    clocks = clocks_of(history_of(ticket)) if ticket.merged_into_id is None else []
    _retire(kept, clocks)
    for clock in clocks:
        key = clock.metric.value, clock.number
        row = kept.setdefault(key, Deadline(ticket=ticket, metric=clock.metric.value, number=clock.number))
        if from_opening or not _has_ended(row, clock):
            row.promise = promises[-1].promise
            _keep_reading(row, clock, reading_of(clock, promises, now=now), now)
    _show_due(ticket, kept.values())


def _keep_promise(ticket: Ticket, since: datetime, now: datetime) -> list[TicketPromise]:
    """All that the ticket was promised, in order; what it is promised today is added if it differs from the last."""
    rows = list(ticket.promises.select_related("promise"))
    if ticket.state not in OPEN_STATES:
        return rows
    today = local_date(now, ticket.client.time_zone if ticket.client else "UTC")
    found = promised(ticket.contract, ticket.client, ticket.priority, today=today)
    if found is None and not rows:
        return []
    content = content_of(found)
    digest = digest_of(content)
    if rows and rows[-1].promise.digest == digest:
        return rows
    promise = Promise.objects.get_or_create(digest=digest, defaults={"content": content})[0]
    rows.append(TicketPromise.objects.create(ticket=ticket, promise=promise, since=since))
    return sorted(rows, key=lambda row: (row.since, row.pk))


def _retire(kept: dict[tuple[str, int], Deadline], clocks: list[Clock]) -> None:
    """A clock that has no history any more, since its messages or the whole ticket moved elsewhere, promises nothing.

    What was settled on a ticket before it was merged stays settled.
    """
    alive = {(clock.metric.value, clock.number) for clock in clocks}
    for key, row in kept.items():
        if key not in alive and (row.settled_at is None or clocks):
            row.outcome = Deadline.Outcome.NOTHING_PROMISED
            row.is_counting, row.next_due_at, row.settled_at = False, None, None
            row.save()


def _has_ended(row: Deadline, clock: Clock) -> bool:
    """Whether the clock was read after it stopped, and nothing has moved it since."""
    last = clock.changes[-1]
    return row.stopped_at is not None and last.run is Run.STOPPED and last.at == row.stopped_at


def _keep_reading(row: Deadline, clock: Clock, reading: Reading, now: datetime) -> None:
    before = row.warned_at, row.breached_at, row.stopped_at
    warns_at = reading.warns_at if reading.warns_at is not None and reading.warns_at <= now else None
    row.outcome = Deadline.Outcome(reading.outcome.value)
    row.is_counting = reading.run is Run.RUNNING
    row.started_at = clock.changes[0].at
    row.minutes = reading.minutes
    row.counted_seconds = reading.counted // timedelta(seconds=1)
    row.warned_at, row.due_at = warns_at, reading.due_at
    row.breached_at, row.stopped_at = reading.breached_at, reading.stopped_at
    is_promised = row.outcome != Deadline.Outcome.NOTHING_PROMISED
    row.settled_at = (row.breached_at or row.stopped_at) if is_promised else None
    row.read_at = now
    row.next_due_at = _next_look(reading, now)
    row.save()
    _note_what_happened(row, before, now)


def _next_look(reading: Reading, now: datetime) -> datetime | None:
    """When the clock will say something new by itself: at the warning, then when time is up."""
    if reading.run is not Run.RUNNING or reading.breached_at is not None:
        return None
    if reading.warns_at is not None and reading.warns_at > now:
        return reading.warns_at
    return reading.due_at


def _show_due(ticket: Ticket, rows: Iterable[Deadline]) -> None:
    """Let the ticket's row say which promise is, or was, due first among those that still count."""
    counting = [(row.due_at, row.metric) for row in rows if row.is_counting and row.due_at is not None]
    ticket.due_at, ticket.due_metric = min(counting, default=(None, ""))


def _note_what_happened(
    row: Deadline, before: tuple[datetime | None, datetime | None, datetime | None], now: datetime
) -> None:
    """Keep for good what this reading says and the one before did not; who should act is told."""
    warned_at, breached_at, stopped_at = before
    if row.breached_at is not None and row.breached_at != breached_at:
        _escalate(row, Kind.BREACHED, row.breached_at, now)
    elif row.warned_at is not None and row.is_counting and warned_at is None:
        _escalate(row, Kind.WARNED, row.warned_at, now)
    if row.stopped_at is not None and row.stopped_at != stopped_at and row.settled_at is not None:
        _note(row, Kind.MET if row.breached_at is None else Kind.LATE, row.stopped_at, [], now)


def _escalate(row: Deadline, kind: str, at: datetime, now: datetime) -> None:
    """A warning goes to whoever answers the ticket, or to the supervisors; time that is up to both."""
    ticket, people = row.ticket, []
    if row.is_counting and now - at <= TOLD_WITHIN:
        people = _told(ticket, is_up=kind == Kind.BREACHED)
    addresses = mail_deadline(row, kind, people, now=now)
    if not _note(row, kind, at, addresses, now):
        return
    field = "promise_broken" if kind == Kind.BREACHED else "promise_warned"
    TicketEvent.objects.create(ticket=ticket, at=now, field=field, after=row.metric)
    audit.record(field, ticket, now=now, number=ticket.number, metric=row.metric, since=at, told=addresses)
    event = PromiseBroken if kind == Kind.BREACHED else PromiseNearsItsEnd
    publish(event(ticket.pk, ticket.number, row.metric, at))


def _told(ticket: Ticket, *, is_up: bool) -> list[User]:
    answers = [ticket.assignee] if ticket.assignee is not None and ticket.assignee.is_active else []
    if answers and not is_up:
        return answers
    supervisors = people_of_firm().filter(roles__contains=[Role.SUPERVISOR])
    return list(dict.fromkeys([*answers, *supervisors]))


def _note(row: Deadline, kind: str, at: datetime, told: list[str], now: datetime) -> bool:
    """Whether it is new: what is known already is not noted again."""
    values = {"noted_at": now, "told": told}
    _event, is_new = DeadlineEvent.objects.get_or_create(deadline=row, kind=kind, at=at, defaults=values)
    return is_new
