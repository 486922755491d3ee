"""Corrections of approved time: recorded, approved, drawn back, and what undoes them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from ecuanime.contracts.models import Approval, PlanKind, Rate, Weight
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.worklog.actions import (
    adjust_entry,
    close_day,
    delete_entry,
    edit_entry,
    free_entry,
    rate_again,
    record_correction,
    reject_entry,
    review_entries,
    review_entry,
)
from ecuanime.worklog.figures import amount_of_segment
from ecuanime.worklog.models import EntryState, RatedEntry, RatedSegment, TimeEntry
from ecuanime.worklog.pending import pending_of, preview
from ecuanime.worklog.queries import priced_segments
from tests.factories import NOW, make_person, make_version, make_work_type, publish
from tests.factories.entitlements import make_lot
from tests.factories.worklog import WORKED_AT, WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import everything, refused
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def office() -> Office:
    return make_office(version=make_version(rounding_step=15), approval=Approval.SUPERVISOR)


def corrected(office: Office, entry: TimeEntry, minutes: int = 0, units: int = 0) -> TimeEntry:
    """A correction that the supervisor has approved."""
    correction = record_correction(
        entry=entry, by=office.technician, reason="Eran menos", seconds=minutes * 60, units=units, now=LATER
    )
    close_day(day=LATER.date(), now=LATER)
    correction.refresh_from_db()
    return review_entry(entry=correction, by=office.supervisor, now=LATER)


def booked() -> int:
    return sum(RatedEntry.objects.filter(superseded_at=None).values_list("rounded_minutes", flat=True))


@pytest.mark.parametrize(
    "row",
    rows("corrections", "approved, in minutes", "correction of the first", "booked before", "booked after"),
    ids=lambda row: f"{row['approved, in minutes']} {row['correction of the first']}",
)
def test_a_correction_leaves_what_the_whole_rounds_to(office: Office, row: Row) -> None:
    make_lot(office.contract, 600)
    entries = [office.approved(int(minutes)) for minutes in row["approved, in minutes"].split()]
    assert booked() == int(row["booked before"])

    corrected(office, entries[0], int(row["correction of the first"]))

    assert booked() == int(row["booked after"])
    assert Lot.objects.get().left == (600 - int(row["booked after"])) * 100
    assert list(verify_ledger()) == []


def test_the_approved_entry_is_not_touched(office: Office) -> None:
    make_lot(office.contract, 600)
    entry = office.approved(50)
    before = TimeEntry.objects.filter(pk=entry.pk).values().get()

    correction = corrected(office, entry, -20)

    assert TimeEntry.objects.filter(pk=entry.pk).values().get() == before
    assert (correction.corrects, correction.elapsed_seconds, correction.adjust_reason) == (
        entry,
        -1200,
        "Eran menos",
    )
    assert (correction.work_on, correction.user, correction.contract) == (
        entry.work_on,
        entry.user,
        entry.contract,
    )
    reversal = Movement.objects.get(kind=Movement.Kind.REVERSAL)
    assert reversal.corrects.cause == f"entry:{entry.pk}"  # type: ignore[union-attr]  # a reversal names one
    assert reversal.note == "Eran menos"


def test_overage_is_credited_before_hours_are_given_back(office: Office) -> None:
    make_lot(office.contract, 40)
    entry = office.approved(60)
    [whole] = RatedSegment.objects.filter(rating__entry=entry)
    assert amount_of_segment(whole) == 1000

    correction = corrected(office, entry, -30)

    [part] = RatedSegment.objects.filter(rating__entry=correction)
    assert (part.overage, part.drawn, part.takes_from) == (-2000, -1000, whole)
    assert amount_of_segment(part) == -1000
    whole.refresh_from_db()
    assert whole.due_minutes == 0
    assert not priced_segments(NOW.date()).exists(), "nothing of it is left to bill"
    assert Lot.objects.get().left == 1000


def test_what_is_added_is_billed_as_a_late_entry(office: Office) -> None:
    make_lot(office.contract, 60)
    entry = office.approved(50)

    correction = corrected(office, entry, 20)

    rating = RatedEntry.objects.get(entry=correction)
    assert (rating.booked_seconds, rating.rounded_minutes, rating.drawn, rating.overage) == (
        1200,
        15,
        0,
        1500,
    )
    assert list(priced_segments(NOW.date()).values_list("rating__entry", flat=True)) == [correction.pk]


def test_an_entry_rounded_by_itself_is_rounded_with_its_corrections() -> None:
    office = make_office(
        version=make_version(rounding_step=15, rounding_group="entry"), approval=Approval.SUPERVISOR
    )
    entry = office.approved(50)

    corrected(office, entry, 4)
    more = corrected(office, entry, 8)
    corrected(office, more, -8)

    assert booked() == 60
    assert {rating.group for rating in RatedEntry.objects.all()} == {f"entry:{entry.pk}"}


def test_several_corrections_together_take_each_step_once(office: Office) -> None:
    make_lot(office.contract, 600)
    entry = office.approved(60)
    made = [
        record_correction(entry=entry, by=office.technician, reason="Eran menos", seconds=-600, now=LATER)
        for _ in range(3)
    ]
    close_day(day=LATER.date(), now=LATER)
    foreseen = preview(list(TimeEntry.objects.filter(pk__in=[each.pk for each in made])))
    assert sum(each.rounded_minutes for each in foreseen.values()) == -30
    assert pending_of(office.contract).entries == 0, "what waits to be given back is not counted yet"

    review_entries(seen={each.pk: each.version for each in made}, by=office.supervisor, now=LATER)

    assert booked() == 30
    assert Lot.objects.get().left == 57_000


def test_pieces_are_looked_at_against_the_threshold_as_a_whole() -> None:
    version = make_version(PlanKind.ON_DEMAND, is_published=False)
    travel = make_work_type("travel")
    Rate.objects.create(version=version, work_type=travel, unit_price=Decimal("0.50"))
    Weight.objects.create(version=version, work_type=travel, free_under_minutes=20)
    office = make_office(version=publish(version), approval=Approval.SUPERVISOR)
    free = office.approved(0, work_type=travel, units=15, work_on=WORKED_ON)
    assert not priced_segments(NOW.date()).exists()

    added = corrected(office, free, units=10)

    [segment] = RatedSegment.objects.filter(rating__entry=added)
    assert (segment.units, amount_of_segment(segment)) == (25, 1250)
    charged = office.approved(0, work_type=travel, units=40, work_on=WORKED_ON)
    taken = corrected(office, charged, units=-30)
    [segment] = RatedSegment.objects.filter(rating__entry=taken)
    assert (segment.units, amount_of_segment(segment)) == (-40, -2000)
    assert RatedSegment.objects.get(rating__entry=charged).due_units == 0
    assert [row.rating.entry_id for row in priced_segments(NOW.date())] == [added.pk]


def test_goodwill_stays_goodwill(office: Office) -> None:
    entry = office.approved(50, billable_seconds=0)

    correction = corrected(office, entry, 20)

    assert (correction.billed_seconds, booked()) == (0, 0)


def test_no_more_is_taken_than_counts(office: Office) -> None:
    entry = office.approved(60, billable_seconds=30 * 60)

    correction = corrected(office, entry, -45)

    assert (correction.elapsed_seconds, correction.billed_seconds) == (-2700, -1800)
    assert booked() == 0


def test_an_entry_taken_back_takes_its_corrections_along(office: Office) -> None:
    make_lot(office.contract, 600)
    entry = office.approved(60)
    correction = corrected(office, entry, -30)

    free_entry(entry=entry, reason="Otra cosa", by=office.supervisor, now=LATER)

    correction.refresh_from_db()
    entry.refresh_from_db()
    assert (correction.state, entry.state) == (EntryState.CLOSED, EntryState.CLOSED)
    assert Lot.objects.get().left == 60_000
    refused("original_not_approved", lambda: review_entry(entry=correction, by=office.supervisor, now=LATER))
    seen = {entry.pk: entry.version, correction.pk: correction.version}
    review_entries(seen=seen, by=office.supervisor, now=LATER)
    assert (booked(), Lot.objects.get().left) == (30, 57_000)
    assert list(verify_ledger()) == []


def test_an_entry_rated_again_keeps_its_corrections(office: Office) -> None:
    entry = office.approved(60)
    correction = corrected(office, entry, -30)
    make_lot(office.contract, 600)

    rate_again(entry=entry, by=office.supervisor, reason="Ya hay bono", now=LATER)

    assert (booked(), Lot.objects.get().left) == (30, 57_000)
    correction.refresh_from_db()
    assert correction.state == EntryState.APPROVED
    assert sum(
        amount_of_segment(row) for row in RatedSegment.objects.filter(rating__superseded_at=None)
    ) == Fraction(0)


def test_what_cannot_be_corrected_so_is_refused(office: Office) -> None:
    make_lot(office.contract, 600)
    waiting = office.closed(30)
    entry = office.approved(60)
    taken = corrected(office, entry, -30)
    more = corrected(office, entry, 10)

    def correct(target: TimeEntry, by: object = office.supervisor, reason: str = "x", **change: int) -> None:
        record_correction(entry=target, by=by, reason=reason, now=LATER, **change)  # type: ignore[arg-type]

    refused("not_approved", lambda: correct(waiting, seconds=60))
    refused("no_reason", lambda: correct(entry, reason=" ", seconds=60))
    refused("not_allowed", lambda: correct(entry, by=make_person(), seconds=60))
    refused("nothing_changed", lambda: correct(entry))
    refused("is_correction", lambda: correct(taken, seconds=60))
    refused("is_correction", lambda: correct(more, seconds=60))
    refused("below_zero", lambda: correct(entry, seconds=-31 * 60))
    refused("below_zero", lambda: correct(more, seconds=-11 * 60))
    refused("no_units", lambda: correct(entry, units=1))
    refused("too_long", lambda: correct(entry, seconds=24 * 3600))
    refused("is_correction", lambda: free_entry(entry=taken, reason="x", by=office.supervisor, now=LATER))
    refused("is_correction", lambda: rate_again(entry=taken, reason="x", by=office.supervisor, now=LATER))


def test_a_correction_is_deleted_or_rejected_but_not_edited(office: Office) -> None:
    entry = office.approved(60)
    first, second = (
        record_correction(entry=entry, by=office.technician, reason="x", seconds=-60, now=LATER)
        for _ in range(2)
    )
    given = {"work_type": entry.work_type, "work_on": WORKED_ON, "seconds": 60, "now": LATER}
    refused("is_correction", lambda: edit_entry(entry=first, by=office.technician, **given))  # type: ignore[arg-type]
    delete_entry(entry=first, by=office.technician, now=LATER)
    of_another = record_correction(entry=entry, by=office.supervisor, reason="x", seconds=-60, now=LATER)
    refused("not_yours", lambda: delete_entry(entry=of_another, by=office.technician, now=LATER))
    close_day(day=LATER.date(), now=LATER)
    second.refresh_from_db()
    refused(
        "is_correction",
        lambda: adjust_entry(entry=second, by=office.supervisor, reason="x", note="y", now=LATER),
    )
    reject_entry(entry=second, by=office.supervisor, reason="x", now=LATER)
    record_correction(entry=entry, by=office.technician, reason="x", seconds=-59 * 60, now=LATER)


def test_a_correction_repeated_by_its_review_changes_nothing(office: Office) -> None:
    make_lot(office.contract, 600)
    entry = office.approved(60, started_at=WORKED_AT)
    correction = corrected(office, entry, -30)
    before = everything()

    review_entry(entry=correction, by=office.supervisor, now=LATER)

    assert everything() == before
