"""Recorded time, written, changed and deleted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Path

from ecuanime.api.lists import Code, Key, Moment
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.time import TimeEntryOut, as_it_stands, entry_of, router
from ecuanime.api.writing import Given, left_out, line, writes
from ecuanime.contracts.queries import work_types
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.access import may_record_time
from ecuanime.worklog.actions import delete_entry, edit_entry, record_time
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


def _records(reader: Reader) -> bool:
    return may_record_time(reader.user)


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
    return as_it_stands(kept)


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
    entry = entry_of(request, id)
    wanted = _named(request, given.changes())
    before = _said(entry)
    if any(name in wanted for name in _TIMES):
        before |= dict.fromkeys(_TIMES)
    return as_it_stands(edit_entry(entry=entry, by=request.auth.user, now=read_clock(), **before | wanted))


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
    delete_entry(entry=entry_of(request, id), by=request.auth.user, now=read_clock())


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
