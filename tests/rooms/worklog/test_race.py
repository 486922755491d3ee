"""Many approvals want the last minutes of a lot at once: exactly its balance is drawn and the rest is overage.

What makes it so is that an approval rates over lots it has locked. The control takes that lock away: then approvals
rate over lots that others have drawn meanwhile, and the ledger refuses them, so the first test would fail.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections

from ecuanime.contracts.models import Approval, Contract, PlanKind, Unit
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.actions import close_day, drawing, review_entry, start_timer
from ecuanime.worklog.models import (
    Cut,
    EntryState,
    RatedEntry,
    RatedSegment,
    TicketIncident,
    TimeEntry,
    Timer,
)
from ecuanime.worklog.rating import rate_entries
from tests.factories import NOW, make_version
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_ON, Office, make_office

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


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do all of it at the same moment, each on a connection of its own; what each gave, or why it could not."""
    start = Barrier(len(acts), timeout=60)

    def run(act: Callable[[], object]) -> object:
        own = connections["default"]
        own.settings_dict = {**own.settings_dict, "OPTIONS": {**own.settings_dict["OPTIONS"], "pool": False}}
        own.ensure_connection()
        start.wait()
        try:
            return act()
        except (Refused, IntegrityError) as refusal:
            return refusal
        finally:
            own.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


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
    together = Barrier(WRITERS, timeout=60)

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
    together = Barrier(10, timeout=60)

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
