"""Regular work on time: closing days, ending clients' terms, opening periods, expiring lots."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from ecuanime.contracts.queries import contracts_with_due_period
from ecuanime.entitlements.queries import due_lots
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.foundation.rounds import work_through
from ecuanime.staff.queries import current_firm
from ecuanime.worklog import actions, queries

CLOSING = gettext_noop("Closing days")
ENDING_TERMS = gettext_noop("Ending the terms in which clients answer")
OPENING = gettext_noop("Opening periods of contracts")
EXPIRING = gettext_noop("Booking hours that have expired")


@job(name="worklog.close_days", queue="worklog", queueing_lock="worklog.close_days")
def close_days(timestamp: int) -> None:
    """Close every day whose hour has come in the firm's zone and that was not closed yet, the oldest first."""
    now = read_clock()
    if current_firm() is not None:
        work_through(
            queries.days_to_close(now),
            lambda day: actions.close_day(day=day, now=now),
            work=CLOSING,
            page=lambda day: f"/horas/{day}/",
        )


@job(name="worklog.end_terms", queue="worklog", queueing_lock="worklog.end_terms")
def end_terms(timestamp: int) -> None:
    """Approve by silence, or remind and escalate, what clients have not answered in their term."""
    now = read_clock()
    work_through(
        queries.due_cuts(now),
        lambda cut: actions.approve_or_escalate(cut=cut, now=now),
        work=ENDING_TERMS,
        page=lambda cut: f"/horas/{cut.day}/",
    )


@job(name="worklog.open_periods", queue="worklog", queueing_lock="worklog.open_periods")
def open_periods(timestamp: int) -> None:
    """Open the periods of contracts whose first day has come, with their allowance and what rolls over."""
    now = read_clock()
    work_through(
        contracts_with_due_period(now),
        lambda contract: actions.open_due_periods(contract=contract, now=now),
        work=OPENING,
        page=lambda contract: f"/contratos/{contract.number}/",
    )


@job(name="worklog.expire_lots", queue="worklog", queueing_lock="worklog.expire_lots")
def expire_lots(timestamp: int) -> None:
    """Book the expiry of lots whose last day is over, less what is pending of work done in their validity."""
    now = read_clock()
    work_through(
        due_lots(now),
        lambda lot: actions.expire_lot(lot=lot, now=now),
        work=EXPIRING,
        page=lambda lot: f"/contratos/{lot.contract.number}/",
    )
