"""Many writers want the last minutes of a lot at once: exactly what is there is drawn, and not a minute more.

Three things protect a lot: the locks that make writers take turns, the conditional update of its balance, and the
database's CHECK. The controls take them away one after the other, and with all three gone the lot is overdrawn:
so the first test would fail if the protection went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from ecuanime.contracts.models import Contract
from ecuanime.entitlements import actions, booking
from ecuanime.entitlements.actions import drawing
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import lots_for_rating, verify_ledger
from ecuanime.foundation.errors import Refused
from ecuanime.rules.packs import Drawdown
from ecuanime.rules.packs import draw as take_from
from tests.factories import NOW, make_contract
from tests.factories.entitlements import make_lot
from tests.races import SECONDS, at_once
from tests.rooms.entitlements.approving import minutes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BALANCE = minutes(100)
WANTED = minutes(15)
DAY = date(2026, 11, 10)
CHECK = "lot_never_below_zero"


@pytest.fixture
def contract() -> Contract:
    contract = make_contract()
    make_lot(contract, 100)
    return contract


def approve(contract: Contract, number: int, after_reading: Callable[[], object]) -> int:
    """One writer: look at the lots, take what they have, draw it; gives what it drew."""
    with transaction.atomic():
        takes, _ = take_from(WANTED, lots_for_rating(drawing.locked_lots(contract)))
        after_reading()
        if takes:
            _draw(contract, takes, f"entry:{number}")
    return sum(take.hundredths for take in takes)


def _draw(contract: Contract, takes: tuple[Drawdown, ...], key: str) -> None:
    actions.draw(contract=contract, takes=takes, idempotency_key=key, cause=key, worked_at=None, now=NOW)


def run(writers: int, contract: Contract, *, read_together: bool = False) -> list[int | Exception]:
    """Let them all go at once, each on a connection of its own; what each drew, or why it could not."""
    meet = Barrier(writers, timeout=SECONDS).wait if read_together else lambda: None
    return at_once([partial(approve, contract, number, meet) for number in range(writers)])


def total_drawn(outcomes: list[int | Exception]) -> int:
    return sum(outcome for outcome in outcomes if isinstance(outcome, int))


@pytest.fixture
def without_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody locks anything: all read the lots as they stand."""
    monkeypatch.setattr(drawing, "lock_contract", lambda pk: Contract.objects.get(pk=pk))
    monkeypatch.setattr(drawing, "lock_lots", lambda of: list(Lot.objects.filter(contract=of).order_by("id")))


@pytest.fixture
def without_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The balance is changed whatever it is."""
    monkeypatch.setattr(
        booking, "change_left", lambda pk, change: Lot.objects.filter(pk=pk).update(left=F("left") + change)
    )


@pytest.fixture
def without_check(transactional_db: None) -> Iterator[None]:
    """The database lets a lot go below zero, until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE entitlements_lot DROP CONSTRAINT "{CHECK}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE entitlements_lot CASCADE")
        cursor.execute(f'ALTER TABLE entitlements_lot ADD CONSTRAINT "{CHECK}" CHECK ("left" >= 0)')


def test_fifty_writers_draw_exactly_what_is_there(contract: Contract) -> None:
    outcomes = run(50, contract)

    assert total_drawn(outcomes) == BALANCE
    assert sorted(outcomes, reverse=True)[:8] == [WANTED] * 6 + [minutes(10), 0]
    assert Lot.objects.get().left == 0
    assert list(verify_ledger()) == []


@pytest.mark.usefixtures("without_turns")
def test_without_turns_the_conditional_update_still_refuses(contract: Contract) -> None:
    outcomes = run(10, contract, read_together=True)

    assert total_drawn(outcomes) == 6 * WANTED
    assert {str(error) for error in map(_code, outcomes) if error} == {"not_enough"}
    assert list(verify_ledger()) == []


def _code(outcome: int | Exception) -> str:
    return outcome.code if isinstance(outcome, Refused) else ""


@pytest.mark.usefixtures("without_turns", "without_condition")
def test_without_the_condition_the_databases_check_still_refuses(contract: Contract) -> None:
    outcomes = run(10, contract, read_together=True)

    assert total_drawn(outcomes) == 6 * WANTED
    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert list(verify_ledger()) == []


@pytest.mark.usefixtures("without_check", "without_turns", "without_condition")
def test_without_any_protection_the_lot_is_overdrawn(contract: Contract) -> None:
    outcomes = run(10, contract, read_together=True)

    assert total_drawn(outcomes) == 10 * WANTED > BALANCE
    assert Lot.objects.get().left == BALANCE - 10 * WANTED
    assert any("below_zero" in problem for problem in verify_ledger())
