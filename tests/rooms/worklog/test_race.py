"""Many approvals want the last minutes of a lot at once: exactly its balance is drawn and the rest is overage.

What makes it so is that an approval rates over lots it has locked. The control takes that lock away: then approvals
rate over lots that others have drawn meanwhile, and the ledger refuses them, so the first test would fail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError

from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Approval, Contract, PlanKind, Unit
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.actions import (
    adjust_entry,
    approve_entries,
    close_day,
    dispute_entry,
    drawing,
    record_correction,
    review_entries,
    review_entry,
    send_cut,
    start_timer,
)
from ecuanime.worklog.models import (
    Cut,
    Decision,
    EntryState,
    RatedEntry,
    RatedSegment,
    TicketIncident,
    TimeEntry,
    Timer,
)
from ecuanime.worklog.rating import rate_entries
from tests.factories import NOW, make_contact, make_version
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_ON, Office, make_office
from tests.races import SECONDS, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

WRITERS = 50
BALANCE = 10_000
WANTED = 1_500


@pytest.fixture
def office() -> Office:
    office = make_office(
        version=make_version(rounding_step=1, rounding_group="entry"), approval=Approval.SUPERVISOR
    )
    make_lot(office.contract, BALANCE // 100)
    return office


def closed_entries(office: Office, count: int) -> list[TimeEntry]:
    for _ in range(count):
        office.entry(WANTED // 100)
    close_day(day=WORKED_ON, now=NOW)
    return list(TimeEntry.objects.order_by("id"))


def approving(office: Office, entries: list[TimeEntry]) -> list[Callable[[], object]]:
    def act(entry: TimeEntry) -> Callable[[], object]:
        return lambda: review_entry(entry=entry, by=office.supervisor, now=NOW)

    return [act(entry) for entry in entries]


def test_fifty_approvals_draw_exactly_what_is_left(office: Office) -> None:
    outcomes = at_once(approving(office, closed_entries(office, WRITERS)))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    drawn = sorted(RatedEntry.objects.values_list("drawn", flat=True), reverse=True)
    assert drawn == [WANTED] * 6 + [BALANCE - 6 * WANTED] + [0] * (WRITERS - 7)
    overage = sum(RatedSegment.objects.values_list("overage", flat=True))
    assert overage == WRITERS * WANTED - BALANCE
    assert sum(RatedSegment.objects.values_list("charged_numerator", flat=True)) * 100 == overage
    assert Lot.objects.get().left == 0
    assert list(verify_ledger()) == []


def test_control_without_the_lock_approvals_fail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(WRITERS, timeout=SECONDS)

    def unlocked(contract: Contract) -> list[Lot]:
        lots = list(Lot.objects.filter(contract=contract).order_by("id"))
        together.wait()
        return lots

    monkeypatch.setattr(drawing, "locked_lots", unlocked)
    outcomes = at_once(approving(office, closed_entries(office, WRITERS)))

    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert {refusal.code for refusal in refusals} == {"not_enough"}
    assert len(refusals) == WRITERS - 6
    assert Lot.objects.get().left == BALANCE - 6 * WANTED


def test_one_entry_approved_many_times_at_once_is_drawn_once(office: Office) -> None:
    [entry] = closed_entries(office, 1)

    outcomes = at_once(approving(office, [entry] * 10))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert RatedEntry.objects.get().drawn == WANTED
    assert Lot.objects.get().left == BALANCE - WANTED


def office_of_incidents() -> Office:
    office = make_office(PlanKind.INCIDENT_PACK, approval=Approval.SUPERVISOR)
    make_lot(office.contract, 0, unit=Unit.INCIDENTS, granted=WRITERS)
    return office


def test_a_ticket_approved_many_times_at_once_draws_one_incident() -> None:
    office = office_of_incidents()

    outcomes = at_once(approving(office, closed_entries(office, 10)))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert (TicketIncident.objects.count(), Lot.objects.get().left) == (1, WRITERS - 1)
    assert list(verify_ledger()) == []


def test_control_without_the_lock_each_approval_would_draw_its_own_incident(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = office_of_incidents()
    together = Barrier(10, timeout=SECONDS)

    def unlocked(contract: Contract) -> list[Lot]:
        return list(Lot.objects.filter(contract=contract).order_by("id"))

    def rate_together(*args: Any) -> Any:
        rated = rate_entries(*args)
        together.wait()
        return rated

    monkeypatch.setattr(drawing, "locked_lots", unlocked)
    monkeypatch.setattr(drawing, "rate_entries", rate_together)
    outcomes = at_once(approving(office, closed_entries(office, 10)))

    refusals = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert len(refusals) == 9
    assert (TicketIncident.objects.count(), Lot.objects.get().left) == (1, WRITERS - 1)


def test_a_day_closed_many_times_at_once_is_closed_once(office: Office) -> None:
    office.entry(15)

    at_once([lambda: close_day(day=WORKED_ON, now=NOW)] * 10)

    assert Cut.objects.count() == 1
    assert TimeEntry.objects.get().state == EntryState.CLOSED


def test_timers_started_at_once_leave_one_running(office: Office) -> None:
    tickets = [make_ticket(contact=office.lead, client=office.client) for _ in range(8)]

    def start(number: int) -> Callable[[], object]:
        later = NOW + timedelta(seconds=number)
        return lambda: start_timer(user=office.technician, ticket=tickets[number], now=later)

    outcomes = at_once([start(number) for number in range(8)])

    refusals = {outcome.code for outcome in outcomes if isinstance(outcome, Refused)}
    assert refusals <= {"timer_runs", "end_before_start"}
    assert Timer.objects.count() == 1


@pytest.fixture
def asking() -> Office:
    """An office whose contract asks for the client too, with a pack."""
    office = make_office(version=make_version(rounding_step=1, rounding_group="entry"))
    make_lot(office.contract, BALANCE // 100)
    return office


def approving_as(contact: Contact, entry: TimeEntry) -> Callable[[], object]:
    return lambda: approve_entries(contact=contact, seen={entry.pk: entry.version}, now=NOW)


def test_two_leads_who_approve_the_same_draw_it_once(asking: Office) -> None:
    entry = asking.sent(15)
    leads = [asking.lead, *(make_contact(asking.client, is_project_lead=True) for _ in range(7))]

    outcomes = at_once([approving_as(lead, entry) for lead in leads])

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Decision.objects.filter(kind=Decision.Kind.APPROVE).count() == 1
    assert (RatedEntry.objects.count(), Lot.objects.get().left) == (1, BALANCE - WANTED)


def test_a_lead_cannot_pass_their_limit_in_two_windows_at_once(asking: Office) -> None:
    entries = closed_entries(asking, 6)
    review_entries(seen={each.pk: each.version for each in entries}, by=asking.supervisor, now=NOW)
    send_cut(client=asking.client, day=WORKED_ON, by=asking.supervisor, now=NOW)
    Contact.objects.filter(pk=asking.lead.pk).update(approves_up_to_minutes=45)

    outcomes = at_once([approving_as(asking.lead, entry) for entry in entries])

    refusals = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    assert refusals == ["above_limit"] * 3
    assert Lot.objects.get().left == BALANCE - 3 * WANTED


def test_approved_and_disputed_at_once_it_is_one_of_the_two(asking: Office) -> None:
    entry = asking.sent(15)
    other = make_contact(asking.client, is_project_lead=True)

    outcomes = at_once(
        [
            approving_as(asking.lead, entry),
            lambda: dispute_entry(contact=other, entry=entry, comment="¿Qué es?", now=NOW),
        ]
    )

    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refused)] == ["not_waiting"]
    entry.refresh_from_db()
    assert (entry.state == EntryState.APPROVED) == RatedEntry.objects.exists()


def test_approved_and_adjusted_at_once_nobody_approves_what_they_did_not_see(asking: Office) -> None:
    entry = asking.sent(15)

    outcomes = at_once(
        [
            approving_as(asking.lead, entry),
            lambda: adjust_entry(
                entry=entry, by=asking.supervisor, reason="Menos", billable_seconds=300, now=NOW
            ),
        ]
    )

    [refusal] = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    entry.refresh_from_db()
    assert (refusal, entry.state) in {
        ("changed", EntryState.CLOSED),
        ("not_adjustable", EntryState.APPROVED),
    }


def test_corrections_made_at_once_never_take_more_than_there_is(office: Office) -> None:
    entry = office.approved(60)

    def take() -> object:
        return record_correction(entry=entry, by=office.supervisor, reason="x", seconds=-1200, now=NOW)

    outcomes = at_once([take] * 8)

    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refused)] == ["below_zero"] * 5
    assert sum(TimeEntry.objects.values_list("elapsed_seconds", flat=True)) == 0
