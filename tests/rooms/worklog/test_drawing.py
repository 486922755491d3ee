"""What approving draws and charges, the worked examples of the domain, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override

from ecuanime.contracts.models import Approval, Rate
from ecuanime.entitlements.actions import grant_pack
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.tickets.models import Ticket
from ecuanime.worklog import jobs
from ecuanime.worklog.actions import (
    adjust_entry,
    close_day,
    expire_lot,
    free_entry,
    rate_again,
    review_entries,
    review_entry,
)
from ecuanime.worklog.figures import amount_of_segment
from ecuanime.worklog.models import EntryState, RatedEntry, RatedSegment, SegmentDraw, TimeEntry
from ecuanime.worklog.pending import pending_of, preview
from ecuanime.worklog.queries import billable_segments, clients_with_billable_time, entries_by_cause
from ecuanime.worklog.words import names_for, tell
from tests.factories import NOW, make_site, make_version, make_work_type, publish
from tests.factories.entitlements import make_lot, make_pack
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT, WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import everything, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """The supervisor's approval draws."""
    return make_office(approval=Approval.SUPERVISOR)


def by_the_minute(**fields: object) -> Office:
    return make_office(version=make_version(rounding_step=1), approval=Approval.SUPERVISOR, **fields)


def left(*lots: Lot) -> list[int]:
    """What is left in lots, in minutes."""
    return [Lot.objects.get(pk=lot.pk).left // 100 for lot in lots]


def test_what_the_pack_does_not_cover_is_charged(office: Office) -> None:
    lot = make_lot(office.contract, 40)

    entry = office.approved(50, plus_seconds=10)

    segment = RatedSegment.objects.get()
    assert (segment.rounded_minutes, segment.drawn, segment.overage) == (60, 4000, 2000)
    assert (segment.charged_numerator, segment.charged_denominator, segment.price) == (20, 1, 30)
    assert amount_of_segment(segment) == 1000
    draw = SegmentDraw.objects.get()
    assert (draw.lot, draw.quantity, draw.movement.cause) == (lot, 4000, f"entry:{entry.pk}")
    assert draw.movement.idempotency_key == f"entry:{entry.pk}:v1"
    assert left(lot) == [0]
    assert entries_by_cause([draw.movement.cause, "nothing"]) == {f"entry:{entry.pk}": entry}


def test_work_at_another_site_is_not_drawn_and_says_why(office: Office) -> None:
    depot, shop = (make_site(office.client, name) for name in ("Almacén", "Tienda"))
    office.contract.sites.add(depot)
    lot = make_pack(office.contract).paid
    assert list(lot.sites.all()) == [depot]

    Ticket.objects.update(site=shop)
    office.ticket.refresh_from_db()
    elsewhere = office.approved(60)
    assert left(lot) == [600]
    [told] = [step for step in preview_words(elsewhere) if "not covered" in step]
    assert told == "Work at Tienda is not covered, only at Almacén"

    Ticket.objects.update(site=depot)
    office.ticket.refresh_from_db()
    assert office.approved(60).site == depot
    assert left(lot) == [540]


def preview_words(entry: TimeEntry) -> list[str]:
    """The why of approved time, in English."""
    trace = entry.ratings.get(superseded_at=None).trace
    with override("en"):
        return [step.text for step in tell(trace, names_for([trace], zone="Europe/Madrid"))]


def test_a_preview_says_what_approving_then_does(office: Office) -> None:
    make_lot(office.contract, 40)
    entry = office.closed(50, plus_seconds=10)
    before = everything()

    foreseen = preview([entry])[entry.pk]
    assert everything() == before
    approved = review_entry(entry=entry, by=office.supervisor, now=NOW)
    done = preview([approved])[entry.pk]

    assert (foreseen.amount, foreseen.draws) == (Fraction(1000), done.draws)
    assert foreseen.trace == done.trace
    assert (foreseen.is_final, done.is_final) == (False, True)
    assert (done.amount, done.overage, done.rounded_minutes) == (1000, 2000, 60)


def test_the_day_of_the_work_decides_which_lots_pay() -> None:
    first = by_the_minute()
    soon = make_lot(first.contract, 30, expires_on=date(2027, 1, 31))
    later = make_lot(first.contract, 600, expires_on=date(2027, 12, 31))

    first.approved(100, work_on=date(2027, 1, 20), now=datetime(2027, 1, 21, 9, tzinfo=UTC))

    assert left(soon, later) == [0, 530]


def test_work_done_after_a_lots_last_day_leaves_it_alone() -> None:
    office = by_the_minute()
    soon = make_lot(office.contract, 30, expires_on=date(2027, 1, 31))
    later = make_lot(office.contract, 600, expires_on=date(2027, 12, 31))

    office.approved(100, work_on=date(2027, 2, 1), now=datetime(2027, 2, 2, 9, tzinfo=UTC))

    assert left(soon, later) == [30, 500]


FEBRUARY = datetime(2027, 2, 1, 9, tzinfo=UTC)


def expiring(office: Office) -> Lot:
    return make_lot(office.contract, 30, expires_on=date(2027, 1, 31))


def test_pending_work_is_kept_when_its_lot_expires() -> None:
    office = by_the_minute()
    lot = expiring(office)
    entry = office.closed(20, work_on=date(2027, 1, 31), now=FEBRUARY - timedelta(hours=12))

    movement = expire_lot(lot=lot, now=FEBRUARY)
    assert movement is not None
    assert left(lot) == [20]
    review_entry(entry=entry, by=office.supervisor, now=FEBRUARY + timedelta(days=4))

    assert left(lot) == [0]
    assert RatedSegment.objects.get().overage == 0
    assert list(verify_ledger()) == []


def test_work_entered_after_the_expiry_reopens_just_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    office = by_the_minute()
    lot = expiring(office)
    monkeypatch.setattr(jobs, "read_clock", lambda: FEBRUARY)
    jobs.expire_lots(timestamp=0)
    assert left(lot) == [0]

    office.approved(20, work_on=date(2027, 1, 31), now=FEBRUARY + timedelta(days=2))

    kinds = Movement.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["grant", "expiry", "reversal", "drawdown"]
    assert RatedSegment.objects.get().drawn == 2000
    assert left(lot) == [0]
    assert list(verify_ledger()) == []


def test_a_lot_that_is_not_due_does_not_expire() -> None:
    office = by_the_minute()
    lot = expiring(office)

    assert expire_lot(lot=lot, now=FEBRUARY - timedelta(days=1)) is None
    assert left(lot) == [30]
    assert expire_lot(lot=lot, now=FEBRUARY) is not None
    assert expire_lot(lot=lot, now=FEBRUARY) is None


def test_what_stays_pending_and_is_rejected_expires_too() -> None:
    office = by_the_minute()
    lot = expiring(office)
    entry = office.closed(20, work_on=date(2027, 1, 31), now=FEBRUARY - timedelta(hours=12))
    expire_lot(lot=lot, now=FEBRUARY)
    TimeEntry.objects.filter(pk=entry.pk).update(state=EntryState.REJECTED)

    expire_lot(lot=lot, now=FEBRUARY + timedelta(days=1))

    assert left(lot) == [0]


def test_of_two_who_want_the_last_minutes_one_gets_them(office: Office) -> None:
    lot = make_lot(office.contract, 15)
    one = office.entry(15)
    other = office.entry(15, ticket=make_ticket(contact=office.lead, client=office.client))
    close_day(day=WORKED_ON, now=NOW)

    for entry in (other, one):
        entry.refresh_from_db()
        review_entry(entry=entry, by=office.supervisor, now=NOW)

    drawn = dict(RatedEntry.objects.values_list("entry_id", "drawn"))
    assert drawn == {other.pk: 1500, one.pk: 0}
    assert left(lot) == [0]


def test_three_short_entries_are_rounded_once_together(office: Office) -> None:
    entries = [office.entry(5) for _ in range(3)]
    close_day(day=WORKED_ON, now=NOW)

    review_entries(seen={entry.pk: 1 for entry in entries}, by=office.supervisor, now=NOW)

    rated = RatedEntry.objects.order_by("entry_id")
    assert list(rated.values_list("rounded_minutes", "booked_seconds")) == [(5, 300)] * 3
    assert {row.group for row in rated} == {f"ticket_day:{office.ticket.pk}:2026-11-09"}


def test_a_late_entry_adds_only_the_difference(office: Office) -> None:
    office.approved(5)
    office.approved(5, now=NOW + timedelta(days=1))
    third = office.approved(10, now=NOW + timedelta(days=2))

    minutes = RatedEntry.objects.order_by("entry_id").values_list("rounded_minutes", flat=True)
    assert list(minutes) == [15, 0, 15]
    assert RatedEntry.objects.get(entry=third).booked_seconds == 600


def test_area_and_level_pick_the_rate() -> None:
    linux = ProductArea.objects.create(code="linux", name="Linux")
    version = make_version("on_demand", is_published=False)
    Rate.objects.create(version=version, area=linux, price_per_hour=Decimal(36))
    Rate.objects.create(version=version, area=linux, level="consultant", price_per_hour=Decimal(48))
    office = make_office(version=publish(version), approval=Approval.SUPERVISOR)
    office.ticket.area = linux
    office.ticket.save()
    Competence.objects.create(user=office.supervisor, area=linux, level="consultant")

    office.approved(60)
    office.approved(60, user=office.supervisor)

    assert list(RatedSegment.objects.order_by("id").values_list("price", flat=True)) == [36, 48]


def test_a_price_by_the_unit_draws_nothing() -> None:
    version = make_version(is_published=False)
    call_out = make_work_type("call_out")
    Rate.objects.create(version=version, work_type=call_out, unit_price=Decimal(28))
    office = make_office(version=publish(version), approval=Approval.SUPERVISOR)
    lot = make_lot(office.contract, 60)

    office.approved(0, units=2, work_type=call_out)

    segment = RatedSegment.objects.get()
    assert (segment.units, segment.price, segment.drawn) == (2, 28, 0)
    assert amount_of_segment(segment) == 5600
    assert RatedEntry.objects.get().group == ""
    assert left(lot) == [60]
    assert list(billable_segments(office.client, WORKED_ON)) == [segment]


def test_work_across_a_boundary_is_cut_there() -> None:
    version = make_version("on_demand", is_published=False)
    Rate.objects.create(version=version, band="after_hours", price_per_hour=Decimal(45))
    office = make_office(version=publish(version), approval=Approval.SUPERVISOR)

    office.approved(60, started_at=datetime(2026, 11, 9, 16, 40, tzinfo=UTC))

    segments = RatedSegment.objects.order_by("position")
    assert [(row.rounded_minutes, row.price) for row in segments] == [(20, 30), (40, 45)]


def test_a_freed_entry_gives_everything_back(office: Office) -> None:
    lot = make_lot(office.contract, 40)
    entry = office.approved(50)

    freed = free_entry(entry=entry, reason="Factura corregida", now=NOW)

    assert (freed.state, freed.version, freed.approved_at) == (EntryState.CLOSED, 2, None)
    assert left(lot) == [40]
    assert not RatedEntry.objects.filter(superseded_at=None).exists()
    before = everything()
    assert free_entry(entry=entry, reason="Factura corregida", now=NOW).version == 2
    assert everything() == before
    assert list(verify_ledger()) == []


def test_a_freed_entry_is_rated_anew_when_approved_again(office: Office) -> None:
    lot = make_lot(office.contract, 40)
    freed = free_entry(entry=office.approved(50), reason="Era menos", now=NOW)
    adjusted = adjust_entry(
        entry=freed, by=office.supervisor, reason="Era menos", billable_seconds=1800, now=NOW
    )

    review_entry(entry=adjusted, by=office.supervisor, now=NOW)

    assert left(lot) == [10]
    assert Movement.objects.filter(idempotency_key=f"entry:{freed.pk}:v3").exists()
    assert RatedEntry.objects.get(superseded_at=None).rounded_minutes == 30
    assert list(verify_ledger()) == []


def test_what_cannot_be_freed(office: Office) -> None:
    entry = office.closed(30)

    refused("not_approved", lambda: free_entry(entry=entry, reason="Sí", now=NOW))
    refused("no_reason", lambda: free_entry(entry=entry, reason=" ", now=NOW))
    refused("not_allowed", lambda: free_entry(entry=entry, reason="Sí", now=NOW, by=office.technician))


def test_a_pack_bought_later_takes_what_was_uncovered(office: Office) -> None:
    entry = office.approved(50)
    pack = grant_pack(
        contract=office.contract,
        quantity=1,
        starts_on=date(2026, 11, 1),
        now=NOW,
        usable_from=NOW,
        idempotency_key="pack",
    )

    rated = rate_again(entry=entry, by=office.supervisor, reason="Nuevo bono", now=NOW)

    assert (rated.state, rated.version, rated.approved_at) == (EntryState.APPROVED, 2, NOW)
    assert left(pack.paid) == [0]
    assert RatedSegment.objects.get(rating__superseded_at=None).price is None


def test_what_cannot_be_rated_again(office: Office) -> None:
    entry = office.closed(30)

    def again(**fields: object) -> Callable[[], object]:
        values = {"entry": entry, "by": office.supervisor, "reason": "Sí", "now": NOW} | fields
        return lambda: rate_again(**values)  # type: ignore[arg-type]  # free fields of a test

    refused("not_approved", again())
    refused("no_reason", again(reason=""))
    refused("not_allowed", again(by=office.technician))


def test_billing_sees_only_what_is_priced_and_in_force(office: Office) -> None:
    make_lot(office.contract, 60)
    office.approved(60)
    freed = office.approved(30, work_on=WORKED_ON - timedelta(days=1))
    free_entry(entry=freed, reason="No", now=NOW)
    charged = office.approved(45, work_on=WORKED_ON - timedelta(days=2))
    office.reviewed(45, work_on=WORKED_ON - timedelta(days=2), billable_seconds=0)

    segments = list(billable_segments(office.client, WORKED_ON))

    assert [segment.rating.entry for segment in segments] == [charged]
    assert list(clients_with_billable_time(WORKED_ON)) == [office.client]
    assert list(billable_segments(office.client, WORKED_ON - timedelta(days=3))) == []


def test_pending_informs_and_holds_nothing_back(office: Office) -> None:
    lot = make_lot(office.contract, 60)
    office.entry(30, started_at=WORKED_AT)
    office.closed(30, ticket=make_ticket(contact=office.lead, client=office.client))
    office.entry(45, work_on=WORKED_ON - timedelta(days=1))

    pending = pending_of(office.contract)

    assert (pending.entries, pending.weighted, pending.covered) == (3, 10500, 6000)
    assert dict(pending.by_lot) == {lot.pk: 6000}
    assert (pending.uncovered, pending.amount) == (4500, 2250)
    assert left(lot) == [60]
