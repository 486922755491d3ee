"""Approving work in tests: rate it over the locked lots and draw what rating decided, as worklog does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import count

from django.db import transaction

from ecuanime.contracts.models import Contract
from ecuanime.contracts.terms import terms_of
from ecuanime.entitlements.actions import draw, locked_lots
from ecuanime.entitlements.models import Movement
from ecuanime.entitlements.queries import lots_for_rating
from ecuanime.rules.packs import Drawdown
from ecuanime.rules.rating import Rated, Work, rate
from tests.factories import make_contract, make_version

_entries = count(1)


def at(month: int, day: int, hour: int = 9) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def minutes(amount: int) -> int:
    """Whole minutes as the ledger counts."""
    return amount * 100


def contract_by_the_minute() -> Contract:
    """A contract from the start of 2026 that rounds to whole minutes."""
    return make_contract(version=make_version(rounding_step=1))


def rated(contract: Contract, worked: int, on: date) -> Rated:
    """So many minutes of remote work on a day at nine, rated over the contract's lots as they stand."""
    begins = datetime.combine(on, time(9), contract.zone)
    ends = datetime.fromtimestamp(begins.timestamp() + worked * 60, UTC)
    work = Work(1, 1, on, worked * 60, worked * 60, "remote", 1, started_at=begins, ended_at=ends)
    return rate([work], terms_of(contract, on, on), lots_for_rating(locked_lots(contract)))


@transaction.atomic
def approve(contract: Contract, worked: int, on: date, now: datetime) -> Movement:
    """Draw so many minutes of remote work done on a day."""
    takes = [take for segment in rated(contract, worked, on).segments for take in segment.drawdowns]
    return draw_takes(contract, takes, now)


def draw_takes(contract: Contract, takes: list[Drawdown], now: datetime, key: str = "") -> Movement:
    """Draw exactly these, for a new entry unless a key says otherwise."""
    key = key or f"entry:{next(_entries)}"
    return draw(contract=contract, takes=takes, idempotency_key=key, cause=key, worked_at=None, now=now)


def drawn(movement: Movement) -> dict[str, int]:
    """What a movement took from which lot (given back: negative), in minutes by code."""
    rows = movement.postings.filter(account="lot").values_list("lot__code", "quantity")
    return {code: -quantity // 100 for code, quantity in rows}
