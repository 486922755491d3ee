"""Tickets for tests, opened by the real action."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ecuanime.clients.models import Contact
from ecuanime.tickets.actions import MessageGiven, open_ticket
from ecuanime.tickets.models import Channel, Ticket
from tests.factories import NOW, make_contact


def make_message(text: str = "No sale el correo.", **fields: Any) -> MessageGiven:
    """A client's mail as intake hands it over."""
    values: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "from_name": "Elvira",
        "from_email": "elvira@uno.example",
    }
    return MessageGiven(text, **(values | fields))


def make_ticket(*, contact: Contact | None = None, now: datetime = NOW, **fields: Any) -> Ticket:
    """A ticket of a contact (a new one unless given) with one message of theirs; `client=None` puts it in triage."""
    if "client" not in fields and contact is None:
        contact = make_contact()
    name, email = (contact.name, contact.email) if contact else ("Elvira", "elvira@uno.example")
    values: dict[str, Any] = {"subject": "El programa no envía", "channel": Channel.EMAIL, "contact": contact}
    values["message"] = make_message(from_name=name, from_email=email, contact=contact)
    values |= {"requester_name": name, "requester_email": email}
    return open_ticket(now=now, **(values | fields))
