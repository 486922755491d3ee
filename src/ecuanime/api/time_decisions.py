"""What is decided about recorded time: approved, disputed, talked over, explained, rejected, and corrected later."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_noop
from ninja import Field, Path, Schema

from ecuanime.api.errors import NotAllowed
from ecuanime.api.lists import Key, Moment
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.time import TimeEntryOut, as_it_stands, entry_of, router
from ecuanime.api.writing import Given, line, writes
from ecuanime.foundation.clock import read_clock
from ecuanime.worklog.access import may_approve_time, may_record_time, may_review_time
from ecuanime.worklog.actions import (
    answer_dispute,
    approve_entries,
    comment_as_client,
    comment_as_firm,
    dispute_entry,
    record_correction,
    reject_entry,
    review_entry,
)
from ecuanime.worklog.models import Decision

_DAY = 24 * 3600
_MANY = 2**31 - 1


class Seen(Given):
    """Which version of an entry was looked at: if it has changed since, nothing is done."""

    version: Key | None = Field(None, description=gettext_noop("as the entry says it; null for any"))


class Objection(Seen):
    """The same, and what is wrong with it."""

    reason: Annotated[str, line(600)]


class Explanation(Given):
    """What the client is told."""

    reason: Annotated[str, line(600)]


class CommentIn(Given):
    """What one side writes to the other while an entry is disputed."""

    text: Annotated[str, line(600)]


class CommentOut(Schema):
    """A comment as it was kept: by a person of the firm or of the client."""

    id: Key
    entry: Key = Field(description=gettext_noop("the id of the disputed entry"))
    at: Moment
    by: str
    is_client: bool = Field(description=gettext_noop("whether the client wrote it"))
    text: str


class Correction(Explanation):
    """How much an approved entry changes, and why: more than 0 adds, less than 0 takes away."""

    seconds: Annotated[int, Field(ge=-_DAY, le=_DAY)] = 0
    units: Annotated[int, Field(ge=-_MANY, le=_MANY)] = Field(
        0, description=gettext_noop("pieces, for work that is priced by the piece")
    )


def _reviews(reader: Reader) -> bool:
    return may_review_time(reader.user)


def _leads(reader: Reader) -> bool:
    return reader.contact is not None and may_approve_time(reader.contact, now=read_clock())


def _approves(reader: Reader) -> bool:
    """Supervisors for the firm, project leads for their client."""
    return _reviews(reader) or _leads(reader)


def _corrects(reader: Reader) -> bool:
    """Whose work it is, or a supervisor."""
    return _reviews(reader) or may_record_time(reader.user)


def _comments(reader: Reader) -> bool:
    """Both sides of a dispute."""
    return _corrects(reader) or _leads(reader)


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
    entry, reader, now = entry_of(request, id), request.auth, read_clock()
    if reader.contact is None:
        return as_it_stands(review_entry(entry=entry, by=reader.user, version=given.version, now=now))
    seen = {entry.pk: entry.version if given.version is None else given.version}
    [approved] = approve_entries(contact=reader.contact, seen=seen, now=now)
    return as_it_stands(approved)


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
    entry, contact = entry_of(request, id), request.auth.contact
    if contact is None:
        raise NotAllowed
    kept = dispute_entry(
        contact=contact, entry=entry, comment=given.reason, version=given.version, now=read_clock()
    )
    return as_it_stands(kept)


@writes(
    router,
    "POST",
    "/time-entries/{id}/comments",
    CommentOut,
    may=_comments,
    url_name="time_entry_comments",
    summary=gettext_noop("Write to the other side about disputed time, which stays held"),
    status=201,
)
def comment_on_entry(request: ApiRequest, id: Path[Key], given: CommentIn) -> CommentOut:
    entry, reader, now = entry_of(request, id), request.auth, read_clock()
    if reader.contact is None:
        return _comment_out(comment_as_firm(entry=entry, by=reader.user, text=given.text, now=now))
    return _comment_out(comment_as_client(entry=entry, contact=reader.contact, text=given.text, now=now))


def _comment_out(row: Decision) -> CommentOut:
    return CommentOut(
        id=row.pk,
        entry=row.entry_id,
        at=row.at,
        by=str(row.user or row.contact),
        is_client=row.contact is not None,
        text=row.reason,
    )


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
    entry, by = entry_of(request, id), request.auth.user
    kept = reject_entry(entry=entry, by=by, reason=given.reason, version=given.version, now=read_clock())
    return as_it_stands(kept)


@writes(
    router,
    "POST",
    "/time-entries/{id}/answer",
    TimeEntryOut,
    may=_reviews,
    url_name="time_entry_answer",
    summary=gettext_noop("Explain disputed time to the client, for whom it waits again"),
)
def explain_entry(request: ApiRequest, id: Path[Key], given: Explanation) -> TimeEntryOut:
    entry, by = entry_of(request, id), request.auth.user
    return as_it_stands(answer_dispute(entry=entry, by=by, explanation=given.reason, now=read_clock()))


@writes(
    router,
    "POST",
    "/time-entries/{id}/corrections",
    TimeEntryOut,
    may=_corrects,
    url_name="time_entry_corrections",
    summary=gettext_noop("Correct approved time by an entry of its own, which is approved anew"),
    status=201,
)
def correct_entry(request: ApiRequest, id: Path[Key], given: Correction) -> TimeEntryOut:
    entry, by = entry_of(request, id), request.auth.user
    return as_it_stands(record_correction(entry=entry, by=by, now=read_clock(), **given.model_dump()))
