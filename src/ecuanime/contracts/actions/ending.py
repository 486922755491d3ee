"""How a contract ends: by a decision, or because another takes its place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.actions.common import lock_contract, refuse_end
from ecuanime.contracts.course import schedule, successor_of
from ecuanime.contracts.events import ContractEnded
from ecuanime.contracts.models import BINDING, Contract
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date


@transaction.atomic
def end_contract(*, contract: Contract, ends_on: date, reason: str, now: datetime) -> Contract:
    """Give a contract its last day, inclusive, in its zone; work done until then is still rated by it.

    It stays active until that day is over, and is not renewed. Refused: `ended`, `not_in_force`, `ends_before_start`,
    `already_replaced` for a day on which its successor is in force.
    """
    contract = lock_contract(contract)
    if contract.state == Contract.State.ENDED:
        raise Refused("ended", _("This contract has ended already. Nothing was changed."))
    if contract.state not in BINDING:
        raise Refused("not_in_force", _("This contract was never accepted, so it cannot end."))
    if ends_on < contract.starts_on:
        refuse_end()
    successor = successor_of(contract)
    if successor is not None and ends_on >= successor.starts_on:
        facts = {"number": contract.number, "successor": successor.number}
        raise Refused(
            "already_replaced", _("%(successor)s has taken the place of %(number)s already.") % facts
        )
    contract.is_final, contract.end_reason = True, reason
    _end(contract, ends_on, now, reason=reason)
    return contract


@transaction.atomic
def note_settlement(*, contract: Contract, settlement: str, by: User, now: datetime) -> Contract:
    """Note for good what became of what was left when a contract ended; billing has seen to it that nothing is open.

    One settled already stays as it is. Refused: `not_ending` while it has no last day, `no_reason`.
    """
    contract = lock_contract(contract)
    if contract.settled_at is not None:
        return contract
    if contract.ends_on is None or contract.state not in BINDING:
        raise Refused("not_ending", _("This contract has no last day yet. Give it one first."))
    plain = " ".join(settlement.split())[:600]
    if not plain:
        raise Refused("no_reason", _("Say what became of what was left; nothing left is an answer too."))
    contract.settled_at, contract.settled_by, contract.settlement = now, by, plain
    contract.save(update_fields=["settled_at", "settled_by", "settlement"])
    record("contract_settled", contract, now=now, number=contract.number, settlement=plain)
    return contract


def end_the_day_before(contract: Contract, successor: Contract, *, now: datetime) -> None:
    """End a locked contract the day before another takes its place; one that ends earlier keeps its last day."""
    ends_on = successor.starts_on - timedelta(days=1)
    if contract.ends_on is None or contract.ends_on > ends_on:
        _end(contract, ends_on, now, replaced_by=successor.number)


def _end(contract: Contract, ends_on: date, now: datetime, **facts: str) -> None:
    contract.ends_on = ends_on
    if ends_on < local_date(now, contract.time_zone):
        contract.state = Contract.State.ENDED
    schedule(contract)
    contract.save(update_fields=["ends_on", "is_final", "end_reason", "state", "next_due_at"])
    record("contract_ended", contract, now=now, number=contract.number, ends_on=ends_on, **facts)
    publish(ContractEnded(contract_id=contract.pk))
