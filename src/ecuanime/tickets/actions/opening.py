"""Opening tickets and telling whose they are."""

from __future__ import annotations

from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract
from ecuanime.delivery.models import Mailbox
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions.values import ContactGiven, MessageGiven
from ecuanime.tickets.models import Priority, Ticket


def open_ticket(
    *,
    subject: str,
    channel: str,
    now: datetime,
    message: MessageGiven | None = None,
    client: Client | None = None,
    contact: Contact | None = None,
    requester_name: str = "",
    requester_email: str = "",
    mailbox: Mailbox | None = None,
    area: ProductArea | None = None,
    contract: Contract | None = None,
    priority: int = Priority.NORMAL,
    assignee: User | None = None,
    follows: Ticket | None = None,
    acknowledge: bool = False,
) -> Ticket:
    """Open a ticket under the next number, with the client's first message if there is one.

    A `contact` brings their client along. Without a client the ticket stands in triage. Without `contract` the
    client's fitting one of lowest precedence is taken. With `acknowledge` the requester is sent the number by mail,
    within the limits of automatic mail and never for an automatic message. An empty subject becomes «(no subject)».
    Refuses `contact_of_another` and `contract_of_another`. Publishes TicketOpened and, with a message, MessageAdded.
    """
    raise NotImplementedError


def open_follow_up(
    *, ticket: Ticket, message: MessageGiven, now: datetime, subject: str = "", acknowledge: bool = False
) -> Ticket:
    """Open a ticket that follows a closed one, for an answer that came after closing; with its client and contact.

    Refuses `not_closed`.
    """
    raise NotImplementedError


def identify_client(
    *,
    ticket: Ticket,
    client: Client,
    by: User,
    now: datetime,
    contact: Contact | None = None,
    new_contact: ContactGiven | None = None,
    confirm_domain: bool = False,
    expected_version: int | None = None,
) -> Ticket:
    """Take a ticket out of triage: it is `client`'s, asked by `contact` or by a new one made on the way.

    With `confirm_domain` the domain of the requester's address is recorded as this client's alone, so that its mail
    is recognised from then on. Refuses `stale`, `already_identified`, `contact_of_another`, `contact_exists`,
    `bad_address`, `shared_domain` (public mail providers) and `domain_of_another`.
    """
    raise NotImplementedError


def change_contact(
    *, ticket: Ticket, contact: Contact, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say that another contact of the same client asks. Refuses `stale` and `contact_of_another`."""
    raise NotImplementedError
