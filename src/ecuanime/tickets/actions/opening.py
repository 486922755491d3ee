"""Opening tickets and telling whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.actions import add_contact, require_sites_of
from ecuanime.clients.actions import confirm_domain as confirm_domain_of_client
from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.models import Contract
from ecuanime.delivery.models import Mailbox
from ecuanime.delivery.text import one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.remembering import remembered
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions.clocks import keep_clocks, start_clocks
from ecuanime.tickets.actions.common import leave_line, lock, lock_going_on, require_contact_of, save, take_in
from ecuanime.tickets.actions.giving import give_out_after_commit
from ecuanime.tickets.actions.indexing import index_ticket, read_again
from ecuanime.tickets.actions.values import ContactGiven, MessageGiven
from ecuanime.tickets.events import TicketIdentified, TicketOpened
from ecuanime.tickets.letters import acknowledge_ticket
from ecuanime.tickets.models import Message, Priority, Queue, State, Tag, Ticket, TicketCounter
from ecuanime.tickets.notices import tell_assigned
from ecuanime.tickets.queries import proposed_contract
from ecuanime.tickets.threading import new_ticket_token

FIRST_NUMBER = 1001
FIRST_WRITTEN = ("last_message_at", "last_snippet", "unread_count", "waits_since", "due_at", "due_metric")
"""What the first message, and the clocks that begin with it, write on a new ticket."""


@transaction.atomic
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
    site: Site | None = None,
    contract: Contract | None = None,
    tags: Sequence[Tag] = (),
    priority: int | None = None,
    queue: Queue | None = None,
    assignee: User | None = None,
    follows: Ticket | None = None,
    acknowledge: bool = False,
) -> Ticket:
    """Open a ticket under the next number, with the client's first message if there is one.

    A `contact` brings their client along. Without a client the ticket stands in triage. Without `contract` the
    client's fitting one of lowest precedence is taken. Without `queue` it lands in its mailbox's, and without
    `priority` it gets that of its queue. Its clocks start. With `acknowledge` the requester is sent the number by
    mail, within the limits of automatic mail and never for an automatic message. An empty subject becomes «(no
    subject)». Refuses `contact_of_another`, `not_their_site` and `contract_of_another`.
    Publishes TicketOpened and, with a message,
    MessageAdded.
    """
    client = client or (contact.client if contact else None)
    if contact is not None:
        require_contact_of(client.pk if client else None, contact)
    require_sites_of(client.pk if client else None, [site] if site else [])
    if contract is not None and (client is None or contract.client_id != client.pk):
        raise Refused("contract_of_another", _("That contract belongs to another client."))
    queue = queue or _queue_of(mailbox)
    ticket = Ticket(
        token=new_ticket_token(),
        subject=one_line(subject, 300) or _("(no subject)"),
        client=client,
        contact=contact,
        requester_name=one_line(requester_name or (contact.name if contact else ""), 120),
        requester_email=one_line(requester_email or (contact.email if contact else ""), 254),
        contract=contract or proposed_contract(client, area, site, now=now),
        area=area,
        site=site,
        mailbox=mailbox,
        queue=queue,
        channel=channel,
        state=State.NEW,
        priority=priority or (queue.default_priority if queue else Priority.NORMAL),
        assignee=assignee,
        follows=follows,
        last_message_at=now,
        created_at=now,
    )
    ticket.number = next_number()
    ticket.save(force_insert=True)
    ticket.tags.add(*tags)
    index_ticket(ticket)
    audit.record("ticket_opened", ticket, now=now, number=ticket.number, channel=channel)
    publish(TicketOpened(ticket.pk, ticket.number, channel))
    if message is None:
        start_clocks(ticket, now=now, is_asked=False)
        ticket.save(update_fields=["due_at", "due_metric"])
    else:
        first = take_in(ticket, message, now=now, opens=True)
        ticket.save(update_fields=FIRST_WRITTEN)
        if acknowledge and not message.is_automatic:
            acknowledge_ticket(ticket, first, now=now)
    if assignee is not None and audit.current_actor().id != assignee.pk:
        tell_assigned(ticket, by=None, now=now)
    give_out_after_commit(ticket)
    return ticket


@transaction.atomic
def open_follow_up(
    *, ticket: Ticket, message: MessageGiven, now: datetime, subject: str = "", acknowledge: bool = False
) -> Ticket:
    """Open a ticket that follows a closed one, for an answer that came after closing; with its client and contact.

    Refuses `not_closed`.
    """
    closed = lock_going_on(ticket)
    if closed.state != State.CLOSED:
        text = _("Ticket #%(number)s is not closed: write on it instead.")
        raise Refused("not_closed", text % {"number": closed.number})
    return open_ticket(
        subject=subject or closed.subject,
        channel=message.channel,
        now=now,
        message=message,
        client=closed.client,
        contact=_writer(closed, message),
        requester_name=message.from_name or closed.requester_name,
        requester_email=message.from_email or closed.requester_email,
        mailbox=closed.mailbox,
        queue=closed.queue if closed.queue and closed.queue.is_active else None,
        area=closed.area,
        site=closed.site,
        assignee=closed.assignee if closed.assignee and closed.assignee.is_active else None,
        follows=closed,
        acknowledge=acknowledge,
    )


@transaction.atomic
def note_claim(*, ticket: Ticket, claimed: Ticket, address: str, now: datetime) -> None:
    """Say on a new ticket that its mail claims to answer another one, where its sender takes no part."""
    leave_line(ticket, "claim", one_line(address, 200), f"#{claimed.number}", by=None, now=now)


@transaction.atomic
def note_copy(*, ticket: Ticket, other: Ticket, address: str, now: datetime) -> None:
    """Say on both tickets that the same mail opened the other one too, at another mailbox of ours."""
    for here, there in ((ticket, other), (other, ticket)):
        leave_line(here, "copy", one_line(address, 200), f"#{there.number}", by=None, now=now)


@transaction.atomic
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
    is recognised from then on. Refuses `stale`, `already_identified`, `contact_of_another`, and as
    `clients.actions.add_contact` and `confirm_domain` do. Publishes TicketIdentified.
    """
    ticket = lock(ticket, expected_version)
    if ticket.client is not None:
        text = _("Ticket #%(number)s already belongs to %(client)s.")
        raise Refused("already_identified", text % {"number": ticket.number, "client": ticket.client.name})
    if contact is not None:
        require_contact_of(client.pk, contact)
    if new_contact is not None:
        contact = add_contact(client=client, now=now, name=new_contact.name, email=new_contact.email)
    if confirm_domain:
        confirm_domain_of_client(client=client, domain=ticket.requester_email, by=by, now=now)
    ticket.client, ticket.contact = client, contact
    ticket.contract = proposed_contract(client, ticket.area, ticket.site, now=now)
    if contact is not None and contact.email:
        theirs = ticket.messages.filter(kind=Message.Kind.INBOUND, from_email__iexact=contact.email)
        theirs.update(contact=contact)
    keep_clocks(ticket, now=now, from_opening=True)
    save(ticket)
    read_again(ticket.search_documents.all())
    leave_line(ticket, "client", "", client.name, by=by, now=now)
    publish(TicketIdentified(ticket.pk, client.pk))
    give_out_after_commit(ticket)
    return ticket


