"""What happens to contracts by themselves when its day has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from ecuanime.clients.models import Client
from ecuanime.contracts.actions.common import lock_contract
from ecuanime.contracts.actions.renewals import give_notice, renew
from ecuanime.contracts.course import due_at, life_of, schedule
from ecuanime.contracts.events import ContractStarted
from ecuanime.contracts.models import Contract
from ecuanime.foundation.audit import record
from ecuanime.foundation.events import publish
from ecuanime.rules.contracts import Step, next_step

_State = Contract.State


@transaction.atomic
def take_due_step(*, contract: Contract, now: datetime) -> bool:
    """Take the contract's next step if its day has come, and note the one after it; false when none is due.

    A second call, or one at the same time, finds the step taken.
    """
    Client.objects.select_for_update(no_key=True).get(pk=contract.client_id)
    contract = lock_contract(contract)
    due = next_step(life_of(contract))
    if due is None or due_at(contract, due) > now:
        return False
    _STEPS[due.step](contract, now)
    schedule(contract)
    contract.save()
    return True


def _lapse(quote: Contract, now: datetime) -> None:
    quote.state = _State.LAPSED
    record("quote_lapsed", quote, now=now, number=quote.number, valid_until=quote.valid_until)


def _start(contract: Contract, now: datetime) -> None:
    contract.state = _State.ACTIVE
    record("contract_started", contract, now=now, number=contract.number, starts_on=contract.starts_on)
    publish(ContractStarted(contract_id=contract.pk))


def _end(contract: Contract, now: datetime) -> None:
    contract.state = _State.ENDED
    record("contract_over", contract, now=now, number=contract.number, ends_on=contract.ends_on)
    if contract.auto_renews and contract.renewal_version is not None:
        renew(contract, now=now)


_STEPS: dict[Step, Callable[[Contract, datetime], None]] = {
    Step.LAPSE: _lapse,
    Step.START: _start,
    Step.NOTICE: give_notice,
    Step.END: _end,
}
