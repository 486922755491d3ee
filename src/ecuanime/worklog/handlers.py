"""What worklog hears: that a contract was opened, whose first period may be due."""

from __future__ import annotations

from ecuanime.contracts.events import ContractOpened
from ecuanime.contracts.models import Contract
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.worklog.actions import open_due_periods


@hears(ContractOpened)
def open_first_period(event: ContractOpened) -> None:
    """Its allowance is there at once, without waiting for the next regular look; again opens nothing."""
    open_due_periods(contract=Contract.objects.get(pk=event.contract_id), now=read_clock())
