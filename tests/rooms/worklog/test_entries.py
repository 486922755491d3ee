"""Recording, editing and deleting time by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import close_day, cut_out_overlap, delete_entry, edit_entry
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries import my_day, overlaps_of
from tests.factories import NOW, make_contract, make_person, make_work_type
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT, WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


made_office = made_once(make_office)


@pytest.fixture
def office(made_office: Office) -> Office:
    return own(made_office)


def test_work_with_clock_times_keeps_its_seconds(office: Office) -> None:
    entry = office.entry(50, plus_seconds=10, started_at=WORKED_AT, note="  Cambio\nde disco ")

    assert (entry.elapsed_seconds, entry.billed_seconds) == (3010, 3010)
    assert (entry.work_on, entry.note, entry.state) == (WORKED_ON, "Cambio de disco", "open")


def test_work_after_midnight_belongs_to_the_firms_day(office: Office) -> None:
    late = WORKED_AT.replace(hour=23, minute=30)

    assert office.entry(10, started_at=late).work_on == WORKED_ON + DAY


def test_work_without_clock_times_says_its_day(office: Office) -> None:
    entry = office.entry(45)

    assert (entry.work_on, entry.elapsed_seconds, entry.started_at) == (WORKED_ON, 2700, None)


def test_without_a_contract_on_the_ticket_the_clients_fits(office: Office) -> None:
    Ticket.objects.update(contract=None)
    office.ticket.refresh_from_db()

    assert office.entry().contract == office.contract


def test_without_any_contract_it_has_none(office: Office) -> None:
    Ticket.objects.update(contract=None)
    Contract.objects.update(state=Contract.State.ENDED)
    office.ticket.refresh_from_db()

    assert office.entry().contract is None


def test_pieces_need_no_time(office: Office) -> None:
    entry = office.entry(0, units=18)

    assert (entry.units, entry.elapsed_seconds) == (18, 0)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("future", {"started_at": NOW - timedelta(minutes=5)}),
        ("future", {"work_on": WORKED_ON + 2 * DAY}),
        ("end_before_start", {"started_at": WORKED_AT, "ended_at": WORKED_AT - DAY}),
        ("end_before_start", {"work_on": WORKED_ON, "seconds": -1}),
        ("too_long", {"started_at": WORKED_AT - DAY, "ended_at": WORKED_AT + timedelta(seconds=1)}),
        ("too_long", {"work_on": WORKED_ON, "seconds": 24 * 3600 + 1}),
        ("too_short", {"work_on": WORKED_ON, "seconds": 0}),
        ("too_short", {"started_at": WORKED_AT, "ended_at": WORKED_AT}),
        ("bad_times", {"started_at": WORKED_AT, "ended_at": None}),
        ("bad_times", {"started_at": WORKED_AT, "work_on": WORKED_ON, "seconds": 60}),
        ("billable_above_elapsed", {"billable_seconds": 1801}),
        ("billable_above_elapsed", {"billable_seconds": -1}),
    ],
)
def test_what_cannot_be_is_refused(office: Office, code: str, fields: dict[str, Any]) -> None:
    refused(code, lambda: office.entry(**fields))


def test_somebody_who_does_not_work_on_tickets_records_none(office: Office) -> None:
    clerk = make_person("billing")

    refused("not_allowed", lambda: office.entry(user=clerk))


def test_another_clients_contract_is_refused(office: Office) -> None:
    foreign = make_contract()

    refused("foreign_contract", lambda: office.entry(contract=foreign))


def test_work_does_not_fall_under_what_nobody_accepted(office: Office) -> None:
    offered = make_contract(office.client, state=Contract.State.QUOTED, accepted_at=None)

    refused("not_in_force", lambda: office.entry(contract=offered))


def test_a_ticket_of_nobody_known_takes_no_time(office: Office) -> None:
    stranger = make_ticket(client=None)

    refused("no_client", lambda: office.entry(ticket=stranger))


def edit(entry: TimeEntry, office: Office, **fields: Any) -> TimeEntry:
    values: dict[str, Any] = {"by": office.technician, "now": NOW, "work_type": make_work_type("remote")}
    return edit_entry(entry=entry, **(values | fields))


def test_an_open_entry_is_edited_by_its_person(office: Office) -> None:
    entry = office.entry(30)

    edited = edit(
        entry,
        office,
        started_at=WORKED_AT,
        ended_at=WORKED_AT + timedelta(minutes=20),
        note="Otra cosa",
        work_type=make_work_type("phone"),
    )

    assert (edited.elapsed_seconds, edited.note, edited.work_type.code) == (1200, "Otra cosa", "phone")
    assert (edited.version, edited.contract) == (2, office.contract)


def test_an_edit_is_refused_as_a_recording_is(office: Office) -> None:
    entry = office.entry(30)
    span: dict[str, Any] = {"work_on": WORKED_ON, "seconds": 60}
    foreign = make_contract()

    refused("too_short", lambda: edit(entry, office, work_on=WORKED_ON, seconds=0))
    refused("bad_times", lambda: edit(entry, office))
    refused("not_yours", lambda: edit(entry, office, by=office.supervisor, **span))
    refused("foreign_contract", lambda: edit(entry, office, contract=foreign, **span))
    refused("billable_above_elapsed", lambda: edit(entry, office, billable_seconds=61, **span))
    close_day(day=WORKED_ON, now=NOW)
    refused("closed", lambda: edit(entry, office, **span))


def test_an_open_entry_is_deleted_by_its_person(office: Office) -> None:
    delete_entry(entry=office.entry(30), by=office.technician, now=NOW)

    assert not TimeEntry.objects.exists()


def test_only_ones_own_open_entry_is_deleted(office: Office) -> None:
    entry = office.entry(30)

    refused("not_yours", lambda: delete_entry(entry=entry, by=office.supervisor, now=NOW))
    close_day(day=WORKED_ON, now=NOW)
    refused("closed", lambda: delete_entry(entry=entry, by=office.technician, now=NOW))
    TimeEntry.objects.all().delete()
    refused("not_found", lambda: delete_entry(entry=entry, by=office.technician, now=NOW))


def test_my_day_shows_gaps_and_overlaps(office: Office) -> None:
    first = office.entry(30, started_at=WORKED_AT)
    second = office.entry(30, started_at=WORKED_AT + timedelta(minutes=20))
    office.entry(10, started_at=WORKED_AT + timedelta(hours=2))
    office.entry(15)

    day = my_day(office.technician, WORKED_ON, now=NOW)

    assert [line.overlaps for line in day.lines] == [(second,), (first,), (), ()]
    assert [(gap.started_at, gap.ended_at) for gap in day.gaps] == [
        (WORKED_AT + timedelta(minutes=50), WORKED_AT + timedelta(hours=2))
    ]
    assert day.worked_seconds == 85 * 60


def test_one_who_follows_on_overlaps_nothing(office: Office) -> None:
    office.entry(30, started_at=WORKED_AT)
    office.entry(30, started_at=WORKED_AT + timedelta(minutes=30))

    day = my_day(office.technician, WORKED_ON, now=NOW)

    assert [line.overlaps for line in day.lines] == [(), ()]
    assert day.gaps == ()


def test_a_day_that_was_cut_takes_late_entries_and_says_so(office: Office) -> None:
    close_day(day=WORKED_ON, now=NOW)
    office.entry(15, now=NOW + timedelta(hours=1))

    assert [line.is_late for line in my_day(office.technician, WORKED_ON, now=NOW).lines] == [True]
    assert my_day(office.technician, date(2026, 11, 2), now=NOW).lines == ()


def test_an_overlap_is_settled_by_leaving_the_shared_time_to_the_other(office: Office) -> None:
    early = office.entry(60, started_at=WORKED_AT)
    late = office.entry(60, started_at=WORKED_AT + timedelta(minutes=30))

    [kept] = cut_out_overlap(entry=late, other=early, by=office.technician, now=NOW)

    assert (kept.started_at, kept.elapsed_seconds, kept.version) == (early.ended_at, 1800, 2)
    assert overlaps_of([kept, early]) == {}
    again = everything()
    assert cut_out_overlap(entry=kept, other=early, by=office.technician, now=NOW) == [kept]
    assert everything() == again


def test_what_lies_inside_splits_the_entry_around_it(office: Office) -> None:
    whole = office.entry(120, started_at=WORKED_AT, billable_seconds=0, units=2)
    inside = office.entry(30, started_at=WORKED_AT + timedelta(minutes=60))

    first, second = cut_out_overlap(entry=whole, other=inside, by=office.technician, now=NOW)

    assert (first.elapsed_seconds, second.elapsed_seconds) == (3600, 1800)
    assert (first.billable_seconds, second.billable_seconds) == (0, 0), "goodwill stays goodwill"
    assert (first.units, second.units) == (2, None)
    assert (second.ticket, second.work_type, second.state) == (whole.ticket, whole.work_type, EntryState.OPEN)


def test_overlaps_that_cannot_be_settled_so_are_refused(office: Office) -> None:
    outer = office.entry(60, started_at=WORKED_AT)
    inner = office.entry(10, started_at=WORKED_AT + timedelta(minutes=10))
    untimed = office.entry(30)
    others = office.entry(30, started_at=WORKED_AT, user=office.supervisor)

    def cut_out(entry: TimeEntry, other: TimeEntry) -> None:
        cut_out_overlap(entry=entry, other=other, by=office.technician, now=NOW)

    refused("swallowed", lambda: cut_out(inner, outer))
    refused("no_overlap", lambda: cut_out(outer, untimed))
    refused("no_overlap", lambda: cut_out(outer, others))
    refused("not_yours", lambda: cut_out(others, outer))
    TimeEntry.objects.filter(pk=outer.pk).update(state=EntryState.CLOSED)
    refused("closed", lambda: cut_out(outer, inner))
