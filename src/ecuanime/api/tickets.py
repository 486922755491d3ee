"""Tickets and the messages of their threads."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.lists import Code, Filters, Key, Moment, Page, Person, answers, one_of, page, person
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.models import Attachment, Message, Priority, State, Ticket

router = Router(tags=[_("Tickets")])
StateWord = Annotated[State, one_of(State)]
_PLAIN = (
    *("number", "subject", "requester_name", "requester_email", "channel", "created_at"),
    *("last_message_at", "waits_since", "first_answered_at", "solved_at", "closed_at"),
)
_SHOWN = ("client", "contact", "contract", "area", "assignee", "follows")


class TicketOut(Schema):
    """One subject of work."""

    number: int = Field(description=_("what people say: 4817"))
    subject: str
    client: str | None = Field(description=_("the client's code; null while nobody knows whose it is"))
    requester_name: str
    requester_email: str
    contract: str | None = Field(description=_("the contract's number"))
    area: str | None = Field(description=_("the product area's code"))
    site: int | None = Field(description=_("the id of the client's site, where it is known"))
    channel: str
    state: StateWord
    priority: str = Field(description=_("urgent, high, normal or low"))
    assignee: Person | None = Field(description=_("for the team alone"))
    tags: list[str] = Field(description=_("for the team alone"))
    fields: dict[str, str] = Field(
        description=_("what stands in the firm's own fields, by their key in queries; for the team alone")
    )
    follows: int | None = Field(description=_("the number of the closed ticket that it continues"))
    created_at: Moment
    last_message_at: Moment
    waits_since: Moment | None = Field(description=_("since when the client waits for an answer"))
    first_answered_at: Moment | None
    solved_at: Moment | None
    closed_at: Moment | None


class AttachmentOut(Schema):
    """A file of a message."""

    id: int
    name: str
    media_type: str
    size_bytes: int


class MessageOut(Schema):
    """A message of a thread; internal notes are given to those at the desk alone."""

    id: int
    kind: Annotated[Message.Kind, one_of(Message.Kind)]
    channel: str
    author: Person | None = Field(description=_("who of the firm wrote it"))
    from_name: str
    from_email: str
    to: list[str]
    cc: list[str]
    text: str
    quoted_text: str
    is_automatic: bool
    attachments: list[AttachmentOut]
    written_at: Moment
    created_at: Moment


class TicketFilters(Filters):
    """Which tickets."""

    q: str = Field(
        "", max_length=500, description=_("a query as in the inbox, e.g. is:open priority:<=high client:acme")
    )
    state: StateWord | None = Field(None, description=_("only this state"))
    client: Code | None = Field(None, description=_("the client's code"))
    last_message_since: Moment | None = Field(None, description=_("with a message at this moment or later"))


@router.get("/tickets", response=answers(Page[TicketOut]), url_name="tickets", summary=_("List tickets"))
def tickets(request: ApiRequest, filters: Query[TicketFilters]) -> Page[TicketOut]:
    wanted = Q()
    if filters.state is not None:
        wanted &= Q(state=filters.state)
    if filters.client is not None:
        wanted &= Q(client__code=filters.client)
    if filters.last_message_since is not None:
        wanted &= Q(last_message_at__gte=filters.last_message_since)
    rows = _loaded(request.auth.tickets_matching(filters.q, now=read_clock()).filter(wanted))
    # Upwards: a ticket that gets a message meanwhile moves to a later page, never to one already read.
    return page(
        request,
        filters,
        rows,
        order=("last_message_at", "id"),
        shown=lambda found: [ticket_out(row, request.auth) for row in found],
    )


@router.get(
    "/tickets/{number}", response=answers(TicketOut, is_one=True), url_name="ticket", summary=_("One ticket")
)
def ticket(request: ApiRequest, number: Path[Key]) -> TicketOut:
    found = get_object_or_404(_loaded(request.auth.tickets()), number=number)
    return ticket_out(found, request.auth)


@router.get(
    "/tickets/{number}/messages",
    response=answers(Page[MessageOut], is_one=True),
    url_name="messages",
    summary=_("List the messages of a ticket"),
)
def messages(request: ApiRequest, number: Path[Key], filters: Query[Filters]) -> Page[MessageOut]:
    rows = request.auth.messages(number).select_related("author").prefetch_related("attachments__file")
    order = ("created_at", "id")
    return page(request, filters, rows, order=order, shown=lambda found: [*map(message_out, found)])


def ticket_out(row: Ticket, reader: Reader) -> TicketOut:
    """A ticket as programs get it; who is assigned, the tags and the firm's fields are the team's."""
    is_team = reader.user.is_of_firm
    return TicketOut(
        **{name: getattr(row, name) for name in _PLAIN},
        client=row.client.code if row.client else None,
        contract=row.contract.number if row.contract else None,
        area=row.area.code if row.area else None,
        site=row.site_id,
        state=State(row.state),
        priority=Priority(row.priority).name.lower(),
        assignee=person(row.assignee) if is_team else None,
        tags=sorted(tag.name for tag in row.tags.all()) if is_team else [],
        fields={each.field.key: each.said for each in row.field_values.all()} if is_team else {},
        follows=row.follows.number if row.follows else None,
    )


def message_out(row: Message) -> MessageOut:
    """A message as programs get it: its words, without the mail's own markup."""
    plain = ("channel", "from_name", "from_email", "to", "cc", "text", "quoted_text", "is_automatic")
    return MessageOut(
        id=row.pk,
        kind=Message.Kind(row.kind),
        author=person(row.author),
        attachments=[*map(_attachment_out, row.attachments.all())],
        written_at=row.written_at,
        created_at=row.created_at,
        **{name: getattr(row, name) for name in plain},
    )


def _attachment_out(row: Attachment) -> AttachmentOut:
    return AttachmentOut(id=row.pk, name=row.name, media_type=row.media_type, size_bytes=row.file.size)


def _loaded(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related(*_SHOWN).prefetch_related("tags", "field_values__field")
