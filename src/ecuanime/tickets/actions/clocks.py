"""Keeping a ticket's clocks: what it is promised now, how each clock stands, and who is told when time runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ecuanime.contracts.service_levels import promised
from ecuanime.foundation import audit
from ecuanime.foundation.events import publish
from ecuanime.foundation.remembering import remembered
from ecuanime.rules.calendars import local_date
from ecuanime.rules.sla import History, Reading, Run
from ecuanime.tickets.clocks import Clock, clocks_of, content_of, digest_of, history_of, reading_of
from ecuanime.tickets.events import PromiseBroken, PromiseNearsItsEnd
from ecuanime.tickets.models import (
    OPEN_STATES,
    Deadline,
    DeadlineEvent,
    Promise,
    State,
    Ticket,
    TicketEvent,
    TicketPromise,
)
from ecuanime.tickets.notices import tell_deadline

TOLD_WITHIN = timedelta(days=1)
"""What is found out later than this (terms that were changed, say) is noted, and nobody is told."""

Kind = DeadlineEvent.Kind


def keep_clocks(ticket: Ticket, *, now: datetime, from_opening: bool = False) -> None:
    """Read a locked ticket's clocks anew after a change and let its row say what is due; the caller saves it.

    What it is promised is kept from now on where that has changed; `from_opening` says that it was so all along.
    Where nothing ever was promised nothing is read.
    """
    rows = list(ticket.promises.select_related("promise"))
    promises = _keep_promise(ticket, rows, ticket.created_at if from_opening else now, now)
    if not promises:
        return
    kept = {(row.metric, row.number): row for row in ticket.deadlines.all()}
    clocks = clocks_of(history_of(ticket)) if ticket.merged_into_id is None else []
    _retire(kept, clocks)
    _read_clocks(ticket, promises, kept, clocks, now, again=from_opening)


def start_clocks(ticket: Ticket, *, now: datetime, is_asked: bool) -> None:
    """Start the clocks of a ticket that was opened just now, whose whole history is known: `is_asked` says that its
    first message asks for an answer. Its row says what is due; the caller saves it."""
    promises = _keep_promise(ticket, [], now, now)
    if promises:
        history = History(now, ((now, State.NEW.value),), (now,) if is_asked else (), (), ())
        _read_clocks(ticket, promises, {}, clocks_of(history), now)


def _read_clocks(
    ticket: Ticket,
    promises: list[TicketPromise],
    kept: dict[tuple[str, int], Deadline],
    clocks: list[Clock],
    now: datetime,
    *,
    again: bool = False,
) -> None:
    """Keep what the clocks say now beside what was `kept`; those that have ended are read only `again`."""
    read = []
    for clock in clocks:
        key = clock.metric.value, clock.number
        row = kept.setdefault(key, Deadline(ticket=ticket, metric=clock.metric.value, number=clock.number))
        if again or not _has_ended(row, clock):
            read.append((row, (row.warned_at, row.breached_at, row.stopped_at)))
            row.promise = promises[-1].promise
            _take_reading(row, clock, reading_of(clock, promises, now=now), now)
    _save_all([row for row, _before in read])
    for row, before in read:
        _note_what_happened(row, before, now)
    _show_due(ticket, kept.values())


def _save_all(rows: list[Deadline]) -> None:
    new = [row for row in rows if row.pk is None]
    for row in rows:
        if row.pk is not None:
            row.save()
    Deadline.objects.bulk_create(new)


def _keep_promise(
    ticket: Ticket, rows: list[TicketPromise], since: datetime, now: datetime
) -> list[TicketPromise]:
    """All that the ticket was promised, in order: `rows`, and what it is promised today if it differs from the last."""
    if ticket.state not in OPEN_STATES:
        return rows
    today = local_date(now, ticket.client.time_zone if ticket.client else "UTC")
    terms = ticket.queue.terms if ticket.queue else None
    found = promised(ticket.contract, ticket.client, ticket.priority, today=today, queue=terms)
    if found is None and not rows:
        return []
    content = content_of(found)
    digest = digest_of(content)
    if rows and rows[-1].promise.digest == digest:
        return rows
    promise = _promise_known(digest)
    if promise is None:
        promise = Promise.objects.get_or_create(digest=digest, defaults={"content": content})[0]
    rows.append(TicketPromise.objects.create(ticket=ticket, promise=promise, since=since))
    return sorted(rows, key=lambda row: (row.since, row.pk))


@remembered
def _promise_known(digest: str) -> Promise | None:
    return Promise.objects.filter(digest=digest).first()


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


def _take_reading(row: Deadline, clock: Clock, reading: Reading, now: datetime) -> None:
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
    """Note that time runs out or is up, and tell whom it concerns: once for each."""
    ticket, addresses = row.ticket, []
    if row.is_counting and now - at <= TOLD_WITHIN:
        addresses = tell_deadline(row, is_up=kind == Kind.BREACHED, at=at, now=now)
    if not _note(row, kind, at, addresses, now):
        return
    field = "promise_broken" if kind == Kind.BREACHED else "promise_warned"
    TicketEvent.objects.create(ticket=ticket, at=now, field=field, after=row.metric)
    audit.record(field, ticket, now=now, number=ticket.number, metric=row.metric, since=at, told=addresses)
    event = PromiseBroken if kind == Kind.BREACHED else PromiseNearsItsEnd
    publish(event(ticket.pk, ticket.number, row.metric, at))


def _note(row: Deadline, kind: str, at: datetime, told: list[str], now: datetime) -> bool:
    """Whether it is new: what is known already is not noted again."""
    values = {"noted_at": now, "told": told}
    _event, is_new = DeadlineEvent.objects.get_or_create(deadline=row, kind=kind, at=at, defaults=values)
    return is_new
