"""Lots as they stood at an earlier moment, worked out from the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Sum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Account, Posting
from ecuanime.entitlements.queries import lots_of
from ecuanime.rules import packs


def lots_as_of(contract: Contract, at: datetime) -> tuple[packs.Lot, ...]:
    """The lots that a contract had at an instant, as rating takes them: what was booked later is left out.

    A lot not bought yet is not among them; one not paid or issued yet, or void by then, is not usable.
    """
    known = lots_of([contract])
    stood = _standing_at(contract, at)
    found = []
    for lot in known.rows:
        if lot.bought_at <= at:
            is_usable = lot.usable_from is not None and lot.usable_from <= at
            is_void = lot.voided_at is not None and lot.voided_at <= at
            found.append(
                replace(
                    known.for_rating[lot.pk],
                    balance=stood.get((lot.pk, Account.LOT), 0),
                    expired=stood.get((lot.pk, Account.EXPIRED), 0),
                    usable=is_usable and not is_void,
                )
            )
    return tuple(found)


def _standing_at(contract: Contract, at: datetime) -> dict[tuple[int, str], int]:
    """What stood in each lot and in its expired account, by the lot's id and the account."""
    booked = Posting.objects.filter(
        lot__contract=contract, movement__at__lte=at, account__in=[Account.LOT, Account.EXPIRED]
    )
    rows = booked.order_by().values("lot", "account").annotate(total=Sum("quantity"))
    return {(row["lot"], row["account"]): row["total"] for row in rows}
