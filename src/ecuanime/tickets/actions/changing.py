"""Changing what a ticket says about itself: state, assignee, priority, tags, area, contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Ticket


def change_state(
    *, ticket: Ticket, state: str, by: User | None, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Move a ticket to another state (see `TRANSITIONS`). The same state is no change.

    Solving sets when it closes by itself. Refuses `stale`, `closed` and `bad_transition`. Publishes
    TicketStateChanged.
    """
    raise NotImplementedError


def undo_change(*, ticket: Ticket, by: User, now: datetime) -> Ticket:
    """Take back one's own last change of state, within a minute. Refuses `nothing_to_undo` and `too_late`."""
    raise NotImplementedError


def assign(
    *,
    ticket: Ticket,
    assignee: User | None,
    by: User | None,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Say who answers a ticket, or nobody. Refuses `stale`, `closed` and `not_at_desk`."""
    raise NotImplementedError


def set_priority(
    *, ticket: Ticket, priority: int, by: User | None, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say how much it matters (a value of `Priority`). Refuses `stale`, `closed` and `bad_priority`."""
    raise NotImplementedError


def set_tags(
    *, ticket: Ticket, names: Sequence[str], by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Give a ticket exactly these tags, making those that are new. Refuses `stale`, `too_many`, `bad_tag`."""
    raise NotImplementedError


def set_area(
    *, ticket: Ticket, area: ProductArea | None, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say which product area it is about; a contract that no longer fits gives way to the proposal. Refuses `stale`."""
    raise NotImplementedError


def choose_contract(
    *, ticket: Ticket, contract: Contract | None, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say which contract its work goes to from now on. Refuses `stale`, `contract_of_another`, `contract_ended`."""
    raise NotImplementedError


def close_silent_tickets(*, now: datetime) -> int:
    """Close the solved tickets whose silence has lasted long enough; returns how many."""
    raise NotImplementedError
