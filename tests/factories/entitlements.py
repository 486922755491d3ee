"""Lots for tests, put into the ledger the way the room itself books them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from ecuanime.contracts.models import Contract, Grant, Plan, PlanVersion, PriceTier
from ecuanime.entitlements.actions import PackGrant, grant_pack
from ecuanime.entitlements.booking import book, refresh
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.rules import ledger
from ecuanime.rules.calendars import end_of_day
from ecuanime.rules.hours import minutes_to_hundredths
from tests.factories import NOW, publish

_keys = count(1)


def make_pack(contract: Contract, hours: int = 10, **fields: Any) -> PackGrant:
    """A bought pack, usable at once."""
    values: dict[str, Any] = {"starts_on": date(2026, 1, 1), "now": NOW, "usable_from": NOW}
    values |= {"idempotency_key": f"pack-of-test:{next(_keys)}"} | fields
    return grant_pack(contract=contract, quantity=hours, **values)


@transaction.atomic
def make_lot(
    contract: Contract,
    minutes: int,
    *,
    expires_on: date | None = None,
    valid_from: date = date(2026, 1, 1),
    now: datetime = NOW,
    **fields: Any,
) -> Lot:
    """A lot of so many minutes, paid for and usable."""
    number = next(_keys)
    values: dict[str, Any] = {
        "code": f"LOT-{number}",
        "source": Lot.Source.PURCHASE,
        "granted": minutes_to_hundredths(minutes),
        "unit_price_paid": 30,
        "bought_at": now,
        "usable_from": now,
        "next_due_at": end_of_day(expires_on, contract.time_zone) if expires_on else None,
    }
    values |= {"contract": contract, "valid_from": valid_from, "expires_on": expires_on} | fields
    lot = Lot.objects.create(**values)
    key = f"lot-of-test:{number}"
    book(contract, Movement.Kind.GRANT, key, [ledger.grant(key, lot.pk, lot.granted)], now=now)
    refresh([lot])
    return lot


def reprice(plan: Plan, *tiers: tuple[int, str], valid_months: int = 12, **fields: Any) -> PlanVersion:
    """Publish the next version of a plan of packs: from so many hours on, at so much an hour."""
    number = plan.versions.count() + 1
    names = {"name_es": "Bono de horas", "name_en": "Hour pack"}
    version = PlanVersion.objects.create(plan=plan, number=number, **(names | fields))
    Grant.objects.create(version=version, quantity=10, valid_months=valid_months, bonus_every=20, bonus=1)
    for quantity, price in tiers:
        PriceTier.objects.create(version=version, from_quantity=quantity, unit_price=Decimal(price))
    return publish(version)
