"""The client's side: approve, dispute, consent; and what happens when nobody answers in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.worklog.models import Cut, TimeEntry


def approve_entries(*, contact: Contact, seen: Mapping[int, int], now: datetime) -> list[TimeEntry]:
    """Approve as the client's project lead, all or none; this draws. `seen` is the version of each entry by its id.

    Repeated, it changes nothing. Limits count what the contact approves of one day of work.
    Refused: `not_allowed`, `changed`, `not_waiting`, `above_limit` (and who can).
    """
    raise NotImplementedError


def dispute_entry(
    *, contact: Contact, entry: TimeEntry, comment: str, now: datetime, version: int | None = None
) -> TimeEntry:
    """Say that an entry is not recognised, and why. It alone is held; the supervisors are told. Again is a no-op.

    Refused: `not_allowed`, `no_comment`, `changed`, `not_waiting`.
    """
    raise NotImplementedError


def answer_dispute(*, entry: TimeEntry, by: User, explanation: str, now: datetime) -> TimeEntry:
    """Explain a disputed entry: it waits for the client again, whose term starts anew. The client gets the words.

    To change it instead use `adjust_entry` (0 seconds: goodwill) or `reject_entry`.
    Refused: `not_allowed`, `no_reason`, `not_disputed`.
    """
    raise NotImplementedError


def consent_to_overage(*, contact: Contact, entry: TimeEntry, now: datetime) -> TimeEntry:
    """Let an approved entry's overage, held for the client's consent, be charged at the contract's rate.

    Refused: `not_allowed`, `not_held`.
    """
    raise NotImplementedError


def approve_or_escalate(*, cut: Cut, now: datetime) -> int:
    """The client's term is over: what the contract lets pass by silence is approved, and the rest is reminded once.

    The rest stays unapproved and unbilled, and the supervisors are told. Returns how many were approved. A cut whose
    term is not over, or was dealt with, is left alone.
    """
    raise NotImplementedError
