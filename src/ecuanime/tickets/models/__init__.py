"""What the desk keeps: tickets, their messages, the team around them, and what is promised about their time."""

from ecuanime.tickets.models.checklists import TicketChecklist
from ecuanime.tickets.models.deadlines import Deadline, DeadlineEvent, Promise, TicketPromise
from ecuanime.tickets.models.fields import FieldKind, FieldValue, TicketField
from ecuanime.tickets.models.joined import Merge, TicketLink
from ecuanime.tickets.models.macros import BulkRun, Macro
from ecuanime.tickets.models.messages import Attachment, Authenticity, Draft, Message
from ecuanime.tickets.models.outages import Outage, OutageNotice, ToldOnTicket
from ecuanime.tickets.models.people import Follower, Mention, Turn
from ecuanime.tickets.models.presence import Presence
from ecuanime.tickets.models.queues import Queue
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
from ecuanime.tickets.models.views import Column, Order, SavedView, usual_columns

__all__ = [
    "OPEN_STATES",
    "Attachment",
    "Authenticity",
    "BulkRun",
    "Channel",
    "Column",
    "Deadline",
    "DeadlineEvent",
    "Draft",
    "FieldKind",
    "FieldValue",
    "Follower",
    "Group",
    "Level",
    "Macro",
    "Mention",
    "Merge",
    "Message",
    "Opinion",
    "Order",
    "Outage",
    "OutageNotice",
    "Presence",
    "Priority",
    "Promise",
    "Queue",
    "SavedView",
    "SearchDocument",
    "State",
    "Tag",
    "Ticket",
    "TicketChecklist",
    "TicketCounter",
    "TicketEvent",
    "TicketField",
    "TicketLink",
    "TicketPromise",
    "ToldOnTicket",
    "Turn",
    "usual_columns",
]
