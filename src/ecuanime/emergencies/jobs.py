"""Jobs of emergencies: what has fallen due in a case."""

from __future__ import annotations

from ecuanime.emergencies import actions
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job


@job(name="emergencies.take_due_cases", queue="tickets", queueing_lock="emergencies.take_due_cases")
def take_due_cases(timestamp: int) -> None:
    """Pass alerts on, tell that an hour is up, and ask for news."""
    actions.take_due_cases(now=read_clock())


@job(name="emergencies.watch_pools", queue="tickets", queueing_lock="emergencies.watch_pools")
def watch_pools(timestamp: int) -> None:
    """Warn where what a client lets be spent is nearly used up."""
    actions.watch_pools(now=read_clock())


@job(
    name="emergencies.confirm_silent_cases",
    queue="tickets",
    queueing_lock="emergencies.confirm_silent_cases",
)
def confirm_silent_cases(timestamp: int) -> None:
    """Confirm that service is normal where the agreed silence is over."""
    actions.confirm_silent_cases(now=read_clock())


@job(name="emergencies.forget_unproved", queue="default", queueing_lock="emergencies.forget_unproved")
def forget_unproved(timestamp: int) -> None:
    """Forget public declarations that nobody has confirmed."""
    actions.forget_unproved(now=read_clock())
