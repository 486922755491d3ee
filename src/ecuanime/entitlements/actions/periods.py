"""Opening a contract's periods: the allowance that each brings, and what rolls over of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from ecuanime.contracts.models import Contract, ContractPeriod, Grant
from ecuanime.entitlements.actions.overdraft import settle
from ecuanime.entitlements.actions.shares import share_of
from ecuanime.entitlements.booking import book, lock_contract, lock_lots, refresh
from ecuanime.entitlements.events import PeriodOpened
from ecuanime.entitlements.lots import narrow
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.events import publish
from ecuanime.rules import ledger, packs
from ecuanime.rules.calendars import end_of_day, start_of_day
from ecuanime.rules.fees import Days, paid_days


@transaction.atomic
def open_period(*, contract: Contract, pending: Mapping[int, int], now: datetime) -> ContractPeriod | None:
    """Open a contract's next period when its first day has come, in one transaction with its lots.

    The plan's allowance is granted, or where the plan divides it the share of the days that the contract has. Of the
    period just ended what is neither used nor pending rolls over up to the plan's cap, as a new linked lot. `pending`
    is what each lot (by id) would give to work not approved yet; worklog knows it and calls this. The old lots expire
    by themselves. None when no period is due, which is also what a repetition finds; a contract that has ended opens
    none any more.
    """
    contract = lock_contract(contract.pk)
    if contract.next_period_at is None or now < contract.next_period_at:
        return None
    last = contract.periods.order_by("-number").first()
    span = contract.version.period(contract.starts_on, last.number + 1 if last else 1)
    if contract.ends_on is not None and contract.ends_on < span.first_day:
        _set_next(contract, None)
        return None
    period = ContractPeriod.objects.create(
        contract=contract,
        number=span.number,
        first_day=span.first_day,
        last_day=span.last_day,
        opened_at=now,
    )
    allowances = contract.version.grants.filter(per=Grant.Per.PERIOD).order_by("id")
    days = paid_days(span, contract.ends_on)
    lots = [
        _grant_allowance(period, grant, _code(period, place if len(allowances) > 1 else None), days, now)
        for place, grant in enumerate(allowances)
    ]
    settle(contract, lots, now)
    if last is not None:
        _roll_over(last, period, pending, now)
    _set_next(contract, start_of_day(span.last_day + timedelta(days=1), contract.time_zone))
    record("period_opened", period, now=now, contract=contract.number, number=period.number)
    publish(PeriodOpened(period_id=period.pk))
    return period


def _set_next(contract: Contract, at: datetime | None) -> None:
    contract.next_period_at = at
    contract.save(update_fields=["next_period_at"])


def _code(period: ContractPeriod, place: int | None) -> str:
    """What people say: `CT-0012-3`, with a letter where a period brings several lots."""
    letter = "" if place is None else chr(ord("a") + place)
    return f"{period.contract.number}-{period.number}{letter}"


def _grant_allowance(period: ContractPeriod, grant: Grant, code: str, days: Days, now: datetime) -> Lot:
    quantity = share_of(period.contract, grant, days)
    values = {"source": Lot.Source.ALLOWANCE, "granted": quantity, "valid_from": period.first_day}
    lot = _open_lot(period, grant, code, period.last_day, now, **values)
    key = f"period:{period.pk}:grant:{grant.pk}"
    book(period.contract, Movement.Kind.GRANT, key, [ledger.grant(key, lot.pk, quantity)], now=now)
    refresh([lot])
    return lot


def _roll_over(
    last: ContractPeriod, period: ContractPeriod, pending: Mapping[int, int], now: datetime
) -> None:
    """Move what is unused of the last period's own allowance into new lots; rolled hours do not roll again."""
    for old in lock_lots(period.contract):
        if old.period_id != last.pk or old.source != Lot.Source.ALLOWANCE or old.voided_at is not None:
            continue
        grant = old.grant
        if grant is None or grant.rollover_cap is None:
            continue
        cap = grant.rollover_cap * packs.per_unit(packs.Unit(grant.unit))
        quantity = packs.rollover(old.left, pending.get(old.pk, 0), cap)
        if quantity:
            _move(old, grant, period, quantity, now)


def _move(old: Lot, grant: Grant, period: ContractPeriod, quantity: int, now: datetime) -> None:
    contract = period.contract
    until = period.number + max(1, grant.rollover_periods) - 1
    expires_on = contract.version.period(contract.starts_on, until).last_day
    # Work of the old period that is approved late may still use what rolled over of it.
    values = {"source": Lot.Source.ROLLOVER, "granted": quantity, "valid_from": old.valid_from}
    new = _open_lot(period, grant, f"{old.code}-R", expires_on, now, belongs_to=old, **values)
    key = f"period:{period.pk}:rollover:{old.pk}"
    book(contract, Movement.Kind.TRANSFER, key, [ledger.transfer(key, old.pk, new.pk, quantity)], now=now)
    record("allowance_rolled_over", new, now=now, code=new.code, quantity=quantity)


def _open_lot(
    period: ContractPeriod, grant: Grant, code: str, expires_on: date, now: datetime, **values: object
) -> Lot:
    """An empty lot of an allowance, usable at once: the fee pays it, so its hours have no price of their own."""
    contract = period.contract
    lot = Lot.objects.create(
        contract=contract,
        code=code,
        unit=grant.unit,
        grant=grant,
        period=period,
        priority=grant.priority,
        is_allowance=True,
        expires_on=expires_on,
        unit_price_paid=0,
        currency=contract.version.currency,
        bought_at=now,
        usable_from=now,
        next_due_at=end_of_day(expires_on, contract.time_zone),
        **values,
    )
    narrow(lot, grant)
    return lot
