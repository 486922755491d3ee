"""Regular work on contracts: each whose day has come takes its step."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop

from ecuanime.contracts.actions import take_due_step
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import due_contracts
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.foundation.rounds import work_through

STEPPING = gettext_noop("Letting quotes lapse, and contracts begin and end")


@job(name="contracts.take_due_steps", queue="contracts", queueing_lock="contracts.take_due_steps")
def take_due_steps(timestamp: int) -> None:
    """Let quotes lapse, and contracts begin and end, whose day has come."""
    now = read_clock()
    work_through(
        due_contracts(now),
        lambda contract: _take_steps(contract, now),
        work=STEPPING,
        page=lambda contract: f"/contratos/{contract.number}/",
    )


def _take_steps(contract: Contract, now: datetime) -> None:
    while take_due_step(contract=contract, now=now):
        pass
