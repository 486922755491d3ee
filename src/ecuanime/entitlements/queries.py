"""Shared reads about lots, balances and the ledger. Quantities are hundredths of a minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract, Unit, WorkType
from ecuanime.entitlements.booking import expired_hundredths, expired_of
from ecuanime.entitlements.models import Account, Lot, LotNotice, Posting
from ecuanime.entitlements.statements import Span as Span
from ecuanime.entitlements.statements import Statement as Statement
from ecuanime.entitlements.statements import StatementLine as StatementLine
from ecuanime.entitlements.statements import lines_between as lines_between
from ecuanime.entitlements.statements import statement as statement
from ecuanime.entitlements.verification import verify_ledger as verify_ledger
from ecuanime.foundation.prepared import prepared
from ecuanime.rules import packs
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import HUNDREDTHS_PER_HOUR
from ecuanime.rules.money import round_half_up, to_minor
from ecuanime.staff.models import ProductArea


class Standing(StrEnum):
    """How a lot stands on a day."""

    IN_USE = "in_use"
    WAITING = "waiting"  # neither paid nor issued yet
    FUTURE = "future"
    USED_UP = "used_up"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True)
class LotBalance:
    """A lot as a screen shows it; `expired` is what its expiry took and stays visible.

    `sites` are those it is limited to, by id with their names; none: it pays anywhere.
    """

    lot: Lot
    standing: Standing
    expired: int
    sites: Mapping[int, str]


class Remaining(NamedTuple):
    """The sums of a `Balance` alone: what a list says of a contract."""

    left: int
    granted: int
    unit: str


@dataclass(frozen=True)
class Balance:
    """What a contract has: its lots in the order they will be drawn, and the sums over those in use today.

    The sums count in `unit`: hundredths of a minute, or incidents where a contract has nothing but these.
    `next_expiry_on` and `expiring` say which day the next lot in use expires and what is left of it, `overdrawn` what
    the next lot will settle.
    """

    lots: tuple[LotBalance, ...]
    left: int
    granted: int
    next_expiry_on: date | None
    expiring: int
    unit: str = Unit.MINUTES.value
    overdrawn: int = 0

    @property
    def has_lots(self) -> bool:
        """Whether hours were ever granted."""
        return bool(self.lots)

    @property
    def remaining(self) -> Remaining | None:
        """Its sums; None where nothing was ever granted."""
        return Remaining(self.left, self.granted, self.unit) if self.has_lots else None

    @property
    def in_use(self) -> tuple[LotBalance, ...]:
        """The lots that today's work draws from, in that order."""
        return tuple(row for row in self.lots if row.standing == Standing.IN_USE)

    def less(self, pending: Mapping[int, int]) -> int:
        """What would be left if everything pending were approved; `pending` by lot id (`Rated.drawn_by_lot`)."""
        counted = (row.lot for row in self.in_use if row.lot.unit == self.unit)
        return sum(max(0, lot.left - pending.get(lot.pk, 0)) for lot in counted)


@dataclass(frozen=True)
class ContractLots:
    """All lots of some contracts, read once for all who need them: the rows, and each as rating takes it, by its id.

    `overdrawn` is what each contract (by id) owes to its next lot; its account for that is not among the rows.
    """

    contracts: frozenset[int]
    rows: tuple[Lot, ...]
    overdrawn: Mapping[int, int]
    for_rating: Mapping[int, packs.Lot]


_SITES = Site.objects.filter(lot=OuterRef("pk")).order_by("pk")
_FACTS = {
    "area_codes": ArraySubquery(ProductArea.objects.filter(lot=OuterRef("pk")).order_by().values("code")),
    "work_type_codes": ArraySubquery(WorkType.objects.filter(lot=OuterRef("pk")).order_by().values("code")),
    "site_keys": ArraySubquery(_SITES.values("pk")),
    "site_names": ArraySubquery(_SITES.values("name")),
    "expired": expired_of(OuterRef("pk")),
}


def lots_of(contracts: Iterable[Contract]) -> ContractLots:
    """The lots of these contracts as they stand, in one query."""
    ids = frozenset(contract.pk for contract in contracts)
    found = _lots(contracts=list(ids)) if ids else []
    accounts = [lot for lot in found if lot.source == Lot.Source.OVERDRAFT]
    rows = tuple(lot for lot in found if lot.source != Lot.Source.OVERDRAFT)
    overdrawn = {lot.contract_id: lot.owed for lot in accounts}
    return ContractLots(ids, rows, overdrawn, {lot.pk: _for_rating(lot, vars(lot)) for lot in rows})


