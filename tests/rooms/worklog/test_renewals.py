"""Hours left when a contract is renewed: they go on in the new one, less what is pending on the old one."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.contracts.events import ContractStarted
from ecuanime.contracts.models import Approval, Contract, Grant, PlanKind, PlanVersion
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.worklog.actions import move_what_is_left
from ecuanime.worklog.handlers import move_hours
from tests.factories import NOW, make_contract, make_version, publish
from tests.factories.entitlements import make_pack
from tests.factories.worklog import Office, make_office
from tests.rooms.entitlements.snapshots import everything

pytestmark = pytest.mark.django_db


def version(*, moves_on: bool = True) -> PlanVersion:
    """Packs by the minute, whose rest moves on at a renewal, or does not."""
    draft = make_version(PlanKind.HOUR_PACK, is_published=False, rounding_step=1)
    Grant.objects.filter(version=draft).update(moves_on=moves_on)
    return publish(draft)


@pytest.fixture
def office() -> Office:
    """A client with a pack of 20 h and 1 h of bonus."""
    office = make_office(version=version(), approval=Approval.SUPERVISOR)
    make_pack(office.contract, 20, now=NOW, usable_from=NOW)
    return office


def renewal(old: Contract, **fields: object) -> Contract:
    """The contract that follows from today on."""
    Contract.objects.filter(pk=old.pk).update(ends_on=date(2026, 11, 9))
    values = {"version": old.version, "replaces": old, "starts_on": date(2026, 11, 10)} | fields
    return make_contract(old.client, **values)


def left(contract: Contract) -> list[int]:
    return list(Lot.objects.filter(contract=contract).order_by("id").values_list("left", flat=True))


def test_what_is_left_moves_with_its_bonus_once(office: Office) -> None:
    contract = renewal(office.contract)

    move_hours(ContractStarted(contract_id=contract.pk))

    assert (left(office.contract), left(contract)) == ([0, 0], [120000, 6000])
    before = everything()
    move_hours(ContractStarted(contract_id=contract.pk))
    assert everything() == before
    assert list(verify_ledger()) == []


def test_what_is_pending_stays_for_its_approval(office: Office) -> None:
    office.closed(120)
    contract = renewal(office.contract)

    move_what_is_left(contract=contract, now=NOW)

    assert sum(left(office.contract)) >= 12000
    assert sum(left(office.contract)) + sum(left(contract)) == 126000
    assert list(verify_ledger()) == []


def test_it_stays_where_the_plan_does_not_say_so_or_is_another(office: Office) -> None:
    stays = make_contract(office.client, version=version(moves_on=False))
    make_pack(stays, 5, now=NOW, usable_from=NOW)
    for contract in (
        renewal(office.contract, version=version()),
        renewal(stays),
        make_contract(office.client),
    ):
        before = everything()
        assert move_what_is_left(contract=contract, now=NOW) == []
        assert everything() == before
