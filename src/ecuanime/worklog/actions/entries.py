"""Time entries written by hand: record, edit, delete, until the daily cut closes them.

An overlap with another entry of the same person may be saved, so that nothing is lost, but neither is closed nor
reviewed until it is resolved: `queries.overlaps_of` shows them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract, WorkType
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.tickets.actions.merging import refuse_merged
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.access import may_record_time
from ecuanime.worklog.actions.common import (
    day_of,
    locked_entries,
    require_billable,
    require_contract_of_client,
)
from ecuanime.worklog.actions.cutting import fit_to_windows, hold_windows, twin_of
from ecuanime.worklog.events import TimeRecorded
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries.contracts import contract_for, midday_of

LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Span:
    """When work was done: with clock times, or only its day and duration."""

    work_on: date
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_seconds: int


@transaction.atomic
def record_time(
    *,
    user: User,
    ticket: Ticket,
    work_type: WorkType,
    now: datetime,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    work_on: date | None = None,
    seconds: int | None = None,
    note: str = "",
    contract: Contract | None = None,
    is_urgent: bool = False,
    billable_seconds: int | None = None,
    units: int | None = None,
) -> TimeEntry:
    """Record work, either from `started_at` to `ended_at`, or as `seconds` on the day `work_on` without clock times.

    The contract is the one given, the ticket's, or the client's that fits; it may stay empty and must then be chosen
    before the review. With `units` (what a work type with a unit price counts) it may take no time at all. A day that
    was already cut takes the entry as a late one: the next cut closes it.
    Refused: `not_allowed`, `no_client`, `merged`, `bad_times` (neither form whole), `future`, `end_before_start`,
    `too_short`, `too_long` (over 24 h), `foreign_contract`, `billable_above_elapsed`.
    """
    if not may_record_time(user):
        raise Refused("not_allowed", _("Only people who work on tickets record time."))
    span = _span(started_at, ended_at, work_on, seconds, now, units=units)
    entry = write_entry(
        user=user,
        ticket=ticket,
        work_type=work_type,
        span=span,
        note=note,
        contract=contract,
        is_urgent=is_urgent,
        billable_seconds=billable_seconds,
        units=units,
        now=now,
    )
    record("time_recorded", entry, now=now, **_said(entry))
    return entry


def write_entry(
    *,
    user: User,
    ticket: Ticket,
    work_type: WorkType,
    span: Span,
    now: datetime,
    note: str = "",
    contract: Contract | None = None,
    is_urgent: bool = False,
    billable_seconds: int | None = None,
    units: int | None = None,
) -> TimeEntry:
    """Write an open entry whose times were checked, and announce it; the caller records who did it how.

    The ticket's terms windows rule over the contract, and cut it where one of them begins inside it.
    """
    client_id = client_of(ticket)
    windows = hold_windows(ticket)
    if contract is not None:
        require_contract_of_client(contract, client_id)
    require_billable(billable_seconds, span.elapsed_seconds)
    entry = TimeEntry.objects.create(
        user=user,
        ticket=ticket,
        client_id=client_id,
        contract=contract or contract_for(ticket, at=span.started_at or midday_of(span.work_on)),
        work_type=work_type,
        area=ticket.area,
        site=ticket.site,
        note=_one_line(note),
        is_urgent=is_urgent,
        billable_seconds=billable_seconds,
        units=units,
        created_at=now,
        **asdict(span),
    )
    publish(TimeRecorded(entry_id=entry.pk, ticket_id=ticket.pk))
    fit_to_windows(entry, windows, now)
    return entry


@transaction.atomic
def edit_entry(
    *,
    entry: TimeEntry,
    by: User,
    work_type: WorkType,
    now: datetime,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    work_on: date | None = None,
    seconds: int | None = None,
    note: str = "",
    contract: Contract | None = None,
    is_urgent: bool = False,
    billable_seconds: int | None = None,
    units: int | None = None,
) -> TimeEntry:
    """Replace what one's own entry says, while it is open; its version grows. Without a contract it keeps its own.

    Refused as `record_time` does, and `not_yours`, `closed`, `is_correction`.
    """
    windows = hold_windows(entry.ticket)
    entry = _own_open(entry, by)
    if entry.corrects_id is not None:
        raise Refused("is_correction", _("A correction is not edited: delete it and record it anew."))
    span = _span(started_at, ended_at, work_on, seconds, now, units=units)
    if contract is not None:
        require_contract_of_client(contract, entry.client_id)
    require_billable(billable_seconds, span.elapsed_seconds)
    before = _said(entry)
    for name, value in asdict(span).items():
        setattr(entry, name, value)
    entry.work_type, entry.note, entry.is_urgent = work_type, _one_line(note), is_urgent
    entry.contract = contract or entry.contract
    entry.billable_seconds, entry.units = billable_seconds, units
    entry.version += 1
    entry.save()
    record("time_edited", entry, now=now, before=before, after=_said(entry))
    fit_to_windows(entry, windows, now)
    return entry


@transaction.atomic
def delete_entry(*, entry: TimeEntry, by: User, now: datetime) -> None:
    """Delete one's own entry while it is open; the audit trail keeps what it said.

    Refused: `not_yours` (also a correction that somebody else recorded), `closed`.
    """
    entry = _own_open(entry, by)
    if entry.decisions.exclude(user=by).exists():
        raise Refused("not_yours", _("Somebody else recorded this correction. A supervisor can reject it."))
    record("time_deleted", entry, now=now, **_said(entry))
    entry.decisions.all().delete()
    entry.delete()


@transaction.atomic
def cut_out_overlap(*, entry: TimeEntry, other: TimeEntry, by: User, now: datetime) -> list[TimeEntry]:
    """Leave the time that two entries of a person share to `other`: one's own open `entry` ends before it or begins
    after it; around it, it becomes two. Gives what remains of it; what counted for the bill is kept as far as it fits.

    Repeated, it changes nothing. Refused: `not_yours`, `closed`, `not_found`, `no_overlap` (other people's, without
    clock times, rejected), `swallowed` (nothing would remain: delete it or correct its times).
    """
    locked = {row.pk: row for row in locked_entries({entry.pk, other.pk})}
    entry, other = _own_open(locked[entry.pk], by), locked[other.pk]
    pieces = _outside(entry, other)
    if not pieces:
        raise Refused(
            "swallowed",
            _(
                "It lies wholly inside the other entry, so nothing would remain. Delete it or correct its times."
            ),
        )
    if pieces == [(entry.started_at, entry.ended_at)]:
        return [entry]
    before, left = _said(entry), entry.billable_seconds
    rows = [entry] if len(pieces) == 1 else [entry, twin_of(entry, now)]
    for row, (start, end) in zip(rows, pieces, strict=True):
        for name, value in asdict(span_between(start, end, now)).items():
            setattr(row, name, value)
        row.billable_seconds = None if left is None else min(left, row.elapsed_seconds)
        left = None if left is None else left - min(left, row.elapsed_seconds)
    entry.version += 1
    for row in rows:
        row.save()
    record("time_edited", entry, now=now, before=before, after=_said(entry), overlaps=other.pk)
    for row in rows[1:]:
        record("time_recorded", row, now=now, **_said(row))
        publish(TimeRecorded(entry_id=row.pk, ticket_id=row.ticket_id))
    return rows


def _outside(entry: TimeEntry, other: TimeEntry) -> list[tuple[datetime, datetime]]:
    """The stretches of an entry that another of the same person leaves free."""
    if (
        entry.user_id != other.user_id
        or other.state == EntryState.REJECTED
        or entry.started_at is None
        or entry.ended_at is None
        or other.started_at is None
        or other.ended_at is None
    ):
        raise Refused("no_overlap", _("These two entries share no time. Reload the page."))
    if other.ended_at <= entry.started_at or other.started_at >= entry.ended_at:
        return [(entry.started_at, entry.ended_at)]
    around = [(entry.started_at, other.started_at), (other.ended_at, entry.ended_at)]
    return [(start, end) for start, end in around if end - start >= timedelta(seconds=1)]


def client_of(ticket: Ticket) -> int:
    """The id of the ticket's client; refuses `merged`, and `no_client` while nobody knows for whom the work is."""
    refuse_merged(ticket)
    if ticket.client_id is None:
        raise Refused(
            "no_client",
            _(
                "Nobody has said yet whose ticket #%(number)s is, so its time could not be charged to anyone. "
                "Choose its client first."
            )
            % {"number": ticket.number},
        )
    return ticket.client_id


