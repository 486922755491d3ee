"""Contracts, and what is left of the hours they were granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Path, Query, Router, Schema

from ecuanime.api.lists import Code, Filters, Moment, Page, answers, one_of, page
from ecuanime.api.reader import ApiRequest
from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.queries import Balance, LotBalance, Standing
from ecuanime.foundation.clock import read_clock
from ecuanime.worklog.pending import Pending, hours_for, hours_of

router = Router(tags=[_("Contracts")])
StateWord = Annotated[Contract.State, one_of(Contract.State)]


class ContractOut(Schema):
    """A version of a plan, offered to a client or accepted by it."""

    number: str
    client: str = Field(description=_("the client's code"))
    plan: str = Field(description=_("the plan's code"))
    plan_kind: str
    plan_version: int
    state: StateWord
    currency: str = Field(description=_("three letters, ISO 4217"))
    time_zone: str = Field(description=_("the zone that its days are counted in"))
    starts_on: date
    ends_on: date | None = Field(description=_("its last day; null when it has none"))
    approval: str = Field(description=_("whose approval draws: supervisor or both"))
    overage: str = Field(description=_("work that nothing covers: bill, overdraft or hold"))
    overage_price: Decimal | None = Field(description=_("per hour; null: the base rate"))
    overage_limit_minutes: int | None = Field(description=_("overage without asking; null: no limit"))
    areas: list[str] = Field(description=_("codes of the product areas it covers; empty: all"))
    sites: list[int] = Field(description=_("ids of the sites it covers; empty: all"))
    client_sees_hours: bool
    valid_until: date | None = Field(description=_("the last day on which the offer could be answered"))
    accepted_at: Moment | None = Field(description=_("null while it is an offer"))


class BalanceOut(Schema):
    """What a contract has today, in hundredths of a minute: 6000 are one hour. By its `unit` it counts incidents."""

    contract: str = Field(description=_("the contract's number"))
    client: str = Field(description=_("the client's code"))
    unit: Annotated[Unit, one_of(Unit)] = Field(
        description=_("what the figures count; pending is always time")
    )
    granted_hundredths: int = Field(description=_("granted in the lots in use today"))
    left_hundredths: int = Field(description=_("left in them"))
    pending_hundredths: int = Field(description=_("worked and not yet approved"))
    left_if_approved_hundredths: int = Field(description=_("what would be left if all of that were approved"))
    expires_next_on: date | None = Field(description=_("the last day of the lot in use that expires first"))
    expiring_hundredths: int = Field(description=_("what is left in lots that expire that day"))


class BalanceLotOut(Schema):
    """A granted quantity with its validity."""

    code: str
    standing: Annotated[Standing, one_of(Standing)]
    is_bonus: bool
    unit: Annotated[Unit, one_of(Unit)] = Field(description=_("what the figures count"))
    granted_hundredths: int
    left_hundredths: int
    expired_hundredths: int
    valid_from: date
    expires_on: date | None = Field(description=_("its last day; null when it never expires"))
    sites: list[int] = Field(description=_("ids of the sites where it pays for work; empty: anywhere"))
    price_per_hour: Decimal = Field(description=_("what was paid per hour or incident; 0 for a bonus"))
    currency: str = Field(description=_("three letters, ISO 4217"))


class BalanceWithLots(BalanceOut):
    """The same with its lots, in the order in which they will be drawn."""

    lots: list[BalanceLotOut]


class ContractFilters(Filters):
    """Which contracts."""

    state: StateWord | None = Field(None, description=_("only this state"))
    client: Code | None = Field(None, description=_("the client's code"))


class BalanceFilters(Filters):
    """Which balances."""

    client: Code | None = Field(None, description=_("the client's code"))


@router.get(
    "/contracts", response=answers(Page[ContractOut]), url_name="contracts", summary=_("List contracts")
)
def contracts(request: ApiRequest, filters: Query[ContractFilters]) -> Page[ContractOut]:
    wanted = Q()
    if filters.state is not None:
        wanted &= Q(state=filters.state)
    if filters.client is not None:
        wanted &= Q(client__code=filters.client)
    rows = request.auth.contracts().filter(wanted).select_related("client", "version__plan")
    shown = rows.prefetch_related("areas", "sites")
    return page(request, filters, shown, order=("id",), shown=lambda found: [*map(contract_out, found)])


@router.get(
    "/contracts/{number}",
    response=answers(ContractOut, is_one=True),
    url_name="contract",
    summary=_("One contract"),
)
def contract(request: ApiRequest, number: Path[Code]) -> ContractOut:
    rows = request.auth.contracts().select_related("client", "version__plan")
    return contract_out(get_object_or_404(rows, number=number))


@router.get(
    "/balances",
    response=answers(Page[BalanceOut]),
    url_name="balances",
    summary=_("List what contracts have left"),
)
def balances(request: ApiRequest, filters: Query[BalanceFilters]) -> Page[BalanceOut]:
    wanted = Q() if filters.client is None else Q(client__code=filters.client)
    rows = request.auth.contracts_with_hours().filter(wanted).select_related("client", "version__plan")
    return page(request, filters, rows, order=("id",), shown=_balances_out)


@router.get(
    "/contracts/{number}/balance",
    response=answers(BalanceWithLots, is_one=True),
    url_name="balance",
    summary=_("What a contract has left, lot by lot"),
)
def balance(request: ApiRequest, number: Path[Code]) -> BalanceWithLots:
    rows = request.auth.contracts_with_hours().select_related("client", "version__plan")
    found = get_object_or_404(rows, number=number)
    has, waits = hours_of(found, now=read_clock())
    total = balance_out(found, has, waits)
    return BalanceWithLots(**total.model_dump(), lots=[*map(_lot_out, has.lots)])


def contract_out(row: Contract) -> ContractOut:
    """A contract as programs get it, its version's choices where it has none of its own."""
    version = row.version
    plain = ("number", "time_zone", "starts_on", "ends_on", "client_sees_hours", "valid_until", "accepted_at")
    return ContractOut(
        client=row.client.code,
        plan=version.plan.code,
        plan_kind=version.plan.kind,
        plan_version=version.number,
        state=Contract.State(row.state),
        currency=version.currency,
        approval=row.approval_policy,
        overage=row.overage_policy,
        overage_price=row.overage_price_agreed,
        overage_limit_minutes=row.overage_limit_agreed,
        areas=sorted(area.code for area in row.areas.all()),
        sites=sorted(site.pk for site in row.sites.all()),
        **{name: getattr(row, name) for name in plain},
    )


