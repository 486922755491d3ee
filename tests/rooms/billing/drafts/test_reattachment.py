"""Work that nothing covered, drawn from a pack bought later: shown, confirmed, and as far as the pack reaches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.actions import reattach_unbilled
from ecuanime.billing.queries import unbilled_work
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.worklog.models import RatedEntry, TimeEntry
from ecuanime.worklog.rerating import Reattachment, mark_of, reattachment
from tests.factories.billing import Billing, by_the_minute, make_billing
from tests.factories.entitlements import make_lot
from tests.factories.worklog import WORKED_ON
from tests.rooms.billing.snapshots import everything, refused
from tests.rules.examples import Row, rows
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
BOUGHT_ON = WORKED_ON + timedelta(days=1)


made_billing = made_once(lambda: make_billing(version=by_the_minute("30")))


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def late_pack(billing: Billing, minutes: int, **fields: Any) -> Lot:
    return make_lot(billing.contract, minutes, valid_from=BOUGHT_ON, **fields)


def offered(billing: Billing, lot: Lot) -> Reattachment:
    return reattachment(lot, unbilled_work(billing.contract))


def reattach(billing: Billing, lot: Lot, **fields: Any) -> None:
    values = {"by": billing.office.supervisor, "reason": "Bono nuevo", "now": billing.now}
    values |= {"shown": mark_of(offered(billing, lot).changes)} | fields
    reattach_unbilled(lot=lot, **values)


def drawn(entry: TimeEntry) -> int:
    return RatedEntry.objects.get(entry=entry, superseded_at=None).drawn // 100


@pytest.mark.parametrize(
    "row",
    rows(
        "reattachment",
        "pack, in minutes",
        "drawn on the 7th",
        "on the 8th",
        "on the 9th",
        "still uncovered",
        "left of the pack",
    ),
)
def test_the_earliest_work_is_drawn_first_as_far_as_the_pack_reaches(billing: Billing, row: Row) -> None:
    ninth, seventh, eighth = (
        billing.office.approved(60, now=billing.now + timedelta(hours=n), work_on=date(2026, 11, day))
        for n, day in enumerate((9, 7, 8))
    )
    lot = late_pack(billing, int(row["pack, in minutes"]))
    before = everything()
    assert offered(billing, lot).left == int(row["still uncovered"]) * 100
    assert everything() == before

    reattach(billing, lot)

    assert [drawn(entry) for entry in (seventh, eighth, ninth)] == [
        int(row[column]) for column in ("drawn on the 7th", "on the 8th", "on the 9th")
    ]
    lot.refresh_from_db()
    assert (lot.left // 100, lot.reaches_back_to) == (int(row["left of the pack"]), date(2026, 11, 7))
    assert offered(billing, lot).changes == []
    assert list(verify_ledger()) == []
    assert TimeEntry.objects.filter(state="approved").count() == 3


def test_what_is_covered_or_invoiced_is_left_alone(billing: Billing) -> None:
    billing.approved(60)
    billing.issue()
    make_lot(billing.contract, 30)
    covered, partly = billing.approved(20, 60)
    lot = late_pack(billing, 600)

    assert [change.entry for change in offered(billing, lot).changes] == [partly]
    reattach(billing, lot)

    assert (drawn(covered), drawn(partly)) == (20, 60)
    assert Lot.objects.get(pk=lot.pk).left == 55000


def test_it_is_booked_as_it_was_shown_or_not_at_all(billing: Billing) -> None:
    billing.approved(60)
    lot = late_pack(billing, 30)
    seen = mark_of(offered(billing, lot).changes)
    refused(lambda: reattach(billing, lot, by=billing.office.technician), "not_allowed")
    refused(lambda: reattach(billing, lot, reason=" "), "no_reason")
    refused(lambda: reattach(billing, lot, shown="0" * 64), "changed")
    waiting = late_pack(billing, 90, usable_from=None)
    refused(lambda: reattach(billing, waiting), "not_usable")
    billing.office.approved(10, now=billing.now, work_on=WORKED_ON - timedelta(days=2))
    refused(lambda: reattach(billing, lot, shown=seen), "changed")
    reattach(billing, lot)
    refused(lambda: reattach(billing, lot), "changed")


def test_a_free_or_included_lot_reaches_back_for_nobody(billing: Billing) -> None:
    billing.approved(60)
    refused(lambda: reattach(billing, late_pack(billing, 60, is_bonus=True)), "not_bought")


def test_it_costs_the_same_at_one_entry_and_at_three(billing: Billing) -> None:
    lot = late_pack(billing, 600)
    counts = []
    for _more in (1, 2):
        billing.approved(60, *([60] if counts else []))
        with CaptureQueriesContext(connection) as queries:
            offered(billing, lot)
        counts.append(len(queries))
    assert counts[0] == counts[1]
