"""What the firm still owes in work: prepaid hours that were not used yet, as the ledger stood at the end of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from ecuanime.contracts.models import Unit
from ecuanime.entitlements.models import Account, Posting
from ecuanime.rules.calendars import end_of_day
from ecuanime.rules.hours import HUNDREDTHS_PER_HOUR
from ecuanime.rules.money import round_half_up, to_minor


@dataclass(frozen=True)
class Unused:
    """Hours of one contract, in hundredths of a minute: those that were paid, and free ones that came with them.

    `value` is what was paid for the former, before tax, in minor units, half-up once for the contract.
    """

    client_code: str
    client: str
    contract: str
    currency: str
    paid: int
    free: int
    value: int


def unused_on(day: date, *, zone: str) -> list[Unused]:
    """The contracts with prepaid hours left when a day ended in a zone, by client and contract. One query.

    As it was booked by then: work of that day that was approved later was not drawn yet. Allowances of a period and
    packs that were neither paid nor issued by then are left out, and so are expired, void and refunded hours.
    """
    end = end_of_day(day, zone)
    kept = Posting.objects.filter(
        account=Account.LOT,
        lot__unit=Unit.MINUTES,
        lot__is_allowance=False,
        lot__usable_from__lt=end,
        movement__at__lt=end,
    )
    rows = kept.order_by("lot__contract__client__name", "lot__contract__number", "lot__currency").values(
        "lot__contract__client__code",
        "lot__contract__client__name",
        "lot__contract__number",
        "lot__currency",
        "lot__unit_price_paid",
    )
    by_contract: dict[tuple[str, str, str, str], list[tuple[int, Decimal]]] = defaultdict(list)
    for row in rows.annotate(left=Sum("quantity")):
        if row["left"]:
            by_contract[_key(row)].append((row["left"], row["lot__unit_price_paid"]))
    return [_unused(key, parts) for key, parts in by_contract.items()]


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (
        row["lot__contract__client__code"],
        row["lot__contract__client__name"],
        row["lot__contract__number"],
        row["lot__currency"],
    )


def _unused(key: tuple[str, str, str, str], parts: Iterable[tuple[int, Decimal]]) -> Unused:
    kept, currency = list(parts), key[3]
    exact = (Fraction(left, HUNDREDTHS_PER_HOUR) * to_minor(price, currency) for left, price in kept)
    return Unused(
        *key,
        paid=sum(left for left, price in kept if price),
        free=sum(left for left, price in kept if not price),
        value=round_half_up(sum(exact, Fraction(0))),
    )
