"""What the desk keeps: tickets with their history, and the messages of their threads."""

from ecuanime.tickets.models.messages import Attachment, Draft, Message
from ecuanime.tickets.models.tickets import (
    OPEN_STATES,
    Channel,
    Group,
    Priority,
    State,
    Tag,
    Ticket,
    TicketCounter,
    TicketEvent,
    fold,
    folded,
)

__all__ = [
    "OPEN_STATES",
    "Attachment",
    "Channel",
    "Draft",
    "Group",
    "Message",
    "Priority",
    "State",
    "Tag",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "fold",
    "folded",
]
