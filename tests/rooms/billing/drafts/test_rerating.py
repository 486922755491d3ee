"""Approved, not invoiced work of a contract rated again: shown first, booked as shown, what is invoiced left alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.actions import rate_unbilled_again
from ecuanime.billing.queries import unbilled_work
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.staff.models import Holiday
from ecuanime.worklog.actions import close_day, expire_lot, record_correction, review_entry
from ecuanime.worklog.models import RatedEntry, RatedSegment, TimeEntry
from ecuanime.worklog.rerating import Change, changes_of, figures_in_force, mark_of
from tests.factories import NOW
from tests.factories.billing import Billing, by_the_minute, make_billing
from tests.factories.entitlements import make_lot
from tests.factories.worklog import WORKED_AT, WORKED_ON
from tests.rooms.billing.snapshots import everything, refused
from tests.rules.examples import Row, cents, rows
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
AFTER = NOW + timedelta(hours=2)


made_billing = made_once(lambda: make_billing(version=by_the_minute("30", surcharges=[("holiday", "2")])))


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def changes(billing: Billing) -> list[Change]:
    contract = Contract.objects.select_related("version").get(pk=billing.contract.pk)
    return changes_of(contract, unbilled_work(contract))


def again(billing: Billing, **fields: Any) -> list[Change]:
    """The changes as they are now, confirmed by the supervisor."""
    values = {"by": billing.office.supervisor, "reason": "otra tarifa", "now": billing.now}
    values |= {"shown": mark_of(changes(billing))} | fields
    return rate_unbilled_again(contract=billing.contract, **values)


def correct(billing: Billing, entry: TimeEntry, minutes: int) -> TimeEntry:
    """A correction that the supervisor has approved, an hour after what it corrects."""
    office, facts = billing.office, {"reason": "menos", "now": SOON}
    correction = record_correction(entry=entry, by=office.supervisor, seconds=minutes * 60, **facts)  # type: ignore[arg-type]
    close_day(day=SOON.date(), now=SOON)
    correction.refresh_from_db()
    return review_entry(entry=correction, by=office.supervisor, now=SOON)


def amounts() -> list[Decimal | int]:
    """What each entry in force costs, in minor units, in the order of the entries."""
    entries = list(TimeEntry.objects.order_by("pk").select_related("contract__version"))
    figures = figures_in_force(entries)
    return [figures[entry.pk].amount_minor for entry in entries if entry.pk in figures]


class TestComparing:
    def test_it_says_before_and_after_and_changes_nothing(self, billing: Billing) -> None:
        [entry] = billing.approved(60)
        lot = make_lot(billing.contract, 45)
        before = everything()

        [change] = changes(billing)

        assert everything() == before
        assert change.entry == entry
        assert (change.before.drawn, change.before.amount) == (0, 3000)
        assert (change.after.draws, change.after.amount) == (((lot.code, 4500),), 750)

    def test_what_would_come_out_the_same_is_no_change(self, billing: Billing) -> None:
        make_lot(billing.contract, 45)
        billing.approved(30, 30)
        assert changes(billing) == []

    def test_what_a_document_shows_is_not_looked_at(self, billing: Billing) -> None:
        lot = make_lot(billing.contract, 30)
        billing.approved(30, 60)
        draft = billing.draft()
        assert draft.covered.count() == 1
        billing.approved(20)
        make_lot(billing.contract, 500)
        Lot.objects.filter(pk=lot.pk).update(priority=1)
        assert [change.entry.pk for change in changes(billing)] == [TimeEntry.objects.latest("pk").pk]
        billing.issue(draft)
        assert [change.entry.pk for change in changes(billing)] == [TimeEntry.objects.latest("pk").pk]

    @pytest.mark.parametrize(
        "row",
        rows(
            "corrections",
            "corrected by, in minutes",
            "drawn by the entry",
            "its price",
            "drawn by the correction",
            "its price, credited below zero",
        ),
    )
    def test_a_correction_follows_what_its_entry_would_come_to(self, billing: Billing, row: Row) -> None:
        [entry] = billing.approved(60)
        correction = correct(billing, entry, int(row["corrected by, in minutes"]))
        make_lot(billing.contract, 45)

        before = everything()
        after = {each.entry.pk: each.after for each in changes(billing)}
        figures = after.get(correction.pk) or figures_in_force([correction])[correction.pk]

        assert everything() == before
        assert after[entry.pk].drawn == 100 * int(row["drawn by the entry"])
        assert after[entry.pk].amount == cents(row["its price"])
        assert figures.drawn == 100 * int(row["drawn by the correction"])
        assert figures.amount == cents(row["its price, credited below zero"])

    def test_what_a_correction_adds_is_rated_after_what_it_corrects(self, billing: Billing) -> None:
        [entry] = billing.approved(60)
        added = correct(billing, entry, 30)
        make_lot(billing.contract, 75)
        assert [(change.entry, change.after.drawn) for change in changes(billing)] == [
            (entry, 6000),
            (added, 1500),
        ]

    def test_who_was_approved_first_draws_first_whenever_the_work_was_done(self, billing: Billing) -> None:
        late = billing.office.approved(60, now=billing.now, work_on=WORKED_ON)
        early = billing.office.approved(
            60, now=billing.now + timedelta(hours=1), work_on=WORKED_ON - timedelta(days=3)
        )
        make_lot(billing.contract, 60)
        found = {change.entry.pk: change.after.drawn for change in changes(billing)}
        assert found == {late.pk: 6000}
        assert early.pk not in found

    def test_it_costs_the_same_at_one_entry_and_at_three(self, billing: Billing) -> None:
        counts = []
        for _more in (1, 2):
            billing.approved(60, *([60] if counts else []))
            with CaptureQueriesContext(connection) as queries:
                changes(billing)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestBooking:
    def test_corrected_work_is_rated_again_with_its_corrections(self, billing: Billing) -> None:
        first, second = billing.approved(60, 30)
        correct(billing, first, -20)
        correct(billing, second, 15)
        lot = make_lot(billing.contract, 50)

        again(billing)

        assert amounts() == [500, 1500, -500, 750]
        assert Lot.objects.get(pk=lot.pk).left == 1000
        assert changes(billing) == []
        assert billing.draft().net == 2250
        assert [list(verify_ledger()), list(verify_invoices())] == [[], []]

    def test_what_corrections_gave_back_is_there_for_who_was_approved_after_them(
        self, billing: Billing
    ) -> None:
        [entry] = billing.approved(60)
        correct(billing, entry, -20)
        late = billing.office.approved(30, now=AFTER)
        make_lot(billing.contract, 60)

        again(billing)

        assert RatedEntry.objects.get(entry=late, superseded_at=None).drawn == 2000
        assert list(verify_ledger()) == []

    def test_an_invoiced_entry_keeps_what_was_taken_from_it_and_what_was_added_is_rated_again(
        self, billing: Billing
    ) -> None:
        [entry] = billing.approved(60)
        invoice = billing.issue()
        taken, added = correct(billing, entry, -20), correct(billing, entry, 15)
        rated = list(RatedSegment.objects.filter(rating__entry__in=[entry, taken]).values())
        make_lot(billing.contract, 500)

        [change] = again(billing)

        assert (change.entry, change.after.drawn) == (added, 1500)
        assert list(RatedSegment.objects.filter(rating__entry__in=[entry, taken]).values()) == rated
        assert invoice.lines.get().amount == 3000

    def test_a_pack_bought_later_takes_what_nothing_covered(self, billing: Billing) -> None:
        entries = billing.approved(60, 30, 20)
        lot = make_lot(billing.contract, 75)

        booked = again(billing)

        assert [change.entry.pk for change in booked] == [entries[0].pk, entries[1].pk]
        assert amounts() == [0, 750, 1000]
        assert Lot.objects.get(pk=lot.pk).left == 0
        assert list(verify_ledger()) == []
        assert [TimeEntry.objects.get(pk=entry.pk).version for entry in entries] == [2, 2, 1]
        assert changes(billing) == []
        assert billing.draft().net == 1750

    def test_a_new_holiday_dearer_and_a_new_plan_cheaper(self, billing: Billing) -> None:
        [entry] = billing.approved(60, started_at=WORKED_AT)
        Holiday.objects.create(on=WORKED_ON, name="Fiesta local")
        again(billing)
        assert amounts() == [6000]
        billing.contract.version = by_the_minute("24")
        billing.contract.save()

        [change] = again(billing)

        assert (change.before.amount, change.after.amount) == (6000, 2400)
        assert amounts() == [2400]
        assert RatedEntry.objects.filter(entry=entry, superseded_at=None).count() == 1
        assert RatedEntry.objects.filter(entry=entry).count() == 3

    def test_hours_of_a_lot_that_expired_meanwhile_stay_where_they_were(self, billing: Billing) -> None:
        lot = make_lot(billing.contract, 30, expires_on=date(2026, 11, 20))
        billing.approved(60)
        expire_lot(lot=lot, now=billing.now)
        other = make_lot(billing.contract, 20)

        again(billing)

        assert amounts() == [500]
        assert [Lot.objects.get(pk=each.pk).left for each in (lot, other)] == [0, 0]
        assert list(verify_ledger()) == []

    def test_what_is_invoiced_is_never_touched(self, billing: Billing) -> None:
        billing.approved(60)
        invoice = billing.issue()
        billing.approved(10)
        segments = list(RatedSegment.objects.filter(invoiced__line__invoice=invoice).values())
        make_lot(billing.contract, 500)

        again(billing)

        assert list(RatedSegment.objects.filter(invoiced__line__invoice=invoice).values()) == segments
        assert amounts() == [3000, 0]

    def test_every_movement_says_why(self, billing: Billing) -> None:
        make_lot(billing.contract, 10, priority=200)
        billing.approved(60)
        make_lot(billing.contract, 60)
        again(billing, reason="El  bono llegó tarde")
        back = Movement.objects.get(kind=Movement.Kind.REVERSAL)
        assert back.note == "El  bono llegó tarde"


class TestRefusing:
    def test_what_was_corrected_meanwhile_is_not_booked(self, billing: Billing) -> None:
        [entry] = billing.approved(60)
        make_lot(billing.contract, 45)
        seen = mark_of(changes(billing))
        correct(billing, entry, -20)
        refused(lambda: again(billing, shown=seen), "changed")

    def test_what_changed_meanwhile_is_not_booked(self, billing: Billing) -> None:
        billing.approved(60)
        make_lot(billing.contract, 45)
        seen = mark_of(changes(billing))
        make_lot(billing.contract, 5, priority=1)
        refused(lambda: again(billing, shown=seen), "changed")

    def test_twice_books_once(self, billing: Billing) -> None:
        billing.approved(60)
        make_lot(billing.contract, 45)
        seen = mark_of(changes(billing))
        again(billing, shown=seen)
        refused(lambda: again(billing, shown=seen), "changed")

    def test_an_entry_invoiced_meanwhile_stops_it(self, billing: Billing) -> None:
        billing.approved(60)
        make_lot(billing.contract, 45)
        seen = mark_of(changes(billing))
        billing.issue()
        refused(lambda: again(billing, shown=seen), "changed")

    def test_nothing_to_change_is_nothing_to_confirm(self, billing: Billing) -> None:
        billing.approved(60)
        refused(lambda: again(billing), "changed")

    def test_only_supervisors_with_a_reason(self, billing: Billing) -> None:
        billing.approved(60)
        make_lot(billing.contract, 45)
        refused(lambda: again(billing, by=billing.office.technician), "not_allowed")
        refused(lambda: again(billing, reason=" "), "no_reason")