@prepared
def _lots(*, contracts: list[int]) -> QuerySet[Lot]:
    return Lot.objects.filter(contract__any_of=contracts).select_related("belongs_to").annotate(**_FACTS)


def lots_for_rating(lots: Sequence[Lot]) -> list[packs.Lot]:
    """Locked lots as rating takes them: scopes by code, and what an expiry may give back; in one query.

    It is a query of its own, since one that waits for locks would still see the postings of before.
    """
    rows = Lot.objects.filter(pk__in=[lot.pk for lot in lots]).annotate(**_FACTS).values("pk", *_FACTS)
    facts = {row["pk"]: row for row in rows}
    return [_for_rating(lot, facts[lot.pk]) for lot in lots]


def _for_rating(lot: Lot, facts: Mapping[str, Any]) -> packs.Lot:
    return packs.Lot(
        id=lot.pk,
        balance=lot.left,
        valid_from=lot.reaches_back_to or lot.valid_from,
        expires_on=lot.expires_on,
        priority=lot.priority,
        is_allowance=lot.is_allowance,
        areas=frozenset(facts["area_codes"]),
        work_types=frozenset(facts["work_type_codes"]),
        sites=frozenset(map(str, facts["site_keys"])),
        is_bonus=lot.is_bonus,
        bought_at=lot.bought_at,
        usable=lot.usable_from is not None and lot.voided_at is None,
        expired=facts["expired"] or 0,
        unit=packs.Unit(lot.unit),
    )


def balance_of(contract: Contract, *, now: datetime) -> Balance:
    """What one contract has at an instant, counted on its own calendar day."""
    return balances_for([contract], now=now)[contract.pk]


def balances_for(
    contracts: Sequence[Contract], *, now: datetime, lots: ContractLots | None = None
) -> dict[int, Balance]:
    """What several contracts have, by their id, in one query; in none with their `lots` at hand."""
    known = lots or lots_of(contracts)
    by_contract: dict[int, list[LotBalance]] = {contract.pk: [] for contract in contracts}
    today = {contract.pk: local_date(now, contract.time_zone) for contract in contracts}
    for lot in sorted(known.rows, key=lambda lot: packs.order_of_drawdown(known.for_rating[lot.pk])):
        if lot.contract_id in by_contract:
            standing = _standing(lot, today[lot.contract_id])
            row = LotBalance(lot, standing, known.for_rating[lot.pk].expired, _sites(vars(lot)))
            by_contract[lot.contract_id].append(row)
    return {
        contract_id: _balance(rows, known.overdrawn.get(contract_id, 0))
        for contract_id, rows in by_contract.items()
    }


def remaining_of(contracts: Sequence[Contract], *, now: datetime) -> dict[int, Remaining]:
    """What contracts that ever had a lot have left, by their id, in one query."""
    by_contract: dict[int, list[Lot]] = {}
    for lot in _sized(contracts=[contract.pk for contract in contracts]):
        by_contract.setdefault(lot.contract_id, []).append(lot)
    today = {contract.pk: local_date(now, contract.time_zone) for contract in contracts}
    remaining = {}
    for contract_id, lots in by_contract.items():
        unit = _unit_of(lots)
        in_use = [lot for lot in lots if _counts(lot, _standing(lot, today[contract_id]), unit)]
        remaining[contract_id] = _remaining(in_use, unit)
    return remaining


@prepared
def _sized(*, contracts: list[int]) -> QuerySet[Lot]:
    lots = Lot.objects.filter(contract__any_of=contracts).exclude(source=Lot.Source.OVERDRAFT)
    when = ("valid_from", "expires_on", "usable_from", "voided_at")
    return lots.only("contract", "unit", "left", "granted", *when)


def _sites(facts: Mapping[str, Any]) -> dict[int, str]:
    return dict(zip(facts["site_keys"], facts["site_names"], strict=True))


def _standing(lot: Lot, today: date) -> Standing:
    if lot.voided_at is not None:
        return Standing.VOID
    if lot.expires_on is not None and lot.expires_on < today:
        return Standing.EXPIRED
    if lot.usable_from is None:
        return Standing.WAITING
    if today < lot.valid_from:
        return Standing.FUTURE
    return Standing.IN_USE if lot.left else Standing.USED_UP


def _balance(rows: list[LotBalance], overdrawn: int) -> Balance:
    unit = _unit_of([row.lot for row in rows])
    in_use = [row.lot for row in rows if _counts(row.lot, row.standing, unit)]
    next_expiry = min((lot.expires_on for lot in in_use if lot.expires_on is not None), default=None)
    left, granted, _unit = _remaining(in_use, unit)
    return Balance(
        lots=tuple(rows),
        left=left,
        granted=granted,
        next_expiry_on=next_expiry,
        expiring=sum(lot.left for lot in in_use if next_expiry and lot.expires_on == next_expiry),
        unit=unit,
        overdrawn=overdrawn,
    )


