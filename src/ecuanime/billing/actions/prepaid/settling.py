"""Settling a contract that ends: all its work decided and invoiced, and what becomes of the rest said."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.queries.ending import left_of
from ecuanime.contracts import actions as contracts
from ecuanime.contracts.models import Contract
from ecuanime.foundation.errors import Refused


@transaction.atomic
def settle_contract(*, contract: Contract, settlement: str, by: User, now: datetime) -> Contract:
    """Note what became of what a contract left, once its work is decided and invoiced; one settled stays so.

    Hours left are moved, paid back, voided or left to expire before, by their own actions; `settlement` says which.
    Refused: `time_open`, `work_held`, `work_unbilled`, `fees_due`, `draft_open`, `fee_unused`, and as
    `contracts.note_settlement`.
    """
    settled = contracts.note_settlement(contract=contract, settlement=settlement, by=by, now=now)
    if settled.settled_at == now:
        _refuse_what_is_open(settled, now)
    return settled


def _refuse_what_is_open(contract: Contract, now: datetime) -> None:
    left = left_of(contract, now=now)
    if left.open_time:
        raise Refused(
            "time_open",
            _("Some of its work is neither approved nor rejected. Decide it first: nothing of it is lost."),
        )
    if left.held_count:
        raise Refused(
            "work_held",
            _("Some of its work waits for the client to let it be charged. Ask them, or correct it."),
        )
    if left.unbilled_count:
        raise Refused("work_unbilled", _("Some of its approved work is not invoiced. Invoice it first."))
    if left.fees:
        raise Refused("fees_due", _("A fee of it is not invoiced. Invoice it first."))
    if left.drafts:
        raise Refused("draft_open", _("Lines of it stand on a draft. Issue the draft, or discard it, first."))
    if left.unused_fees:
        raise Refused(
            "fee_unused", _("A fee of it was invoiced for days after its last. Credit those days first.")
        )
