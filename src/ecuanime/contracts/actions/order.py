"""Which of a client's contracts comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.models import Client
from ecuanime.contracts.models import BINDING, Contract
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused

_STEP = 10
"""Between two contracts, so that a new one can be given a place without moving the others."""


@transaction.atomic
def order_contracts(*, client: Client, numbers: Sequence[str], now: datetime) -> list[Contract]:
    """Give a client's contracts that have not ended the order in which work falls under them, the first named first.

    Work that was approved keeps its contract. Refused: `stale` when these are not exactly the contracts there are.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    rows = Contract.objects.select_for_update(no_key=True).filter(client=client, state__in=BINDING)
    contracts = {row.number: row for row in rows.exclude(state=Contract.State.ENDED).order_by("id")}
    if sorted(numbers) != sorted(contracts):
        raise Refused(
            "stale", _("The contracts of this client have changed meanwhile. Look at the list again.")
        )
    ordered = [contracts[number] for number in numbers]
    if all(row.precedence == place * _STEP for place, row in enumerate(ordered, start=1)):
        return ordered
    for place, row in enumerate(ordered, start=1):
        row.precedence = place * _STEP
    Contract.objects.bulk_update(ordered, ["precedence"])
    record("contracts_ordered", client, now=now, code=client.code, order=list(numbers))
    return ordered
