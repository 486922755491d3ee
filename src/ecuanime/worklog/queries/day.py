"""A person's day: their entries, the gaps and overlaps between them, and the timer that runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, F, Max, Q, QuerySet

from ecuanime.accounts.models import User
from ecuanime.contracts.models import WorkType
from ecuanime.foundation.prepared import prepared
from ecuanime.tickets.models import Message, State, TicketEvent
from ecuanime.worklog.models import ClosedDay, EntryState, TimeEntry, Timer
from ecuanime.worklog.rating import with_relations

LONG = timedelta(hours=4)
"""A timer that has run longer was probably forgotten: it asks before it is recorded."""
GAP = timedelta(minutes=1)
_USUAL = timedelta(days=90)


@dataclass(frozen=True)
class DayLine:
    """An entry, and the other entries of the same person that it overlaps.

    It is late when its day was cut before it was recorded: the next cut takes it.
    """

    entry: TimeEntry
    overlaps: tuple[TimeEntry, ...]
    is_late: bool


@dataclass(frozen=True)
class Gap:
    """A stretch of a minute or more between two entries in which nothing was recorded."""

    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class MyDay:
    """A person's day: entries with clock times in order, then those without; sums in seconds, without rejected ones."""

    day: date
    lines: tuple[DayLine, ...]
    gaps: tuple[Gap, ...]
    worked_seconds: int
    billed_seconds: int
    timer: Timer | None
    timer_is_long: bool


@dataclass(frozen=True)
class UsualWork:
    """Work that a person has recorded several times: its latest entry, and how often."""

    entry: TimeEntry
    times: int


@dataclass(frozen=True)
class StuckTimer:
    """A timer that was forgotten, and the end that its last trace on the ticket suggests, or that the cut proposed.

    `trace` is the kind of that trace, "reply", "note" or "change"; empty when there is none.
    """

    timer: Timer
    seconds: int
    proposed_end: datetime | None
    trace: str


# Asked on every page: of its ticket and client no more than what is shown.
_SHOWN_TIMERS = Timer.objects.select_related("ticket__client", "work_type").only(
    *(field.name for field in Timer._meta.concrete_fields),
    *(f"work_type__{field.name}" for field in WorkType._meta.concrete_fields),
    "ticket__number",
    "ticket__subject",
    "ticket__client__name",
)


def running_timer(user: User) -> Timer | None:
    """The person's running timer with its ticket and client, or None; to say that nothing runs takes no joins."""
    return next(iter(_timers(user=user.pk)), None) if _has_timer(user=user.pk) else None


@prepared
def _has_timer(*, user: int) -> QuerySet[Timer, int]:
    return Timer.objects.filter(user=user).values_list("pk", flat=True)


@prepared
def _timers(*, user: int) -> QuerySet[Timer]:
    return _SHOWN_TIMERS.filter(user=user)


def my_day(user: User, day: date, *, now: datetime) -> MyDay:
    """What a person has recorded on a day of the firm's zone."""
    rows = TimeEntry.objects.filter(user=user, work_on=day)
    entries = list(with_relations(rows).order_by(F("started_at").asc(nulls_last=True), "id"))
    overlaps = overlaps_of(entries)
    closed = ClosedDay.objects.filter(day=day).first()
    counting = [entry for entry in entries if entry.state != EntryState.REJECTED]
    timer = running_timer(user)
    lines = [
        DayLine(entry, overlaps.get(entry.pk, ()), closed is not None and entry.created_at > closed.closed_at)
        for entry in entries
    ]
    return MyDay(
        day=day,
        lines=tuple(lines),
        gaps=tuple(_gaps(counting)),
        worked_seconds=sum(entry.elapsed_seconds for entry in counting),
        billed_seconds=sum(entry.billed_seconds for entry in counting),
        timer=timer,
        timer_is_long=timer is not None and now - timer.started_at > LONG,
    )


def entries_between(user: User, start: datetime, end: datetime) -> list[TimeEntry]:
    """What a person has recorded that shares time with a stretch, with its ticket; rejected entries share none."""
    rows = TimeEntry.objects.filter(user=user, started_at__lt=end, ended_at__gt=start)
    return list(rows.exclude(state=EntryState.REJECTED).select_related("ticket").order_by("started_at", "id"))


def usual_work(user: User, *, now: datetime, limit: int = 6) -> list[UsualWork]:
    """What a person records again and again: the same note on the same ticket, most often first. Two queries.

    Only of the last ninety days, and only of tickets that are not closed.
    """
    rows = (
        TimeEntry.objects.filter(user=user, work_on__gte=(now - _USUAL).date())
        .exclude(state=EntryState.REJECTED)
        .exclude(ticket__state=State.CLOSED)
        .values("ticket", "work_type", "note")
        .annotate(times=Count("id"), last=Max("id"))
        .filter(times__gte=2)
        .order_by("-times", "-last")[:limit]
    )
    times = {row["last"]: row["times"] for row in rows}
    entries = with_relations(TimeEntry.objects.filter(pk__in=times)).in_bulk()
    return [UsualWork(entries[key], number) for key, number in times.items()]


