"""Incident packs at work: one incident a ticket, at its first approved billable work, by the day it was opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ecuanime.contracts.models import Approval, Contract, Cover, PlanKind, PlanVersion, Unit
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import (
    close_day,
    expire_lot,
    free_entry,
    give_incident_back,
    rate_again,
    record_correction,
    review_entries,
)
from ecuanime.worklog.figures import amount_of_segment
from ecuanime.worklog.models import RatedSegment, TicketIncident, TimeEntry
from ecuanime.worklog.pending import pending_of
from tests.factories import NOW, make_version, publish
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_ON, Office, make_office

pytestmark = pytest.mark.django_db


def capped(minutes: int | None = None) -> PlanVersion:
    """An incident pack by the minute, whose incidents cover so much each."""
    version = make_version(PlanKind.INCIDENT_PACK, is_published=False, rounding_step=1)
    Cover.objects.filter(version=version).update(cap_minutes=minutes)
    return publish(version)


def office_of(minutes: int | None = None) -> Office:
    return make_office(version=capped(minutes), approval=Approval.SUPERVISOR)


@pytest.fixture
def office() -> Office:
    return office_of()


@pytest.fixture
def pack(office: Office) -> Lot:
    return make_incidents(office.contract, 2)


def make_incidents(contract: Contract, count: int, **fields: object) -> Lot:
    values = {"unit": Unit.INCIDENTS, "granted": count} | fields
    return make_lot(contract, 0, **values)  # type: ignore[arg-type]  # a shorthand for tests


def another(office: Office, now: datetime = NOW) -> Ticket:
    ticket = make_ticket(contact=office.lead, client=office.client, now=now)
    Ticket.objects.filter(pk=ticket.pk).update(contract=office.contract)
    ticket.refresh_from_db()
    return ticket


def left(lot: Lot) -> int:
    return Lot.objects.get(pk=lot.pk).left


def free(office: Office, entry: TimeEntry) -> TimeEntry:
    return free_entry(entry=entry, by=office.supervisor, reason="Wrong ticket.", now=NOW)


def test_a_ticket_draws_one_however_many_entries_it_takes(office: Office, pack: Lot) -> None:
    for _ in range(3):
        office.approved(40)

    assert left(pack) == 1
    incident = TicketIncident.objects.get()
    assert (incident.ticket, incident.contract, incident.lot) == (office.ticket, office.contract, pack)
    assert incident.movement.cause == f"ticket:{office.ticket.pk}"
    segments = RatedSegment.objects.all()
    assert {(segment.included, segment.overage, segment.price) for segment in segments} == {(4000, 0, None)}
    assert list(verify_ledger()) == []


def test_another_ticket_draws_its_own(office: Office, pack: Lot) -> None:
    office.approved(40)
    office.approved(40, ticket=another(office))
    assert (left(pack), TicketIncident.objects.count()) == (0, 2)


def test_entries_of_a_ticket_approved_together_draw_one(office: Office, pack: Lot) -> None:
    entries = [office.closed(10), office.closed(20)]
    review_entries(seen={entry.pk: entry.version for entry in entries}, by=office.supervisor, now=NOW)
    assert left(pack) == 1


def test_goodwill_draws_none(office: Office, pack: Lot) -> None:
    office.approved(40, billable_seconds=0)
    assert (left(pack), TicketIncident.objects.exists()) == (2, False)


def test_the_day_the_ticket_was_opened_decides(office: Office) -> None:
    later = make_incidents(office.contract, 5, valid_from=date(2026, 11, 11))
    entry = office.approved(60)
    assert (left(later), entry.ratings.get().overage) == (5, 6000)


def test_without_an_incident_left_it_is_overage(office: Office) -> None:
    make_incidents(office.contract, 1)
    office.approved(30)
    office.approved(30, ticket=another(office))
    segment = RatedSegment.objects.latest("id")
    assert (segment.included, segment.overage, amount_of_segment(segment)) == (0, 3000, 1500)


def test_an_incident_covers_up_to_its_cap_over_all_approvals() -> None:
    office = office_of(60)
    make_incidents(office.contract, 1)
    office.approved(40)
    office.approved(40)
    segment = RatedSegment.objects.latest("id")
    assert (segment.included, segment.overage, segment.cover) == (2000, 2000, Cover.objects.get())


def test_taking_the_only_work_back_gives_the_incident_back(office: Office, pack: Lot) -> None:
    entry = office.approved(40)
    free(office, entry)
    incident = TicketIncident.objects.get()
    assert (left(pack), incident.given_back_at) == (2, NOW)
    assert list(verify_ledger()) == []


def test_work_corrected_to_nothing_gives_the_incident_back(office: Office, pack: Lot) -> None:
    entry = office.approved(40)
    for seconds, kept in ((-600, 1), (-1800, 2)):
        correction = record_correction(
            entry=entry, by=office.technician, reason="Sobraba", seconds=seconds, now=NOW
        )
        close_day(day=NOW.date(), now=NOW)
        correction.refresh_from_db()
        review_entries(seen={correction.pk: correction.version}, by=office.supervisor, now=NOW)
        assert left(pack) == kept
    assert TicketIncident.objects.get().given_back_at == NOW
    assert list(verify_ledger()) == []


def test_it_is_kept_while_other_work_needs_it(office: Office, pack: Lot) -> None:
    first, _second = office.approved(40), office.approved(40)
    free(office, first)
    assert left(pack) == 1
    assert TicketIncident.objects.get().given_back_at is None


def test_rating_again_draws_one_again(office: Office, pack: Lot) -> None:
    entry = office.approved(40)
    rate_again(entry=entry, by=office.supervisor, reason="Looked at again.", now=NOW)
    assert left(pack) == 1
    assert TicketIncident.objects.filter(given_back_at=None).count() == 1
    assert TicketIncident.objects.count() == 2


def test_a_merged_ticket_gives_its_own_back_once(office: Office, pack: Lot) -> None:
    office.approved(40)
    give_incident_back(ticket=office.ticket, reason="Merged into #2.", now=NOW)
    assert left(pack) == 2
    assert give_incident_back(ticket=office.ticket, reason="Merged into #2.", now=NOW) == []
    assert Movement.objects.filter(kind=Movement.Kind.REVERSAL).count() == 1


def test_what_is_pending_is_counted_in_incidents_and_does_not_expire(office: Office) -> None:
    lot = make_incidents(office.contract, 3, expires_on=date(2026, 11, 30))
    office.closed(40)
    pending = pending_of(office.contract)
    assert (pending.incidents, dict(pending.by_lot), pending.included, pending.covered) == (
        1, {lot.pk: 1}, 4000, 0,
    )  # fmt: skip

    expire_lot(lot=lot, now=NOW + timedelta(days=30))

    assert left(lot) == 1


def test_an_incident_that_expired_pays_for_a_ticket_opened_in_time(office: Office) -> None:
    lot = make_incidents(office.contract, 1, expires_on=WORKED_ON + timedelta(days=1))
    expire_lot(lot=lot, now=NOW + timedelta(days=30))
    assert left(lot) == 0
    office.approved(40, now=NOW + timedelta(days=31))
    assert RatedSegment.objects.get().included == 4000
    assert list(verify_ledger()) == []