@transaction.atomic
def change_contact(
    *, ticket: Ticket, contact: Contact, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say that another contact of the same client asks. Refuses `stale` and `contact_of_another`."""
    ticket = lock(ticket, expected_version)
    require_contact_of(ticket.client_id, contact)
    if ticket.contact_id == contact.pk:
        return ticket
    before = ticket.contact.name if ticket.contact else ticket.requester_name
    ticket.contact = contact
    save(ticket)
    read_again(ticket.search_documents.all())
    leave_line(ticket, "contact", before, contact.name, by=by, now=now)
    return ticket


def _writer(ticket: Ticket, message: MessageGiven) -> Contact | None:
    """Whoever wrote the follow-up if they are a contact of the same client; else whoever asked before."""
    contact = message.contact
    return contact if contact and contact.client_id == ticket.client_id else ticket.contact


@remembered
def _queue_of(mailbox: Mailbox | None) -> Queue | None:
    return Queue.objects.filter(mailbox=mailbox, is_active=True).first() if mailbox else None


def next_number() -> int:
    """One more than the last number given; the row stays locked, so two openers wait for each other."""
    table = connection.ops.quote_name(TicketCounter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, last_number) VALUES (1, %s)"  # noqa: S608  # the table's name alone
            f" ON CONFLICT (id) DO UPDATE SET last_number = {table}.last_number + 1 RETURNING last_number",
            [FIRST_NUMBER],
        )
        return int(cursor.fetchone()[0])
