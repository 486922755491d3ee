"""What the parts of the demo share while it is being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract, WorkType
from ecuanime.delivery.models import Mailbox
from ecuanime.demo.cast import Customer
from ecuanime.demo.diary import ZONE, Agenda, Diary
from ecuanime.staff.models import ProductArea


@dataclass
class World:
    """The firm as it grows: its people and clients by their place in the cast, and what is still to happen."""

    now: datetime
    rng: Random
    agenda: Agenda
    diary: Diary
    customers: tuple[Customer, ...]
    staff: dict[str, User]
    areas: list[ProductArea]
    work_types: dict[str, WorkType]
    mailbox: Mailbox
    clients: list[Client] = field(default_factory=list)
    contacts: dict[tuple[int, int], Contact] = field(default_factory=dict)
    contracts: dict[int, Contract] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The firm's date."""
        return self.now.astimezone(ZONE).date()

    def lead_of(self, client_id: int) -> list[Contact]:
        """Who approves for a client, the one with limits first."""
        leads = [
            contact
            for contact in self.contacts.values()
            if contact.client_id == client_id and contact.is_project_lead
        ]
        return sorted(leads, key=lambda contact: contact.approves_up_to_minutes is None)
