"""What the desk keeps: tickets, their messages, the team around them, and what is promised about their time."""

from ecuanime.tickets.models.deadlines import Deadline, DeadlineEvent, Promise, TicketPromise
from ecuanime.tickets.models.joined import Merge, TicketLink
from ecuanime.tickets.models.messages import Attachment, Authenticity, Draft, Message
from ecuanime.tickets.models.people import Follower, Mention, Turn
from ecuanime.tickets.models.satisfaction import Level, Opinion
from ecuanime.tickets.models.search import SearchDocument
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
)

__all__ = [
    "OPEN_STATES",
    "Attachment",
    "Authenticity",
    "Channel",
    "Deadline",
    "DeadlineEvent",
    "Draft",
    "Follower",
    "Group",
    "Level",
    "Mention",
    "Merge",
    "Message",
    "Opinion",
    "Priority",
    "Promise",
    "SearchDocument",
    "State",
    "Tag",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketLink",
    "TicketPromise",
    "Turn",
]
