"""What the desk keeps: tickets with their history, the messages of their threads, and the team's people around them."""

from ecuanime.tickets.models.joined import Merge, TicketLink
from ecuanime.tickets.models.messages import Attachment, Authenticity, Draft, Message
from ecuanime.tickets.models.people import Follower, Mention, Turn
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
    "Authenticity",
    "Channel",
    "Draft",
    "Follower",
    "Group",
    "Mention",
    "Merge",
    "Message",
    "Priority",
    "State",
    "Tag",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketLink",
    "Turn",
    "fold",
    "folded",
]