def span_between(started_at: datetime, ended_at: datetime, now: datetime) -> Span:
    """Work with clock times, in whole seconds as worked.

    Refused: `end_before_start`, `future`, `too_long`.
    """
    if ended_at < started_at:
        raise Refused("end_before_start", _("The end lies before the start. Correct one of them."))
    if ended_at > now:
        raise Refused("future", _("This work would end in the future. Record it when it is done."))
    if ended_at - started_at > LONGEST:
        raise Refused("too_long", _("One entry holds at most 24 hours. Split the work into several entries."))
    return Span(day_of(started_at), started_at, ended_at, int((ended_at - started_at).total_seconds()))


def _span(
    started_at: datetime | None,
    ended_at: datetime | None,
    work_on: date | None,
    seconds: int | None,
    now: datetime,
    *,
    units: int | None,
) -> Span:
    with_clock = started_at is not None and ended_at is not None
    if with_clock == (work_on is not None and seconds is not None):
        raise Refused("bad_times", _("Give either a start and an end, or a day and how long it took."))
    if started_at is not None and ended_at is not None:
        span = span_between(started_at, ended_at, now)
    else:
        span = span_on(work_on or date.max, seconds or 0, now)
    if span.elapsed_seconds < 1 and not units:
        raise Refused("too_short", _("This work took no time. Correct its times."))
    return span


def span_on(day: date, seconds: int, now: datetime) -> Span:
    """Work without clock times. Refused: `future`, `end_before_start`, `too_long`."""
    if day > day_of(now):
        raise Refused("future", _("That day has not come yet. Record the work when it is done."))
    if seconds < 0:
        raise Refused("end_before_start", _("A duration cannot be negative. Correct it."))
    if seconds > LONGEST.total_seconds():
        raise Refused("too_long", _("One entry holds at most 24 hours. Split the work into several entries."))
    return Span(day, None, None, seconds)


def _own_open(entry: TimeEntry, by: User) -> TimeEntry:
    [entry] = locked_entries([entry.pk])
    if entry.user_id != by.pk:
        raise Refused(
            "not_yours", _("This is somebody else's time. A supervisor can adjust it at the review.")
        )
    if entry.state != EntryState.OPEN:
        raise Refused(
            "closed", _("The daily cut has closed this entry. Ask a supervisor to adjust or reject it.")
        )
    return entry


def _said(entry: TimeEntry) -> dict[str, object]:
    """What an entry says, for the audit trail."""
    return {
        "ticket": entry.ticket.number,
        "work_on": entry.work_on.isoformat(),
        "started_at": entry.started_at.isoformat() if entry.started_at else None,
        "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
        "elapsed_seconds": entry.elapsed_seconds,
        "billable_seconds": entry.billable_seconds,
        "work_type": entry.work_type.code,
        "contract": entry.contract.number if entry.contract else None,
        "units": entry.units,
        "is_urgent": entry.is_urgent,
    }


def _one_line(note: str) -> str:
    return " ".join(note.split())[:300]
