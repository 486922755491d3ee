"""Recorded time, as far as it has come on its way to the bill."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.lists import Code, Filters, Key, Moment, Page, Person, answers, one_of, page, person
from ecuanime.api.reader import ApiRequest
from ecuanime.worklog.models import EntryState, RatedEntry, TimeEntry

router = Router(tags=[_("Time")])
StateWord = Annotated[EntryState, one_of(EntryState)]
_PLAIN = (
    *("is_urgent", "work_on", "started_at", "ended_at", "elapsed_seconds", "billed_seconds"),
    *("units", "note", "version", "approved_at", "created_at"),
)
_SHOWN = ("ticket", "client", "contract", "user", "work_type", "area")


class RatingOut(Schema):
    """What rating made of approved work: minutes to the step, and what was drawn from packs."""

    rounded_minutes: int
    weighted_hundredths: int = Field(description=_("hundredths of a minute, with weights and surcharge"))
    drawn_hundredths: int = Field(description=_("hundredths of a minute taken from lots"))
    overage_hundredths: int = Field(description=_("hundredths of a minute that no lot covers"))


class TimeEntryOut(Schema):
    """Work of one person on one ticket."""

    id: int
    ticket: int = Field(description=_("the ticket's number"))
    client: str = Field(description=_("the client's code"))
    contract: str | None = Field(description=_("the contract's number"))
    person: Person | None
    work_type: str = Field(description=_("the work type's code"))
    area: str | None = Field(description=_("the product area's code"))
    site: int | None = Field(description=_("the id of the client's site, where it is known"))
    is_urgent: bool
    work_on: date = Field(description=_("the day of the work, in the firm's time zone"))
    started_at: Moment | None = Field(description=_("null when only day and duration are known"))
    ended_at: Moment | None
    elapsed_seconds: int = Field(description=_("as worked"))
    billed_seconds: int = Field(description=_("as far as they count for the bill; 0 is goodwill"))
    units: int | None = Field(description=_("pieces, for work that is priced by the piece"))
    corrects: int | None = Field(
        description=_("the entry that it corrects; what it takes away is below zero")
    )
    note: str
    state: StateWord
    version: int = Field(description=_("grows when it is changed"))
    approved_at: Moment | None
    created_at: Moment
    rating: RatingOut | None = Field(description=_("null until it is approved"))


class TimeEntryFilters(Filters):
    """Which work."""

    state: StateWord | None = Field(None, description=_("only this state"))
    client: Code | None = Field(None, description=_("the client's code"))
    contract: Code | None = Field(None, description=_("the contract's number"))
    ticket: Key | None = Field(None, description=_("the ticket's number"))
    work_from: date | None = Field(None, description=_("worked on this day or later"))
    work_until: date | None = Field(None, description=_("worked on this day or earlier"))
    approved_since: Moment | None = Field(None, description=_("approved at this moment or later"))


_LOOKUPS = {
    "state": "state",
    "client": "client__code",
    "contract": "contract__number",
    "ticket": "ticket__number",
    "work_from": "work_on__gte",
    "work_until": "work_on__lte",
    "approved_since": "approved_at__gte",
}


@router.get(
    "/time-entries",
    response=answers(Page[TimeEntryOut]),
    url_name="time_entries",
    summary=_("List recorded time"),
)
def time_entries(request: ApiRequest, filters: Query[TimeEntryFilters]) -> Page[TimeEntryOut]:
    given = {lookup: getattr(filters, name) for name, lookup in _LOOKUPS.items()}
    wanted = Q(**{lookup: value for lookup, value in given.items() if value is not None})
    rows = loaded(request.auth.entries().filter(wanted))
    return page(request, filters, rows, order=("id",), shown=lambda found: [*map(entry_out, found)])


@router.get(
    "/time-entries/{id}",
    response=answers(TimeEntryOut, is_one=True),
    url_name="time_entry",
    summary=_("One piece of recorded time"),
)
def time_entry(request: ApiRequest, id: Path[Key]) -> TimeEntryOut:
    return entry_out(entry_of(request, id))


def entry_of(request: ApiRequest, pk: int) -> TimeEntry:
    """An entry that the person may see, or 404."""
    return get_object_or_404(loaded(request.auth.entries()), pk=pk)


def as_it_stands(entry: TimeEntry) -> TimeEntryOut:
    """The entry after a write, its rating included."""
    return entry_out(loaded(TimeEntry.objects.filter(pk=entry.pk)).get())


def entry_out(row: TimeEntry) -> TimeEntryOut:
    """Recorded time as programs get it."""
    rating = next(iter(row.ratings.all()), None)
    return TimeEntryOut(
        id=row.pk,
        ticket=row.ticket.number,
        client=row.client.code,
        contract=row.contract.number if row.contract else None,
        person=person(row.user),
        work_type=row.work_type.code,
        area=row.area.code if row.area else None,
        site=row.site_id,
        corrects=row.corrects_id,
        state=EntryState(row.state),
        rating=_rating_out(rating) if rating else None,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _rating_out(row: RatedEntry) -> RatingOut:
    return RatingOut(
        rounded_minutes=row.rounded_minutes,
        weighted_hundredths=row.weighted,
        drawn_hundredths=row.drawn,
        overage_hundredths=row.overage,
    )


def loaded(rows: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    """The entries with all that an answer says about them at hand."""
    in_force = RatedEntry.objects.filter(superseded_at=None).defer("trace")
    return rows.select_related(*_SHOWN).prefetch_related(Prefetch("ratings", in_force))
