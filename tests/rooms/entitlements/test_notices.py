"""The client is told once per lot and threshold that hours run low or expire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.actions import tell_expiring, tell_low
from ecuanime.entitlements.events import HoursDrawn
from ecuanime.entitlements.handlers import tell_what_runs_low
from ecuanime.entitlements.jobs import tell_what_expires
from ecuanime.entitlements.models import Lot, LotNotice
from ecuanime.entitlements.queries import lots_expiring
from ecuanime.rules.packs import Drawdown, Notice, expiry_notice, is_low
from tests.factories import make_contact, make_firm, make_mailbox
from tests.factories.entitlements import make_lot
from tests.rooms.entitlements.approving import at, contract_by_the_minute, draw_takes, minutes
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 6, 30)


@pytest.fixture
def contract() -> Contract:
    """A contract whose client has a lead who reads Spanish, one who reads English, and a plain contact."""
    make_firm()
    make_mailbox()
    contract = contract_by_the_minute()
    for name, language in (("Ana", "es"), ("Bea", "en")):
        make_contact(contract.client, name=name, language=language, is_project_lead=True)
    make_contact(contract.client, name="Otra")
    return contract


def letters() -> list[str]:
    return [mail.subject.replace("\xa0", " ") for mail in OutgoingMail.objects.order_by("id")]


def days_before(days: int) -> datetime:
    return datetime.combine(LAST_DAY - timedelta(days=days), datetime.min.time(), UTC) + timedelta(hours=9)


@pytest.mark.parametrize("row", rows("notices", "granted minutes", "left minutes", "low"))
def test_when_a_lot_runs_low(row: Row) -> None:
    granted, left = minutes(int(row["granted minutes"])), minutes(int(row["left minutes"]))
    assert is_low(left, granted) is (row["low"] == "yes")


@pytest.mark.parametrize("row", rows("notices", "days to the last day", "left minutes", "told"))
def test_when_its_last_day_is_near(row: Row) -> None:
    found = expiry_notice(minutes(int(row["left minutes"])), int(row["days to the last day"]))
    assert found == (Notice(row["told"]) if row["told"] else None)


def test_leads_are_told_in_their_language_when_a_drawing_leaves_a_lot_low(contract: Contract) -> None:
    lot = make_lot(contract, 600, now=at(1, 1), code="BN-0001")
    make_lot(contract, 120, now=at(1, 1), code="BN-0002")
    movement = draw_takes(contract, [Drawdown(lot.pk, minutes(555))], at(2, 1))

    for _ in range(2):
        tell_what_runs_low(HoursDrawn(contract_id=contract.pk, movement_id=movement.pk))

    assert letters() == ["BN-0001: quedan 0 h 45", "BN-0001: 0 h 45 left"]
    assert "2 h 45 are left on" in OutgoingMail.objects.latest("id").text.replace("\xa0", " ")
    assert LotNotice.objects.get().threshold == "low"


def test_a_lot_with_enough_left_says_nothing(contract: Contract) -> None:
    lot = make_lot(contract, 600, now=at(1, 1))
    movement = draw_takes(contract, [Drawdown(lot.pk, minutes(100))], at(2, 1))

    tell_what_runs_low(HoursDrawn(contract_id=contract.pk, movement_id=movement.pk))

    assert letters() == []


def test_30_and_7_days_before_the_last_day_they_are_told_once(contract: Contract, time_machine: Any) -> None:
    make_lot(contract, 600, expires_on=LAST_DAY, now=at(1, 1), code="BN-0001")
    for days, told in ((31, 0), (30, 2), (29, 2), (8, 2), (7, 4), (0, 4)):
        time_machine.move_to(days_before(days), tick=False)
        tell_what_expires(0)
        assert len(letters()) == told
    assert letters()[1] == "BN-0001: 10 h 00 expire on 30 June 2026"
    assert set(LotNotice.objects.values_list("threshold", flat=True)) == {"days_30", "days_7"}


def test_a_lot_first_seen_in_its_last_week_has_one_notice(contract: Contract) -> None:
    lot = make_lot(contract, 600, expires_on=LAST_DAY, now=at(1, 1))

    assert tell_expiring(lot=lot, now=days_before(3)) is not None

    assert tell_expiring(lot=lot, now=days_before(2)) is None
    assert lots_expiring(days_before(2)) == []


def test_what_was_not_paid_for_or_is_not_shown_has_no_notices(contract: Contract) -> None:
    facts: dict[str, Any] = {"expires_on": LAST_DAY, "now": at(1, 1)}
    bonus = make_lot(contract, 60, is_bonus=True, **facts)
    allowance = make_lot(contract, 60, is_allowance=True, **facts)
    unpaid = make_lot(contract, 60, usable_from=None, **facts)
    for lot in (bonus, allowance, unpaid):
        assert tell_low(lot=lot, now=days_before(5)) is None
        assert tell_expiring(lot=lot, now=days_before(5)) is None
    assert lots_expiring(days_before(5)) == []
    hidden = make_lot(contract, 60, **facts)
    Contract.objects.filter(pk=contract.pk).update(hours_visible=False)
    assert tell_expiring(lot=hidden, now=days_before(5)) is None
    assert (letters(), LotNotice.objects.count()) == ([], 0)


def test_looking_for_expiring_lots_takes_one_query(
    contract: Contract, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        while Lot.objects.count() < count:
            make_lot(contract, 60, expires_on=LAST_DAY, now=at(1, 1))
        with django_assert_num_queries(1):
            assert len(lots_expiring(days_before(5))) == count
