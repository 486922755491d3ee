"""What has happened to recorded time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TimeRecorded:
    """A person has recorded work on a ticket."""

    entry_id: int
    ticket_id: int


@dataclass(frozen=True)
class DayClosed:
    """The day's entries were closed for review."""

    day: date


@dataclass(frozen=True)
class CutSent:
    """A client was asked to approve."""

    cut_id: int
    client_id: int


@dataclass(frozen=True)
class TimeApproved:
    """The last approval that the contract asks for was given, and the entry was drawn and priced."""

    entry_id: int
    client_id: int


@dataclass(frozen=True)
class EntryDisputed:
    """A client does not recognise an entry."""

    entry_id: int
    client_id: int


@dataclass(frozen=True)
class TimeFreed:
    """An approved entry was taken back: what it drew is in its lots again and it waits for review."""

    entry_id: int
    client_id: int
