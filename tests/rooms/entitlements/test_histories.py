"""Random histories against PostgreSQL: whatever is done or refused, a walk over the whole ledger finds it sound."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecuanime.entitlements.actions import (
    book_expiry,
    give_back_overdraft,
    overdraw,
    refund_unused,
    replace_expired,
    revalue_expired,
    reverse,
    settle_overdraft_again,
    transfer_hours,
    void_unused,
)
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import due_lots, statement, verify_ledger
from ecuanime.foundation.errors import Refused
from tests.factories import make_contract
from tests.factories.entitlements import make_pack, reprice
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute, minutes

pytestmark = pytest.mark.django_db


class Firm:
    """Two contracts of one client, a clock that only goes on, and what may happen to their hours."""

    def __init__(self) -> None:
        self.first = contract_by_the_minute()
        reprice(self.first.version.plan, (1, "33"))
        self.contracts = (self.first, make_contract(self.first.client))
        self.now = at(1, 1)
        self.keys = 0

    def step(self, name: str, pick: int, amount: int) -> None:
        """One step; a refusal changes nothing."""
        try:
            with transaction.atomic():
                STEPS[name](self, pick, amount)
        except Refused:
            return

    def lot(self, pick: int) -> Lot:
        lots = list(Lot.objects.order_by("id"))
        return lots[pick % len(lots)] if lots else self.buy(pick, 1)

    def key(self) -> str:
        self.keys += 1
        return f"history:{self.keys}"

    def today(self) -> date:
        return self.now.date()

    def buy(self, pick: int, amount: int) -> Lot:
        fields = {"starts_on": self.today(), "now": self.now, "usable_from": self.now}
        return make_pack(self.contracts[pick % 2], amount, **fields).paid

    def work(self, pick: int, amount: int) -> None:
        """Work of some days ago, approved now."""
        day = max(date(2026, 1, 1), self.today() - timedelta(days=pick % 40))
        approve(self.contracts[pick % 2], amount, day, self.now)

    def give_back(self, pick: int, amount: int) -> None:
        drawn = list(Movement.objects.filter(kind=Movement.Kind.DRAWDOWN).order_by("id"))
        if drawn:
            movement = drawn[pick % len(drawn)]
            reverse(
                movement=movement,
                now=self.now,
                idempotency_key=self.key(),
                reason="x",
                hundredths=minutes(amount),
            )

    def pass_days(self, pick: int, amount: int) -> None:
        self.now += timedelta(days=amount * 4)
        for lot in due_lots(self.now):
            book_expiry(lot=lot, pending_hundredths=minutes(pick), now=self.now)

    def void(self, pick: int, amount: int) -> None:
        void_unused(lot=self.lot(pick), reason="x", now=self.now, idempotency_key=self.key())

    def refund(self, pick: int, amount: int) -> None:
        lot = self.lot(pick)
        refund_unused(
            lot=lot, reason="x", now=self.now, idempotency_key=self.key(), hundredths=minutes(amount)
        )

    def transfer(self, pick: int, amount: int) -> None:
        lot = self.lot(pick)
        to = next(each for each in self.contracts if each.pk != lot.contract_id)
        key = self.key()
        transfer_hours(
            lot=lot, to=to, hundredths=minutes(amount), reason="x", now=self.now, idempotency_key=key
        )

    def revalue(self, pick: int, amount: int) -> None:
        revalue_expired(lot=self.lot(pick), now=self.now, idempotency_key=self.key(), usable_from=self.now)

    def replace(self, pick: int, amount: int) -> None:
        until = self.today() + timedelta(days=amount)
        replace_expired(
            lot=self.lot(pick), expires_on=until, reason="x", now=self.now, idempotency_key=self.key()
        )

    def overdraw(self, pick: int, amount: int) -> None:
        key = self.key()
        facts = {"cause": key, "worked_at": None, "now": self.now, "idempotency_key": key}
        overdraw(contract=self.contracts[pick % 2], hundredths=minutes(amount), **facts)

    def forget_overdraft(self, pick: int, amount: int) -> None:
        noted = list(Movement.objects.filter(kind=Movement.Kind.OVERDRAFT).order_by("id"))
        if noted:
            movement = noted[pick % len(noted)]
            give_back_overdraft(movement=movement, now=self.now, idempotency_key=self.key(), reason="x")

    def overdraw_again(self, pick: int, amount: int) -> None:
        """Work that was overdrawn is rated again: taken back, perhaps overdrawn anew, and settled as it was."""
        self.forget_overdraft(pick, amount)
        noted = list(Movement.objects.filter(kind=Movement.Kind.OVERDRAFT).order_by("id"))
        if noted:
            work = noted[pick % len(noted)]
            facts = {"cause": work.cause, "worked_at": None, "now": self.now, "idempotency_key": self.key()}
            overdraw(contract=work.contract, hundredths=minutes(amount), **facts)
            settle_overdraft_again(contract=work.contract, cause=work.cause, now=self.now)


STEPS: dict[str, Callable[[Firm, int, int], object]] = {
    "buy": Firm.buy,
    "work": Firm.work,
    "give_back": Firm.give_back,
    "pass_days": Firm.pass_days,
    "void": Firm.void,
    "refund": Firm.refund,
    "transfer": Firm.transfer,
    "revalue": Firm.revalue,
    "replace": Firm.replace,
    "overdraw": Firm.overdraw,
    "forget_overdraft": Firm.forget_overdraft,
    "overdraw_again": Firm.overdraw_again,
}


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 60), st.integers(1, 60)),
        min_size=6,
        max_size=10,
    )
)
def test_no_history_breaks_the_ledger(history: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        firm = Firm()
        firm.buy(0, 25)
        for name, pick, amount in history:
            firm.step(name, pick, amount)
            assert list(verify_ledger()) == []
        for contract in firm.contracts:
            lots = Lot.objects.filter(contract=contract).values_list("left", "owed")
            assert statement(contract).closing == sum(left - owed for left, owed in lots)
        transaction.set_rollback(True)
