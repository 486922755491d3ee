"""Who a program reads for, and what that person may see: what the rooms' access rules say, as on the screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from ecuanime.accounts.models import ApiToken, User
from ecuanime.api.errors import NotAllowed
from ecuanime.billing import access as billing
from ecuanime.billing.models import Invoice
from ecuanime.clients.access import visible_clients
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.access import contracts_seen_by, offers_seen_by
from ecuanime.contracts.models import Contract
from ecuanime.emergencies.access import emergencies_of_contact, visible_emergencies
from ecuanime.emergencies.models import Emergency
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import visible_messages, visible_tickets
from ecuanime.tickets.filters import Unreadable, matching, read_query
from ecuanime.tickets.models import Message, Ticket
from ecuanime.worklog import access as worklog
from ecuanime.worklog.models import TimeEntry

HIDES_HOURS = Q(hours_visible=False) | Q(hours_visible=None, version__hours_visible=False)


@dataclass(frozen=True)
class Reader:
    """A person of the firm, or a client's contact, and the token that their program carries."""

    user: User
    contact: Contact | None
    token: ApiToken

    def clients(self) -> QuerySet[Client]:
        """All for the firm, their own for a contact."""
        return visible_clients(self.user)

    def contacts(self) -> QuerySet[Contact]:
        """All clients' people, for the firm alone."""
        if not self.user.is_of_firm:
            raise NotAllowed
        return Contact.objects.all()

    def tickets(self) -> QuerySet[Ticket]:
        """All for the firm; for a contact what they asked for, or all of their client's if they lead."""
        return visible_tickets(self.user)

    def tickets_matching(self, query: str, *, now: datetime) -> QuerySet[Ticket]:
        """Those of them that the words of a query ask for. Refuses `query`, with what cannot be read."""
        try:
            return matching(self.user, read_query(query), now=now)
        except Unreadable as problem:
            raise Refused("query", problem.text) from problem

    def messages(self, number: int) -> QuerySet[Message]:
        """A ticket's messages; internal notes for those at the desk alone. Unseen tickets are not found."""
        ticket = self.tickets().filter(number=number).first()
        if ticket is None:
            raise Http404
        return visible_messages(self.user, ticket)

    def entries(self) -> QuerySet[TimeEntry]:
        """What the person may see of the team's time; a contact sees their client's from the notice on."""
        if self.contact is not None:
            return worklog.visible_to_contact(self.contact)
        return worklog.visible_entries(self.user)

    def contracts(self) -> QuerySet[Contract]:
        """All for the firm, their client's for a contact."""
        if self.contact is not None:
            return contracts_seen_by(self.contact)
        return Contract.objects.all() if self.user.is_of_firm else Contract.objects.none()

    def offers(self) -> QuerySet[Contract]:
        """The same with what is offered, or once was: all for the firm, their client's for its project leads."""
        if self.contact is not None and self.contact.is_project_lead:
            return offers_seen_by(self.contact)
        return self.contracts()

    def contracts_with_hours(self) -> QuerySet[Contract]:
        """Those of them that were granted hours, without those whose hours the client is not shown."""
        granted = self.contracts().filter(Exists(Lot.objects.filter(contract=OuterRef("pk"))))
        return granted if self.contact is None else granted.exclude(HIDES_HOURS)

    def emergencies(self) -> QuerySet[Emergency]:
        """All for the firm; for a contact those whose ticket they see."""
        if self.contact is not None:
            return emergencies_of_contact(self.contact)
        return visible_emergencies(self.user)

    def invoices(self) -> QuerySet[Invoice]:
        """All for whoever bills; the issued ones of their client for contacts who see invoices."""
        if self.contact is not None and billing.contact_sees_invoices(self.contact):
            return billing.visible_to_contact(self.contact)
        if not billing.may_bill(self.user):
            raise NotAllowed
        return billing.visible_invoices(self.user)


class ApiRequest(HttpRequest):
    """A request that a token opened; of a write `once` is a key that its actions keep unique."""

    auth: Reader
    once: str
