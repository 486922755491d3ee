"""What follows the end of a period or a contract: worklog sees to it because it knows what is pending there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ecuanime.contracts.models import Contract, ContractPeriod
from ecuanime.entitlements.actions import locked_lots, move_rest, open_period, renewed_by
from ecuanime.entitlements.models import Lot
from ecuanime.worklog.pending import pending_of


@transaction.atomic
def open_due_periods(*, contract: Contract, now: datetime) -> list[ContractPeriod]:
    """Open every period of a contract whose first day has come, one after the other; again opens none.

    The contract is locked first, so that no approval draws between counting what is pending and rolling over the rest.
    """
    opened: list[ContractPeriod] = []
    locked_lots(contract)
    while _is_due(contract, now):
        period = open_period(contract=contract, pending=pending_of(contract).by_lot, now=now)
        if period is not None:
            opened.append(period)
    return opened


@transaction.atomic
def move_what_is_left(*, contract: Contract, now: datetime) -> list[Lot]:
    """Move to a contract what is left of the one that it renews, where the plan says so; again moves nothing.

    What work not approved yet would take stays behind.
    """
    renewed = renewed_by(contract)
    if renewed is None:
        return []
    for each in sorted((renewed, contract), key=lambda one: one.pk):
        locked_lots(each)
    return move_rest(contract=contract, pending=pending_of(renewed).by_lot, now=now)


def _is_due(contract: Contract, now: datetime) -> bool:
    contract.refresh_from_db(fields=["next_period_at"])
    return contract.next_period_at is not None and contract.next_period_at <= now
