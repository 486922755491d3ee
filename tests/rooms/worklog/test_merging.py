"""Merged tickets and their time: approved work keeps its place and rating, the rest goes along, incidents stay fair."""

from __future__ import annotations

import pytest

from ecuanime.contracts.models import Approval, Cover, PlanKind
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import (
    free_entry,
    merge_tickets,
    rate_again,
    record_time,
    start_timer,
    undo_merge,
)
from ecuanime.worklog.models import TicketIncident, TimeEntry, Timer
from ecuanime.worklog.queries import time_of_ticket
from tests.factories import NOW, make_version, make_work_type, publish
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_ON, Office, make_office
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _office() -> Office:
    version = make_version(PlanKind.INCIDENT_PACK, is_published=False, rounding_step=1)
    Cover.objects.filter(version=version).update(cap_minutes=60)
    return make_office(version=publish(version), approval=Approval.SUPERVISOR)


made_office = made_once(_office)


@pytest.fixture
def office(made_office: Office) -> Office:
    return own(made_office)


@pytest.fixture
def pack(office: Office) -> Lot:
    return make_lot(office.contract, 0, unit="incidents", granted=2)


@pytest.fixture
def twin(office: Office) -> Ticket:
    ticket = make_ticket(contact=office.lead, client=office.client)
    Ticket.objects.filter(pk=ticket.pk).update(contract=office.contract)
    ticket.refresh_from_db()
    return ticket


def left(lot: Lot) -> int:
    return Lot.objects.get(pk=lot.pk).left


def test_time_goes_along_unless_it_was_approved(office: Office, pack: Lot, twin: Ticket) -> None:
    approved, waiting = office.approved(20, ticket=twin), office.closed(10, ticket=twin)
    ratings = list(approved.ratings.values())
    start_timer(user=office.technician, ticket=twin, work_type=make_work_type("remote"), now=NOW)
    merge_tickets(ticket=twin, into=office.ticket, by=office.supervisor, now=NOW)

    assert TimeEntry.objects.get(pk=waiting.pk).ticket == office.ticket
    assert TimeEntry.objects.get(pk=approved.pk).ticket == twin
    assert list(approved.ratings.values()) == ratings
    assert Timer.objects.get().ticket == office.ticket
    office.ticket.refresh_from_db()
    assert {line.entry.pk for line in time_of_ticket(office.ticket).lines} == {approved.pk, waiting.pk}


def test_of_two_incidents_one_is_given_back(office: Office, pack: Lot, twin: Ticket) -> None:
    office.approved(40)
    office.approved(40, ticket=twin)
    assert left(pack) == 0
    merge_tickets(ticket=twin, into=office.ticket, by=office.supervisor, now=NOW)
    assert left(pack) == 1
    assert TicketIncident.objects.get(given_back_at=None).ticket == office.ticket
    assert list(verify_ledger()) == []


def test_the_only_incident_goes_along_and_no_other_is_drawn(office: Office, pack: Lot, twin: Ticket) -> None:
    entry = office.approved(40, ticket=twin)
    merge_tickets(ticket=twin, into=office.ticket, by=office.supervisor, now=NOW)
    office.ticket.refresh_from_db()
    more = office.approved(40, ticket=office.ticket)
    assert (left(pack), TicketIncident.objects.get().ticket) == (1, office.ticket)
    segments = more.ratings.get().segments
    assert [(each.included, each.overage) for each in segments.all()] == [(2000, 2000)], (
        "the cap is of the subject"
    )

    free_entry(entry=more, by=office.supervisor, reason="Not theirs.", now=NOW)
    assert left(pack) == 1, "the merged ticket's work needs it still"
    rate_again(entry=TimeEntry.objects.get(pk=entry.pk), by=office.supervisor, reason="Again.", now=NOW)
    assert left(pack) == 1
    assert list(verify_ledger()) == []


@pytest.mark.parametrize("both", [True, False])
def test_taking_it_back_gives_each_its_own_again(office: Office, pack: Lot, twin: Ticket, both: bool) -> None:
    if both:
        office.approved(40)
    office.approved(40, ticket=twin)
    waiting = office.closed(10, ticket=twin)
    before = left(pack)
    merge = merge_tickets(ticket=twin, into=office.ticket, by=office.supervisor, now=NOW)
    undo_merge(merge=merge, by=office.supervisor, now=NOW)
    assert left(pack) == before
    assert TicketIncident.objects.filter(given_back_at=None, ticket=twin).count() == 1
    assert TimeEntry.objects.get(pk=waiting.pk).ticket == twin
    assert list(verify_ledger()) == []


def test_time_that_was_decided_on_meanwhile_stays(office: Office, pack: Lot, twin: Ticket) -> None:
    entry = office.closed(10, ticket=twin)
    merge = merge_tickets(ticket=twin, into=office.ticket, by=office.supervisor, now=NOW)
    TimeEntry.objects.filter(pk=entry.pk).update(state="approved")
    with pytest.raises(Refused) as refusal:
        undo_merge(merge=merge, by=office.supervisor, now=NOW)
    assert refusal.value.code == "changed_since"
    twin.refresh_from_db()
    assert twin.merged_into == office.ticket


def test_nothing_is_recorded_on_a_merged_ticket(office: Office, twin: Ticket) -> None:
    merge_tickets(ticket=twin, into=office.ticket, by=office.supervisor, now=NOW)
    twin.refresh_from_db()
    work = {"user": office.technician, "ticket": twin, "work_type": make_work_type("remote"), "now": NOW}
    with pytest.raises(Refused) as refusal:
        record_time(**work, work_on=WORKED_ON, seconds=600)
    assert (refusal.value.code, TimeEntry.objects.exists()) == ("merged", False)
