"""What happens to contracts by themselves when its day has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ecuanime.contracts.actions.common import lock_contract
from ecuanime.contracts.course import due_at, life_of, schedule
from ecuanime.contracts.events import ContractStarted
from ecuanime.contracts.models import Contract
from ecuanime.foundation.audit import record
from ecuanime.foundation.events import publish
from ecuanime.rules.contracts import Step, next_step

_STATES = {
    Step.LAPSE: (Contract.State.LAPSED, "quote_lapsed"),
    Step.START: (Contract.State.ACTIVE, "contract_started"),
    Step.END: (Contract.State.ENDED, "contract_over"),
}


@transaction.atomic
def take_due_step(*, contract: Contract, now: datetime) -> bool:
    """Take the contract's next step if its day has come, and note the one after it; false when none is due.

    A second call, or one at the same time, finds the step taken.
    """
    contract = lock_contract(contract)
    due = next_step(life_of(contract))
    if due is None or due_at(contract, due) > now:
        return False
    contract.state, verb = _STATES[due.step]
    schedule(contract)
    contract.save(update_fields=["state", "next_due_at"])
    record(verb, contract, now=now, number=contract.number, on=due.on)
    if due.step == Step.START:
        publish(ContractStarted(contract_id=contract.pk))
    return True