def _unit_of(lots: Sequence[Lot]) -> str:
    return Unit.INCIDENTS.value if {lot.unit for lot in lots} == {Unit.INCIDENTS} else Unit.MINUTES.value


def _counts(lot: Lot, standing: Standing, unit: str) -> bool:
    return standing == Standing.IN_USE and lot.unit == unit


def _remaining(in_use: Sequence[Lot], unit: str) -> Remaining:
    return Remaining(sum(lot.left for lot in in_use), sum(lot.granted for lot in in_use), unit)


def overdrawn_of(contracts: Iterable[int]) -> dict[int, int]:
    """What each of these contracts (by id) owes to its next lot, in hundredths of a minute."""
    accounts = Lot.objects.filter(contract__in=contracts, source=Lot.Source.OVERDRAFT)
    return dict(accounts.values_list("contract_id", "owed"))


def expired_of_lot(lot: Lot) -> int:
    """What stands expired of a lot and could be revalued or replaced."""
    return expired_hundredths(lot)


def due_lots(now: datetime, *, limit: int = 100) -> list[Lot]:
    """Lots whose last day is over and whose expiry is to be booked (or looked at again), the longest due first."""
    due = Lot.objects.filter(next_due_at__lte=now).select_related("contract")
    return list(due.order_by("next_due_at", "id")[:limit])


def lots_drawn_by(movement_id: int) -> list[Lot]:
    """The lots that a movement took from."""
    taken = Posting.objects.filter(movement=movement_id, account=Account.LOT, quantity__lt=0)
    return list(Lot.objects.filter(pk__in=taken.values("lot")).order_by("id"))


def size_of(pack: Lot) -> int:
    """How many hours or incidents a pack had that was bought, its bonus aside."""
    return pack.granted // packs.per_unit(packs.Unit(pack.unit))


def lots_expiring(now: datetime) -> list[Lot]:
    """Lots with something left of whose last day, at most 30 days off, the client was not told all yet.

    A day more on each side serves contracts in other time zones; the action looks at theirs.
    """
    today = now.date()
    told = LotNotice.objects.filter(lot=OuterRef("pk"))
    week = Q(expires_on__lte=today + timedelta(days=8))
    lots = Lot.objects.filter(left__gt=0, voided_at=None, usable_from__isnull=False)
    soon = lots.filter(expires_on__range=(today - timedelta(days=1), today + timedelta(days=31)))
    return list(
        soon.filter(is_bonus=False, is_allowance=False)
        .filter(
            (week & ~Exists(told.filter(threshold=LotNotice.Threshold.DAYS_7)))
            | (
                ~Exists(told.filter(threshold=LotNotice.Threshold.DAYS_30))
                & ~Exists(told.filter(threshold=LotNotice.Threshold.DAYS_7))
            )
        )
        .order_by("expires_on", "id")
    )


@dataclass(frozen=True)
class UnusedHours:
    """Prepaid hours that clients may still use, free ones too, and what was paid for them, in minor units."""

    currency: str
    hundredths: int
    value: int


def unused_hours() -> list[UnusedHours]:
    """What the firm still owes in work on packs of hours sold, by currency; those not issued yet and void ones are left
    out.
    """
    sold = Lot.objects.filter(left__gt=0, unit=Unit.MINUTES, is_allowance=False)
    usable = sold.filter(usable_from__isnull=False, voided_at=None)
    prices = usable.order_by().values("currency", "unit_price_paid").annotate(sum=Sum("left"))
    found: dict[str, list[tuple[int, Decimal]]] = {}
    for row in prices:
        found.setdefault(row["currency"], []).append((row["sum"], row["unit_price_paid"]))
    return [
        UnusedHours(currency, sum(left for left, _price in parts), _value(currency, parts))
        for currency, parts in sorted(found.items())
    ]


def _value(currency: str, parts: Iterable[tuple[int, Decimal]]) -> int:
    exact = (Fraction(left, HUNDREDTHS_PER_HOUR) * to_minor(price, currency) for left, price in parts)
    return round_half_up(sum(exact, Fraction(0)))


def lots_by_code(codes: Iterable[str]) -> dict[str, Lot]:
    """Lots by what people call them."""
    return {lot.code: lot for lot in Lot.objects.filter(code__in=set(codes))}
