"""Shared reads about tickets: inbox, ticket page, search, and what intake looks up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract
from ecuanime.foundation.paging import Page
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Draft, Message, Tag, Ticket, TicketEvent

COUNTED_UP_TO = 999


class View(StrEnum):
    """The views of the inbox, by what their URL says."""

    FOR_ME = "para-mi"
    UNASSIGNED = "sin-asignar"
    TRIAGE = "por-identificar"
    WAITING_CLIENT = "esperan-al-cliente"
    SOLVED = "resueltos"
    ALL_OPEN = "abiertos"


def inbox(user: User, view: View, *, after: str = "", size: int = 50) -> Page[Ticket]:
    """One page of a view, in the order `inbox_group`, `inbox_at` (who has waited longest first); solved by latest.

    Each ticket comes with `client`, `contact`, `assignee`, `contract.version.plan`, `area` and `tags` loaded, and with
    `inbox_group` (see `Group`) as the heading it stands under. Two queries whatever the number of rows.
    """
    raise NotImplementedError


def inbox_counts(user: User) -> dict[View, str]:
    """How many tickets each view has, exact up to 999 and then «999+», in one bounded query."""
    raise NotImplementedError


def tickets_of_client(user: User, client: Client, *, after: str = "", size: int = 50) -> Page[Ticket]:
    """A client's whole history that `user` may see, the latest message first."""
    raise NotImplementedError


def portal_tickets(contact: Contact, *, after: str = "", size: int = 30) -> Page[Ticket]:
    """What a contact may see in the portal, the latest message first."""
    raise NotImplementedError


def search_tickets(user: User, text: str, *, limit: int = 20) -> list[Ticket]:
    """Tickets that `user` may see with this number, or with all these words (or their beginnings) in subject or
    client's name, accents and case apart; the latest first, at most `limit`.
    """
    raise NotImplementedError


@dataclass(frozen=True)
class ThreadEntry:
    """A line of a thread: a message (`message`, with its `attachments` loaded) or a change (`event`)."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None


@dataclass(frozen=True)
class TicketPage:
    """All that a ticket's page shows of this room."""

    ticket: Ticket
    entries: list[ThreadEntry]
    has_older: bool
    newest_inbound: int | None
    tags: list[Tag]
    drafts: dict[str, Draft]
    others_open: list[Ticket]
    recipients: list[str]
    can_write: bool = False
    follow_ups: list[Ticket] = field(default_factory=list)


def ticket_page(number: int, user: User) -> TicketPage | None:
    """A ticket's page as `user` may see it, or None when there is none for them. A constant number of queries.

    The newest 200 messages and 200 changes are shown; `has_older` says that there is more.
    """
    raise NotImplementedError


def thread_since(ticket: Ticket, user: User, *, after_message: int) -> list[ThreadEntry]:
    """The messages `user` may read that came after the message with that id, at most 200, oldest first."""
    raise NotImplementedError


def thread_before(ticket: Ticket, user: User, *, before_message: int) -> list[ThreadEntry]:
    """The 200 messages `user` may read that came before the message with that id, oldest first."""
    raise NotImplementedError


def attachment_for(user: User, attachment_id: int) -> object | None:
    """An attachment with its file and message if `user` may read that message, else None."""
    raise NotImplementedError


def reply_recipients(ticket: Ticket) -> list[str]:
    """Where a reply goes unless somebody chooses: the contact's address, else the requester's; maybe nowhere."""
    raise NotImplementedError


def proposed_contract(client: Client | None, area: ProductArea | None, *, now: datetime) -> Contract | None:
    """The client's active contract of lowest precedence whose product areas fit, on the contract's own date."""
    raise NotImplementedError


def ticket_by_token(token: str) -> Ticket | None:
    """The ticket that this token belongs to."""
    raise NotImplementedError


def ticket_by_message_ids(message_ids: Sequence[str]) -> Ticket | None:
    """The ticket of the newest message known under one of these Message-IDs (References, In-Reply-To)."""
    raise NotImplementedError
