"""Contracts: opening them under the next number, ending them, and reading them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from ecuanime.clients.models import Client
from ecuanime.contracts.access import contracts_seen_by, may_change_contracts, may_change_plans
from ecuanime.contracts.actions import (
    draft_version,
    end_contract,
    open_contract,
    publish_version,
    withdraw_plan,
)
from ecuanime.contracts.drafts import draft_of
from ecuanime.contracts.models import Contract, PlanKind, PlanVersion
from ecuanime.contracts.numbering import next_number
from ecuanime.contracts.queries import (
    contract_by_number,
    contracts_of,
    in_force,
    plans,
    versions_on_sale,
    work_types,
)
from ecuanime.foundation.models import AuditEntry
from ecuanime.staff.models import ProductArea
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_person,
    make_version,
    make_work_type,
)
from tests.rooms.contracts.snapshots import refused

pytestmark = pytest.mark.django_db

START = date(2026, 11, 1)


@pytest.fixture
def client_() -> Client:
    return make_client(time_zone="Atlantic/Canary")


@pytest.fixture
def version() -> PlanVersion:
    return make_version()


def accept(client: Client, version: PlanVersion, **fields: Any) -> Contract:
    values = {"client": client, "version": version, "starts_on": START, "now": NOW}
    return open_contract(**(values | fields))


def test_a_contract_gets_the_next_number_and_the_clients_zone(client_: Client, version: PlanVersion) -> None:
    contact, person = make_contact(client_), make_person("supervisor")
    area = ProductArea.objects.create(code="linux", name="Linux")

    first = accept(client_, version, areas=[area], accepted_by=contact, recorded_by=person)
    second = accept(client_, version, time_zone="Europe/Madrid", hours_visible=False, overage="hold")

    assert (first.number, second.number) == ("CT-0001", "CT-0002")
    assert (first.time_zone, second.time_zone) == ("Atlantic/Canary", "Europe/Madrid")
    assert (first.accepted_at, first.accepted_by, first.recorded_by) == (NOW, contact, person)
    assert (first.overage_policy, first.client_sees_hours) == ("bill", True)
    assert (second.overage_policy, second.client_sees_hours) == ("hold", False)
    assert list(first.areas.all()) == [area]
    assert AuditEntry.objects.filter(verb="contract_opened").count() == 2


def test_numbers_go_on_after_the_highest(client_: Client, version: PlanVersion) -> None:
    for number in ("CT-0099", "CT-10000", "OTRO-20000"):
        make_contract(client_, number=number, version=version)
    assert accept(client_, version).number == "CT-10001"


def test_only_a_published_version_on_sale_is_accepted(client_: Client, version: PlanVersion) -> None:
    draft = make_version(is_published=False)
    refused(lambda: accept(client_, draft), "not_published")
    withdraw_plan(plan=version.plan, now=NOW)
    version = PlanVersion.objects.get(pk=version.pk)
    refused(lambda: accept(client_, version), "withdrawn")


def test_an_inactive_client_contracts_nothing(version: PlanVersion) -> None:
    gone = make_client(is_active=False)
    refused(lambda: accept(gone, version), "inactive_client")


def test_somebody_else_cannot_accept_for_the_client(client_: Client, version: PlanVersion) -> None:
    stranger = make_contact()
    refused(lambda: accept(client_, version, accepted_by=stranger), "not_their_contact")


def test_a_contract_ends_on_or_after_its_first_day(client_: Client, version: PlanVersion) -> None:
    before = date(2026, 10, 31)
    refused(lambda: accept(client_, version, ends_on=before), "ends_before_start")
    contract = accept(client_, version)
    refused(lambda: end_contract(contract=contract, ends_on=before, reason="", now=NOW), "ends_before_start")


def test_a_contract_stays_active_until_its_last_day_is_over(client_: Client, version: PlanVersion) -> None:
    contract = accept(client_, version)

    running = end_contract(contract=contract, ends_on=date(2026, 11, 10), reason="Baja", now=NOW)
    assert (running.state, running.ends_on) == (Contract.State.ACTIVE, date(2026, 11, 10))
    over = end_contract(contract=contract, ends_on=date(2026, 11, 9), reason="Baja", now=NOW)
    assert over.state == Contract.State.ENDED
    refused(lambda: end_contract(contract=contract, ends_on=START, reason="", now=NOW), "ended")


def test_contracts_in_force_come_by_precedence(client_: Client, version: PlanVersion) -> None:
    second = make_contract(client_, version=version, precedence=20)
    first = make_contract(client_, version=version, precedence=10, ends_on=START)
    make_contract(client_, version=version, starts_on=date(2026, 11, 2))

    assert list(in_force(client_, START)) == [first, second]
    assert in_force(client_, date(2026, 11, 2)).first() == second


def test_what_is_on_sale_is_the_newest_published_version_of_each_plan(version: PlanVersion) -> None:
    draft = draft_of(version)
    newer = draft_version(plan=version.plan, draft=draft, now=NOW)
    publish_version(version=newer, by=None, now=NOW)
    draft_version(plan=version.plan, draft=draft, now=NOW)
    off_sale = make_version(PlanKind.ON_DEMAND)
    withdraw_plan(plan=off_sale.plan, now=NOW)

    assert list(versions_on_sale()) == [newer]
    assert plans().first() == version.plan


def test_a_contract_is_read_with_all_a_page_needs(django_assert_num_queries: Any) -> None:
    number = make_contract().number
    with django_assert_num_queries(3):
        contract = contract_by_number(number)
        assert contract.client.name
        assert contract.version.plan.code
        assert contract.version.calendar is not None
        assert list(contract.areas.all()) == []
    with pytest.raises(Contract.DoesNotExist):
        contract_by_number("CT-9999")


def test_contacts_see_the_contracts_of_their_own_client() -> None:
    mine, other = make_contract(), make_contract()
    contact = make_contact(mine.client)

    assert list(contracts_seen_by(contact)) == [mine] == list(contracts_of(mine.client))
    assert list(contracts_of(other.client)) == [other]


def test_supervisors_and_administrators_write() -> None:
    roles = ("administrator", "supervisor", "consultant", "technician", "billing")
    people = {role: make_person(role) for role in roles}
    assert [role for role in roles if may_change_plans(people[role])] == ["administrator", "supervisor"]
    assert [role for role in roles if may_change_contracts(people[role])] == ["administrator", "supervisor"]


def test_work_types_that_are_put_away_are_not_offered() -> None:
    kept, away = make_work_type("remote"), make_work_type("fax")
    away.is_active = False
    away.save()
    assert list(work_types()) == [kept]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_contracts_opened_at_once_get_numbers_without_a_gap() -> None:
    version, writers = make_version(), 8
    clients = [make_client() for _ in range(writers)]
    start = Barrier(writers, timeout=60)

    def opener(client: Client) -> str:
        start.wait()
        try:
            return accept(client, version).number
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(writers) as pool:
        numbers = sorted(pool.map(opener, clients))
    assert numbers == [f"CT-{number:04}" for number in range(1, writers + 1)]


def test_a_number_is_asked_for_inside_a_transaction() -> None:
    with transaction.atomic():
        assert next_number(Contract, "number", "CT-") == "CT-0001"