def balance_out(row: Contract, has: Balance, waits: Pending) -> BalanceOut:
    """What a contract has, as programs get it."""
    return BalanceOut(
        contract=row.number,
        client=row.client.code,
        unit=Unit(has.unit),
        granted_hundredths=has.granted,
        left_hundredths=has.left,
        pending_hundredths=waits.weighted,
        left_if_approved_hundredths=has.less(waits.by_lot),
        expires_next_on=has.next_expiry_on,
        expiring_hundredths=has.expiring,
    )


def _balances_out(rows: Sequence[Contract]) -> list[BalanceOut]:
    has, waits = hours_for(rows, now=read_clock())
    return [balance_out(row, has[row.pk], waits[row.pk]) for row in rows]


def _lot_out(row: LotBalance) -> BalanceLotOut:
    return BalanceLotOut(
        code=row.lot.code,
        standing=row.standing,
        is_bonus=row.lot.is_bonus,
        unit=Unit(row.lot.unit),
        granted_hundredths=row.lot.granted,
        left_hundredths=row.lot.left,
        expired_hundredths=row.expired,
        valid_from=row.lot.valid_from,
        expires_on=row.lot.expires_on,
        sites=sorted(row.sites),
        price_per_hour=row.lot.unit_price_paid,
        currency=row.lot.currency,
    )
