"""What time has to say when a contract ends or another takes its place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import end_contract, move_open_time
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries.contracts import open_time, time_after
from tests.factories import NOW, make_contract
from tests.factories.worklog import WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
LATE = datetime.fromisoformat("2026-11-08T23:30:00+01:00")
DAY_BEFORE = WORKED_ON - timedelta(days=1)


made_office = made_once(make_office)


@pytest.fixture
def office(made_office: Office) -> Office:
    return own(made_office)


def follow(office: Office) -> Contract:
    """The office's contract ends on 8 November and another takes its place on the 9th."""
    Contract.objects.filter(pk=office.contract.pk).update(ends_on=DAY_BEFORE)
    office.contract.refresh_from_db()
    office.ticket.refresh_from_db()
    return make_contract(office.client, starts_on=WORKED_ON, replaces=office.contract)


def test_work_is_recorded_under_the_contract_of_its_day(office: Office) -> None:
    successor = follow(office)
    assert office.entry(30, work_on=DAY_BEFORE).contract == office.contract
    assert office.entry(30, work_on=WORKED_ON).contract == successor
    Ticket.objects.update(contract=successor)
    office.ticket.refresh_from_db()
    assert office.entry(30, work_on=DAY_BEFORE).contract == office.contract


def test_open_time_after_the_last_day_moves_and_the_rest_stays(office: Office) -> None:
    after, crossing, before = (
        office.entry(30),
        office.entry(60, started_at=LATE),
        office.entry(30, work_on=DAY_BEFORE),
    )
    reviewed = office.reviewed(30)
    TimeEntry.objects.filter(pk=after.pk).update(state="open")
    successor = follow(office)
    assert list(time_after(office.contract)) == [after]

    moved = move_open_time(contract=office.contract, by=office.supervisor, now=NOW)

    assert [(entry.pk, entry.contract, entry.version) for entry in moved] == [(after.pk, successor, 2)]
    for kept in (crossing, before, reviewed):
        kept.refresh_from_db()
        assert kept.contract == office.contract
    assert move_open_time(contract=office.contract, by=office.supervisor, now=NOW) == []


def test_time_that_has_nowhere_to_go_stays(office: Office) -> None:
    office.entry(30)
    Contract.objects.update(ends_on=DAY_BEFORE)
    office.contract.refresh_from_db()
    refused(
        "nothing_in_its_place",
        lambda: move_open_time(contract=office.contract, by=office.supervisor, now=NOW),
    )
    refused("not_allowed", lambda: move_open_time(contract=office.contract, by=office.technician, now=NOW))


def test_a_contract_does_not_end_in_the_middle_of_work_that_no_other_covers(office: Office) -> None:
    office.entry(60, started_at=LATE)

    def end() -> Contract:
        return end_contract(contract=office.contract, ends_on=DAY_BEFORE, reason="Baja", now=NOW)

    said = refused("crosses_end", end)
    assert f"#{office.ticket.number}" in said
    make_contract(office.client, starts_on=WORKED_ON)
    assert end().ends_on == DAY_BEFORE


def test_approved_work_does_not_hold_up_the_end_nor_move(office: Office) -> None:
    entry = office.approved(60, started_at=LATE)
    ended = end_contract(contract=office.contract, ends_on=DAY_BEFORE, reason="Baja", now=NOW)
    assert (ended.state, ended.is_final) == ("ended", True)
    entry.refresh_from_db()
    assert (entry.contract, entry.state) == (office.contract, "approved")
    assert list(open_time(office.contract)) == []


def test_a_contract_never_ends_before_it_starts(office: Office) -> None:
    wrong = date(2025, 12, 31)
    refused(
        "ends_before_start",
        lambda: end_contract(contract=office.contract, ends_on=wrong, reason="", now=NOW),
    )
