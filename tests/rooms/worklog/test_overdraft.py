"""Approved work that the contract lets be overdrawn, up to its limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ecuanime.contracts.models import Approval, Overage
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import overdrawn_of, verify_ledger
from ecuanime.worklog import actions
from ecuanime.worklog.actions.rerating import rate_all_again
from ecuanime.worklog.figures import amount_of_segment
from ecuanime.worklog.models import RatedEntry, RatedSegment, TimeEntry
from ecuanime.worklog.rating import with_relations
from ecuanime.worklog.rerating import changes_of, mark_of
from tests.factories import NOW, make_version
from tests.factories.entitlements import make_lot, make_pack
from tests.factories.worklog import Office, make_office
from tests.rooms.entitlements.approving import minutes
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office() -> Office:
    """A contract that lets one hour be overdrawn."""
    version = make_version(rounding_step=1, overage=Overage.OVERDRAFT, overage_limit_minutes=60)
    return make_office(version=version, approval=Approval.SUPERVISOR)


def owed(office: Office) -> int:
    return overdrawn_of([office.contract.pk]).get(office.contract.pk, 0) // 100


def held() -> int:
    rating = RatedEntry.objects.filter(superseded_at=None).latest("id")
    return sum(segment.held for segment in rating.segments.all()) // 100


@pytest.mark.parametrize(
    "row",
    rows(
        "overdraft",
        "overdrawn before",
        "uncovered",
        "overdrawn after",
        "held",
        "next lot",
        "settled",
        "left of it",
    ),
)
def test_work_is_overdrawn_up_to_the_limit_and_the_rest_is_held(office: Office, row: Row) -> None:
    if int(row["overdrawn before"]):
        office.approved(int(row["overdrawn before"]))

    office.approved(int(row["uncovered"]))

    assert owed(office) == int(row["overdrawn after"])
    assert held() == int(row["held"])
    assert list(verify_ledger()) == []


def test_a_lot_covers_what_it_has_and_the_rest_is_overdrawn(office: Office) -> None:
    make_lot(office.contract, 40)

    office.approved(60)

    assert owed(office) == 20


def test_a_settled_overdraft_leaves_the_limit_free_again(office: Office) -> None:
    office.approved(60)
    make_pack(office.contract, 1)

    office.approved(50)

    assert (owed(office), held()) == (50, 0)


def test_consent_bills_only_what_was_held(office: Office) -> None:
    office.approved(20)
    entry = office.approved(60)
    assert (owed(office), held()) == (60, 20)

    actions.consent_to_overage(contact=office.lead, entry=entry, now=NOW)

    segment = RatedSegment.objects.get(rating__entry=entry, rating__superseded_at=None)
    assert (segment.overdraft, segment.consented, segment.held, segment.charged) == (4000, 2000, 0, 20)
    assert (owed(office), amount_of_segment(segment)) == (60, 1000)
    make_pack(office.contract, 1)
    office.approved(50)
    assert (owed(office), held()) == (50, 0)
    assert list(verify_ledger()) == []


def test_what_was_billed_within_its_limit_still_counts_once_the_rest_was_consented_to() -> None:
    version = make_version(rounding_step=1, overage_limit_minutes=60)
    office = make_office(version=version, approval=Approval.SUPERVISOR)
    entry = office.approved(80)
    actions.consent_to_overage(contact=office.lead, entry=entry, now=NOW)

    office.approved(10)

    assert held() == 10


def test_overdrawn_work_is_rated_again_over_what_the_others_overdrew(office: Office) -> None:
    first, _second = office.approved(40), office.approved(30)
    assert (owed(office), held()) == (60, 10)
    lot = make_lot(office.contract, 40)

    _rate_all_again(office)

    assert (owed(office), held()) == (30, 0)
    assert Lot.objects.get(pk=lot.pk).left == 0
    assert first.ratings.get(superseded_at=None).drawn == 4000
    assert list(verify_ledger()) == []


def test_what_a_pack_has_settled_leaves_the_limit_free_in_a_comparison_too(office: Office) -> None:
    office.approved(60)
    make_pack(office.contract, 1, starts_on=date(2026, 12, 1))
    office.approved(30, now=LATER)

    assert changes_of(office.contract, approved_of(office)) == []


def test_work_that_a_pack_not_for_it_had_settled_is_settled_by_it_again(office: Office) -> None:
    entry = office.approved(45)
    pack = make_pack(office.contract, 1, starts_on=date(2026, 12, 1)).paid

    actions.rate_again(entry=entry, by=office.supervisor, reason="Otra tarifa", now=LATER)

    assert (owed(office), Lot.objects.get(pk=pack.pk).left) == (0, minutes(15))
    assert list(verify_ledger()) == []


def test_settled_and_owed_work_is_rated_again_together(office: Office) -> None:
    first = office.approved(60)
    pack = make_pack(office.contract, 1, starts_on=date(2026, 12, 1)).paid
    office.approved(50, now=LATER)
    make_lot(office.contract, 25, now=LATER)
    [change] = changes_of(office.contract, approved_of(office))
    assert (change.entry, change.after.drawn, change.after.overdraft) == (first, minutes(25), minutes(35))

    _rate_all_again(office)

    assert first.ratings.get(superseded_at=None).drawn == minutes(25)
    assert (owed(office), Lot.objects.get(pk=pack.pk).left) == (50, minutes(25))
    assert changes_of(office.contract, approved_of(office)) == []
    assert list(verify_ledger()) == []


def _rate_all_again(office: Office) -> None:
    entries = approved_of(office)
    mark = mark_of(changes_of(office.contract, entries))
    facts = {"by": office.supervisor, "reason": "Bono nuevo", "now": NOW}
    rate_all_again(contract=office.contract, entries=entries, shown=mark, **facts)  # type: ignore[arg-type]


def approved_of(office: Office) -> list[TimeEntry]:
    return list(with_relations(TimeEntry.objects.filter(contract=office.contract)))


def test_freed_work_is_no_longer_owed_and_approved_again_it_is(office: Office) -> None:
    entry = office.approved(45)

    actions.free_entry(entry=entry, reason="Ajuste", now=entry.approved_at)  # type: ignore[arg-type]
    assert owed(office) == 0
    entry.refresh_from_db()
    actions.review_entries(seen={entry.pk: entry.version}, by=office.supervisor, now=entry.created_at)

    assert owed(office) == 45
    assert list(verify_ledger()) == []


def test_a_correction_that_takes_away_is_no_longer_owed(office: Office) -> None:
    entry = office.approved(45)
    facts = {"by": office.supervisor, "reason": "Eran 30", "now": entry.created_at}
    correction = actions.record_correction(entry=entry, seconds=-15 * 60, **facts)  # type: ignore[arg-type]
    actions.close_day(day=correction.work_on, now=entry.created_at)
    correction.refresh_from_db()
    seen = {correction.pk: correction.version}
    actions.review_entries(seen=seen, by=office.supervisor, now=entry.created_at)

    assert owed(office) == 30
    entry.refresh_from_db()
    actions.free_entry(entry=entry, reason="Ajuste", now=entry.created_at)
    assert owed(office) == 0
    assert list(verify_ledger()) == []


def test_work_rated_again_after_a_pack_came_is_drawn_from_it(office: Office) -> None:
    entry = office.approved(45)
    pack = make_pack(office.contract, 1).paid
    assert Lot.objects.get(pk=pack.pk).left == minutes(15)

    actions.rate_again(entry=entry, by=office.supervisor, reason="Bono nuevo", now=entry.created_at)

    assert (owed(office), Lot.objects.get(pk=pack.pk).left) == (0, minutes(15))
    assert list(verify_ledger()) == []
