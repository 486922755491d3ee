"""Contracts as their rules see them: what falls due next, and when."""

from __future__ import annotations

from datetime import date, datetime

from ecuanime.contracts.models import BINDING, Contract
from ecuanime.rules.calendars import last_day_of_term, start_of_day
from ecuanime.rules.contracts import Due, Life, State, next_step


def life_of(contract: Contract) -> Life:
    """The contract's state and days; its notice where its term is to be renewed and nothing has its place yet."""
    is_told = contract.is_renewable and contract.ends_on is not None and successor_of(contract) is None
    return Life(
        state=State(contract.state),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        valid_until=contract.valid_until,
        notice_days=contract.version.notice_days if is_told else None,
        is_noticed=contract.noticed_on is not None,
    )


def due_at(contract: Contract, due: Due) -> datetime:
    """The instant at which a step's day begins in the contract's zone."""
    return start_of_day(due.on, contract.time_zone)


def schedule(contract: Contract) -> None:
    """Note when the contract's next step falls due, if any does; the caller saves it."""
    due = next_step(life_of(contract))
    contract.next_due_at = due_at(contract, due) if due else None


def begin(contract: Contract) -> None:
    """Give an accepted contract the end of its term, unless another last day was agreed, and its first period.

    The caller saves it, once it has its first day for good.
    """
    version = contract.version
    if contract.ends_on is None and version.term_months:
        contract.ends_on = last_day_of_term(contract.starts_on, version.term_months)
    if version.has_periods:
        contract.next_period_at = start_of_day(contract.starts_on, contract.time_zone)


def state_on(contract: Contract, today: date) -> str:
    """Where an accepted contract stands on a day."""
    if today < contract.starts_on:
        return Contract.State.ACCEPTED
    is_over = contract.ends_on is not None and contract.ends_on < today
    return Contract.State.ENDED if is_over else Contract.State.ACTIVE


def kin_of(quote: Contract) -> list[Contract]:
    """The other offers of a quote's line: what it supersedes, however far back, and what supersedes it."""
    found: dict[int, Contract] = {}
    before = quote.supersedes
    while before is not None:
        found[before.pk] = before
        before = before.supersedes
    after = {quote.pk}
    while after:
        rows = Contract.objects.filter(supersedes__in=after).order_by("pk")
        after = {row.pk for row in rows}
        found |= {row.pk: row for row in rows}
    return list(found.values())


def successor_of(contract: Contract) -> Contract | None:
    """The accepted contract that takes this one's place, if there is one."""
    if contract.pk is None:
        return None
    return contract.successors.filter(state__in=BINDING).first()
