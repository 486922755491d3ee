"""What tickets hears: closing, replies that did not arrive, contracts, promises and names that changed."""

from __future__ import annotations

from ecuanime.clients.events import ClientRenamed, ContactRenamed
from ecuanime.contracts.events import ContractStarted, ServiceLevelChanged
from ecuanime.contracts.models import Contract
from ecuanime.delivery.events import MailBounced, MailFailed, MailSent
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.notices.actions import settle_subject
from ecuanime.staff.events import HolidaysChanged
from ecuanime.tickets.actions import (
    ask_satisfaction,
    follow_contract,
    note_undelivered,
    read_again,
    renew_promises,
)
from ecuanime.tickets.events import TicketStateChanged
from ecuanime.tickets.models import SearchDocument, State, Ticket
from ecuanime.tickets.notices import notice_key


@hears(TicketStateChanged)
def ticket_closed(event: TicketStateChanged) -> None:
    """Now is when the contact is asked what they thought; what the team was told of it is no longer news."""
    if event.after == State.CLOSED:
        settle_subject(subject_key=notice_key(event.number), now=read_clock())
        ask_satisfaction(ticket=Ticket(pk=event.ticket_id), now=read_clock())


@hears(MailFailed)
def reply_failed(event: MailFailed) -> None:
    """The server refused it for good, or days of trying ended."""
    note_undelivered(mail_id=event.mail_id, addresses=event.addresses, now=read_clock())


@hears(MailSent)
def reply_refused_for_some(event: MailSent) -> None:
    """Some of its addresses were refused."""
    if event.refused:
        note_undelivered(mail_id=event.mail_id, addresses=event.refused, now=read_clock())


@hears(MailBounced)
def reply_came_back(event: MailBounced) -> None:
    """It had left, and came back."""
    note_undelivered(mail_id=event.mail_id, addresses=event.addresses, now=read_clock())


@hears(ContractStarted)
def contract_took_a_place(event: ContractStarted) -> None:
    """Its first day has come: open tickets of the contract it replaces go on under it."""
    contract = Contract.objects.select_related("replaces").get(pk=event.contract_id)
    follow_contract(contract=contract, now=read_clock())


@hears(ServiceLevelChanged)
def promises_changed(event: ServiceLevelChanged) -> None:
    """Open tickets are promised the new times from now on."""
    renew_promises(now=read_clock())


@hears(HolidaysChanged)
def holidays_changed(event: HolidaysChanged) -> None:
    """What falls due on or after those days falls due at another moment."""
    renew_promises(now=read_clock())


@hears(ClientRenamed)
def client_is_called_differently(event: ClientRenamed) -> None:
    """Search finds their tickets by the new name."""
    read_again(SearchDocument.objects.filter(ticket__client_id=event.client_id))


@hears(ContactRenamed)
def contact_is_called_differently(event: ContactRenamed) -> None:
    """Search finds the tickets they ask for by the new name."""
    read_again(SearchDocument.objects.filter(ticket__contact_id=event.contact_id))
