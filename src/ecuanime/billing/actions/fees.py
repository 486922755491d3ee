"""Recurring fees: each period that opens is charged once, on the client's next draft."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.models import Charge
from ecuanime.contracts.models import ContractPeriod
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record


@transaction.atomic
def charge_period(*, period: ContractPeriod, now: datetime) -> Charge | None:
    """Charge the fee of a period, in advance from its first day; None where the plan has none. Again changes nothing.

    Every period is charged whole, the first and the last too: its days are what the contract agreed.
    """
    contract = period.contract
    fee = contract.version.fee
    if fee is None or fee.price == 0:
        return None
    with override(contract.client.language):
        description = _("Fee of %(plan)s") % {"plan": contract.version}
    charge, is_new = Charge.objects.get_or_create(
        idempotency_key=f"period:{period.pk}:fee",
        defaults={
            "client": contract.client,
            "contract": contract,
            "description": description[:300],
            "units": 1,
            "price": fee.price,
            "currency": contract.version.currency,
            "due_on": period.first_day,
            "until": period.last_day,
            "is_billed": False,
            "created_at": now,
        },
    )
    if is_new:
        record("fee_charged", charge, now=now, contract=contract.number, period=period.number)
    return charge


def detail_of(charge: Charge, language: str) -> str:
    """The contract and the days that a fee pays for, in the words of the document."""
    locale = formats.locale_for(language, charge.currency)
    with override(language):
        parts = [_("Contract %(number)s") % {"number": charge.contract.number}]
        if charge.due_on and charge.until:
            days = {
                "first": formats.long_date(charge.due_on, locale),
                "last": formats.long_date(charge.until, locale),
            }
            parts.append(_("from %(first)s to %(last)s") % days)
    return ", ".join(parts)


def release_charge(charge: Charge, now: datetime, *, is_billed_again: bool) -> None:
    """Let a fee go on the next draft again, or cancel it."""
    charge.is_billed = not is_billed_again
    charge.cancelled_at = None if is_billed_again else now
    charge.save(update_fields=["is_billed", "cancelled_at"])
