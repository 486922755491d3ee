"""Regular work on contracts: each whose day has come takes its step alone; one that fails does not hold up the rest."""

from __future__ import annotations

import logging

from ecuanime.contracts.actions import take_due_step
from ecuanime.contracts.queries import due_contracts
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job

logger = logging.getLogger(__name__)


@job(name="contracts.take_due_steps", queue="contracts", queueing_lock="contracts.take_due_steps")
def take_due_steps(timestamp: int) -> None:
    """Let quotes lapse, and contracts begin and end, whose day has come."""
    now = read_clock()
    for contract in due_contracts(now):
        try:
            while take_due_step(contract=contract, now=now):
                pass
        except Exception:
            logger.exception("contract %s could not take its step; it stays due", contract)
