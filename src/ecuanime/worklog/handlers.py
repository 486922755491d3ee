"""What worklog hears: that a contract was opened, whose first period may be due, or began and renews another."""

from __future__ import annotations

from ecuanime.contracts.events import ContractOpened, ContractStarted
from ecuanime.contracts.models import Contract
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.worklog.actions import move_what_is_left, open_due_periods


@hears(ContractOpened)
def open_first_period(event: ContractOpened) -> None:
    """Its allowance is there at once, without waiting for the next regular look; again opens nothing."""
    open_due_periods(contract=Contract.objects.get(pk=event.contract_id), now=read_clock())


@hears(ContractStarted)
def move_hours(event: ContractStarted) -> None:
    """What is left of the contract that it renews moves to it where the plan says so; again moves nothing."""
    contracts = Contract.objects.select_related("client", "version", "replaces__version")
    move_what_is_left(contract=contracts.get(pk=event.contract_id), now=read_clock())
