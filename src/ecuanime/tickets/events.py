"""What tickets tells the rooms above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TicketOpened:
    """A ticket exists; its first message, if it has one, was announced too."""

    ticket_id: int
    number: int
    channel: str


@dataclass(frozen=True)
class MessageAdded:
    """A message or note was added. `kind` is that of `Message.Kind`."""

    message_id: int
    ticket_id: int
    kind: str
    channel: str


@dataclass(frozen=True)
class TicketStateChanged:
    """A ticket went from one state to another (values of `State`)."""

    ticket_id: int
    number: int
    before: str
    after: str


@dataclass(frozen=True)
class TicketIdentified:
    """A ticket of nobody known was given to its client."""

    ticket_id: int
    client_id: int


@dataclass(frozen=True)
class TicketAssigned:
    """Somebody is to answer a ticket; `by_id` is None when the firm's policy chose them."""

    ticket_id: int
    assignee_id: int
    by_id: int | None


@dataclass(frozen=True)
class TicketWoken:
    """The moment has come until which a ticket was put off; nobody wrote on it."""

    ticket_id: int
    number: int


@dataclass(frozen=True)
class TicketMerged:
    """A ticket's thread goes on in another; the merged one is closed and points there."""

    ticket_id: int
    into_id: int


@dataclass(frozen=True)
class PromiseNearsItsEnd:
    """So much of a promised time is used up that the team was warned. `metric` is that of `contracts.models.Metric`."""

    ticket_id: int
    number: int
    metric: str
    at: datetime


@dataclass(frozen=True)
class PromiseBroken:
    """A promised time was up before it was kept. `metric` is that of `contracts.models.Metric`."""

    ticket_id: int
    number: int
    metric: str
    at: datetime
