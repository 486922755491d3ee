"""Regular work on time: closing days, ending clients' terms, opening periods, expiring lots.

Each item stands alone: one that fails is logged and does not hold up the others, and the next run takes it up again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from ecuanime.contracts.queries import contracts_with_due_period
from ecuanime.entitlements.queries import due_lots
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.staff.queries import current_firm
from ecuanime.worklog import actions, queries

logger = logging.getLogger(__name__)
T = TypeVar("T")


@job(name="worklog.close_days", queue="worklog", queueing_lock="worklog.close_days")
def close_days(timestamp: int) -> None:
    """Close every day whose hour has come in the firm's zone and that was not closed yet, the oldest first."""
    now = read_clock()
    if current_firm() is not None:
        each(queries.days_to_close(now), lambda day: actions.close_day(day=day, now=now))


@job(name="worklog.end_terms", queue="worklog", queueing_lock="worklog.end_terms")
def end_terms(timestamp: int) -> None:
    """Approve by silence, or remind and escalate, what clients have not answered in their term."""
    now = read_clock()
    each(queries.due_cuts(now), lambda cut: actions.approve_or_escalate(cut=cut, now=now))


@job(name="worklog.open_periods", queue="worklog", queueing_lock="worklog.open_periods")
def open_periods(timestamp: int) -> None:
    """Open the periods of contracts whose first day has come, with their allowance and what rolls over."""
    now = read_clock()
    each(
        contracts_with_due_period(now), lambda contract: actions.open_due_periods(contract=contract, now=now)
    )


@job(name="worklog.expire_lots", queue="worklog", queueing_lock="worklog.expire_lots")
def expire_lots(timestamp: int) -> None:
    """Book the expiry of lots whose last day is over, less what is pending of work done in their validity."""
    now = read_clock()
    each(due_lots(now), lambda lot: actions.expire_lot(lot=lot, now=now))


def each(items: Iterable[T], act: Callable[[T], object]) -> None:
    """Do it for each item; a failure is logged with its item and the rest go on."""
    for item in items:
        try:
            act(item)
        except Exception:
            logger.exception("%s could not be dealt with; it stays due", item)