def overlaps_of(entries: Iterable[TimeEntry]) -> dict[int, tuple[TimeEntry, ...]]:
    """For each entry that overlaps others of its person, those others (with their ticket), by its id.

    Rejected entries overlap nothing, nor do entries without clock times. One query.
    """
    timed = [entry for entry in entries if entry.started_at and entry.state != EntryState.REJECTED]
    if not timed:
        return {}
    wanted = {entry.pk for entry in timed}
    found: dict[int, list[TimeEntry]] = {}
    for _user, group in groupby(_neighbours(timed), key=lambda entry: entry.user_id):
        for one, other in _overlapping_pairs(list(group)):
            found.setdefault(one.pk, []).append(other)
            found.setdefault(other.pk, []).append(one)
    return {key: tuple(others) for key, others in found.items() if key in wanted}


def _neighbours(timed: Sequence[TimeEntry]) -> list[TimeEntry]:
    """Every entry of the same people around these, by person and start. An entry lasts a day at most."""
    days = [entry.work_on for entry in timed]
    around = (min(days) - timedelta(days=2), max(days) + timedelta(days=2))
    rows = TimeEntry.objects.filter(
        user__in={entry.user_id for entry in timed}, work_on__range=around, started_at__isnull=False
    )
    return list(
        rows.exclude(state=EntryState.REJECTED)
        .select_related("ticket", "user")
        .order_by("user_id", "started_at", "id")
    )


def _overlapping_pairs(ordered: Sequence[TimeEntry]) -> Iterable[tuple[TimeEntry, TimeEntry]]:
    """Pairs that share time, of one person's entries in the order of their starts."""
    running: list[TimeEntry] = []
    for entry in ordered:
        running = [other for other in running if _end(other) > _start(entry)]
        if _end(entry) > _start(entry):
            yield from ((other, entry) for other in running)
            running.append(entry)


def _start(entry: TimeEntry) -> datetime:
    return entry.started_at or entry.created_at


def _end(entry: TimeEntry) -> datetime:
    return entry.ended_at or _start(entry)


def _gaps(entries: Sequence[TimeEntry]) -> Iterable[Gap]:
    until: datetime | None = None
    for entry in entries:
        if entry.started_at is None or entry.ended_at is None:
            continue
        if until is not None and entry.started_at - until >= GAP:
            yield Gap(until, entry.started_at)
        until = entry.ended_at if until is None else max(until, entry.ended_at)


def stuck_timers(now: datetime) -> list[StuckTimer]:
    """Everybody's timers that have run too long or that the cut has caught, the longest first."""
    return _with_traces(Timer.objects.filter(Q(started_at__lt=now - LONG) | Q(caught_at__isnull=False)), now)


def timers_to_catch(cut_off: datetime | None, now: datetime) -> list[StuckTimer]:
    """The timers that a cut finds forgotten: run too long, or begun before the day's hour of closing and still on.

    `cut_off` is that hour, None before it; those that were caught already are left out.
    """
    forgotten = Q(started_at__lt=now - LONG)
    if cut_off is not None:
        forgotten |= Q(started_at__lt=cut_off)
    return _with_traces(Timer.objects.filter(forgotten, caught_at=None), now)


def _with_traces(rows: QuerySet[Timer], now: datetime) -> list[StuckTimer]:
    timers = list(rows.select_related("user", "ticket__client", "work_type").order_by("started_at", "id"))
    traces = _last_traces(timers)
    return [_stuck(timer, traces.get(timer.pk), now) for timer in timers]


def _stuck(timer: Timer, trace: tuple[datetime, str] | None, now: datetime) -> StuckTimer:
    seconds = int((now - timer.started_at).total_seconds())
    end, kind = trace or (timer.proposed_end, "")
    return StuckTimer(timer, seconds, end, kind)


def _last_traces(timers: Sequence[Timer]) -> dict[int, tuple[datetime, str]]:
    """The last thing each timer's person did on its ticket while it ran, by the timer's id."""
    if not timers:
        return {}
    tickets, users = {timer.ticket_id for timer in timers}, {timer.user_id for timer in timers}
    since = min(timer.started_at for timer in timers)
    written = Message.objects.filter(ticket__in=tickets, author__in=users, created_at__gt=since)
    changed = TicketEvent.objects.filter(ticket__in=tickets, actor__in=users, at__gt=since)
    rows = [*written.values_list("ticket_id", "author_id", "created_at", "kind")]
    rows += [(*row, "change") for row in changed.values_list("ticket_id", "actor_id", "at")]
    found: dict[int, tuple[datetime, str]] = {}
    for timer in timers:
        own = [
            (at, kind)
            for ticket, user, at, kind in rows
            if (ticket, user) == (timer.ticket_id, timer.user_id)
        ]
        own = [(at, kind) for at, kind in own if at > timer.started_at]
        if own:
            found[timer.pk] = max(own)
    return found
