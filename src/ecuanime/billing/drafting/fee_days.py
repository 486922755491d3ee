"""The days of a period that its fee pays for, and what they cost. See docs/rules/fees.md."""

from __future__ import annotations

from decimal import Decimal

from ecuanime.contracts.models import ContractPeriod, Fee
from ecuanime.rules.fees import Days, fee_for, paid_days
from ecuanime.rules.recurrence import Period


def days_of(period: ContractPeriod) -> Days | None:
    """The days of a period that its fee pays for; None when the contract ended before it."""
    contract, fee = period.contract, period.contract.version.fee
    first = period.first_day
    counted_from = first.replace(day=1) if fee is not None and fee.begins == Fee.Begins.MONTH else first
    span = Period(period.number, first, period.last_day, counted_from)
    if fee is None or not fee.is_by_day:
        return paid_days(span, None)
    if contract.ends_on is not None and contract.ends_on < first:
        return None
    return paid_days(span, contract.ends_on)


def price_of(fee: Fee, days: Days, currency: str) -> Decimal:
    """What those days cost."""
    return fee_for(fee.price, days, currency) if fee.is_by_day else fee.price
