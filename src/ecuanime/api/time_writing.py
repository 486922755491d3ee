"""Recorded time, written, changed, deleted, approved and disputed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Path

from ecuanime.api.errors import NotAllowed
from ecuanime.api.lists import Code, Key, Moment
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.time import TimeEntryOut, entry_out, loaded, router
from ecuanime.api.writing import Given, left_out, line, writes
from ecuanime.contracts.queries import work_types
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.access import may_approve_time, may_record_time, may_review_time
from ecuanime.worklog.actions import (
    approve_entries,
    delete_entry,
    dispute_entry,
    edit_entry,
    record_time,
    reject_entry,
    review_entry,
)
from ecuanime.worklog.models import TimeEntry

Seconds = Annotated[int, Field(ge=0, le=24 * 3600)]
Units = Annotated[int, Field(ge=1, le=2**31 - 1)]
_TIMES = ("started_at", "ended_at", "work_on", "seconds")


class TimeEntryChange(Given):
    """What changes of one's own open entry; what is left out stays. Times are sent whole or not at all."""

    work_type: Code = left_out(gettext_noop("the work type's code"))
    started_at: Moment | None = left_out(gettext_noop("with clock times; else work_on and seconds"))
    ended_at: Moment | None = left_out()
    work_on: date | None = left_out(gettext_noop("without clock times: the day of the work"))
    seconds: Seconds | None = left_out(gettext_noop("and how long it took"))
    billable_seconds: Seconds | None = left_out(gettext_noop("0 is goodwill; null for all"))
    units: Units | None = left_out(gettext_noop("pieces, for work that is priced by the piece"))
    note: Annotated[str, line(300)] = left_out()
    contract: Code = left_out(
        gettext_noop("the contract's number; left out: the one that fits, or the one it has")
    )
    is_urgent: bool = left_out()


class TimeEntryIn(TimeEntryChange):
    """Work of one's own to be recorded, with clock times or as a duration on a day."""

    ticket: Key = Field(description=gettext_noop("the ticket's number"))
    work_type: Code = Field(description=gettext_noop("the work type's code"))


class Seen(Given):
    """Which version of an entry was looked at: if it has changed since, nothing is done."""

    version: Key | None = Field(None, description=gettext_noop("as the entry says it; null for any"))


class Objection(Seen):
    """The same, and what is wrong with it."""

    reason: Annotated[str, line(600)]


def _records(reader: Reader) -> bool:
    return may_record_time(reader.user)


def _reviews(reader: Reader) -> bool:
    return may_review_time(reader.user)


def _leads(reader: Reader) -> bool:
    return reader.contact is not None and may_approve_time(reader.contact, now=read_clock())


def _approves(reader: Reader) -> bool:
    """Supervisors for the firm, project leads for their client."""
    return _reviews(reader) or _leads(reader)


@writes(
    router,
    "POST",
    "/time-entries",
    TimeEntryOut,
    may=_records,
    url_name="time_entries",
    summary=gettext_noop("Record time of one's own"),
    status=201,
)
def new_entry(request: ApiRequest, given: TimeEntryIn) -> TimeEntryOut:
    wanted = given.changes()
    ticket = get_object_or_404(request.auth.tickets(), number=wanted.pop("ticket"))
    kept = record_time(user=request.auth.user, ticket=ticket, now=read_clock(), **_named(request, wanted))
    return _shown(kept)


@writes(
    router,
    "PATCH",
    "/time-entries/{id}",
    TimeEntryOut,
    may=_records,
    url_name="time_entry",
    summary=gettext_noop("Change one's own time, until the daily cut"),
)
def change_entry(request: ApiRequest, id: Path[Key], given: TimeEntryChange) -> TimeEntryOut:
    entry = _seen_entry(request, id)
    wanted = _named(request, given.changes())
    before = _said(entry)
    if any(name in wanted for name in _TIMES):
        before |= dict.fromkeys(_TIMES)
    return _shown(edit_entry(entry=entry, by=request.auth.user, now=read_clock(), **before | wanted))


@writes(
    router,
    "DELETE",
    "/time-entries/{id}",
    None,
    may=_records,
    url_name="time_entry",
    summary=gettext_noop("Delete one's own time, until the daily cut"),
    status=204,
)
def remove_entry(request: ApiRequest, id: Path[Key]) -> None:
    delete_entry(entry=_seen_entry(request, id), by=request.auth.user, now=read_clock())


@writes(
    router,
    "POST",
    "/time-entries/{id}/approve",
    TimeEntryOut,
    may=_approves,
    url_name="time_entry_approve",
    summary=gettext_noop("Approve time, for the firm or for its client"),
)
def approve_entry(request: ApiRequest, id: Path[Key], given: Seen) -> TimeEntryOut:
    entry, reader, now = _seen_entry(request, id), request.auth, read_clock()
    if reader.contact is None:
        return _shown(review_entry(entry=entry, by=reader.user, version=given.version, now=now))
    seen = {entry.pk: entry.version if given.version is None else given.version}
    [approved] = approve_entries(contact=reader.contact, seen=seen, now=now)
    return _shown(approved)


@writes(
    router,
    "POST",
    "/time-entries/{id}/dispute",
    TimeEntryOut,
    may=_leads,
    url_name="time_entry_dispute",
    summary=gettext_noop("Say as the client that time is not recognised"),
)
def object_to_entry(request: ApiRequest, id: Path[Key], given: Objection) -> TimeEntryOut:
    entry, contact = _seen_entry(request, id), request.auth.contact
    if contact is None:
        raise NotAllowed
    kept = dispute_entry(
        contact=contact, entry=entry, comment=given.reason, version=given.version, now=read_clock()
    )
    return _shown(kept)


@writes(
    router,
    "POST",
    "/time-entries/{id}/reject",
    TimeEntryOut,
    may=_reviews,
    url_name="time_entry_reject",
    summary=gettext_noop("Reject time as its supervisor"),
)
def refuse_entry(request: ApiRequest, id: Path[Key], given: Objection) -> TimeEntryOut:
    entry, by = _seen_entry(request, id), request.auth.user
    kept = reject_entry(entry=entry, by=by, reason=given.reason, version=given.version, now=read_clock())
    return _shown(kept)


def _seen_entry(request: ApiRequest, pk: int) -> TimeEntry:
    return get_object_or_404(loaded(request.auth.entries()), pk=pk)


def _shown(entry: TimeEntry) -> TimeEntryOut:
    """The entry as it stands now, its rating included."""
    return entry_out(loaded(TimeEntry.objects.filter(pk=entry.pk)).get())


def _named(request: ApiRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with the things that it names by their codes. Refuses `unknown_work_type`, `unknown_contract`."""
    if "work_type" in wanted:
        found = work_types().filter(code=wanted["work_type"]).first()
        if found is None:
            raise Refused("unknown_work_type", _("There is no such work type."))
        wanted["work_type"] = found
    if "contract" in wanted:
        contract = request.auth.contracts().filter(number=wanted["contract"]).first()
        if contract is None:
            raise Refused("unknown_contract", _("There is no such contract."))
        wanted["contract"] = contract
    return wanted


def _said(entry: TimeEntry) -> dict[str, Any]:
    """What an entry says now, as the action takes it."""
    has_clock = entry.started_at is not None
    return {
        "work_type": entry.work_type,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "work_on": None if has_clock else entry.work_on,
        "seconds": None if has_clock else entry.elapsed_seconds,
        "billable_seconds": entry.billable_seconds,
        "units": entry.units,
        "note": entry.note,
        "is_urgent": entry.is_urgent,
    }
