"""Recurring fees: each period that opens is charged once, on the client's next draft."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.drafting.fee_days import days_of, price_of
from ecuanime.billing.models import Charge
from ecuanime.contracts.models import Contract, ContractPeriod, Fee
from ecuanime.entitlements.actions import fit_allowance
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record


@transaction.atomic
def charge_period(*, period: ContractPeriod, now: datetime) -> Charge | None:
    """Charge the fee of a period, in advance from its first day; None where the plan has none. Again changes nothing.

    A period that the contract has only a part of is charged whole, or by its days where the plan says so.
    """
    contract = period.contract
    fee, days = contract.version.fee, days_of(period)
    if fee is None or fee.price == 0 or days is None:
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
            "price": price_of(fee, days, contract.version.currency),
            "currency": contract.version.currency,
            "due_on": days.first,
            "until": days.last,
            "is_billed": False,
            "created_at": now,
        },
    )
    if is_new:
        record("fee_charged", charge, now=now, contract=contract.number, period=period.number)
    return charge


@transaction.atomic
def fit_fees(*, contract: Contract, now: datetime) -> list[Charge]:
    """Charge a contract for the days that it has of its periods, where its plan counts days.

    Only fees that stand on no draft nor invoice change; one of a period that begins after the end is cancelled. What
    such a period brought changes along, where the plan divides it too. Gives the fees that changed; again there are
    none.
    """
    fee = contract.version.fee
    if fee is None or not fee.is_by_day:
        return []
    waiting = Charge.objects.select_for_update(no_key=True).filter(
        contract=contract, lot=None, is_billed=False, cancelled_at=None
    )
    return [charge for charge in waiting.order_by("pk") if _fit(charge, contract, fee, now)]


def _fit(charge: Charge, contract: Contract, fee: Fee, now: datetime) -> bool:
    """Whether the fee of a period had to change to pay for the days that the contract has of it."""
    assert charge.due_on  # of a fee, its period's first day
    period = contract.periods.select_related("contract__version").get(first_day=charge.due_on)
    days = days_of(period)
    if days is not None and days.last == charge.until:
        return False
    if days is None:
        charge.cancelled_at = now
    else:
        charge.price, charge.until = price_of(fee, days, charge.currency), days.last
    charge.save(update_fields=["cancelled_at", "price", "until"])
    record("fee_fitted", charge, now=now, contract=contract.number, until=charge.until)
    if fee.divides_allowance:
        fit_allowance(period=period, days=days, now=now)
    return True


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
    """Let a fee go on the next draft again, for the days that its contract has by now, or cancel it."""
    charge.is_billed = not is_billed_again
    charge.cancelled_at = None if is_billed_again else now
    charge.save(update_fields=["is_billed", "cancelled_at"])
    if is_billed_again:
        fit_fees(contract=charge.contract, now=now)
