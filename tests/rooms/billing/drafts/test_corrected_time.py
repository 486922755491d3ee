"""Corrections of approved time on the bill: not billed yet, on a draft, on an issued invoice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.billing import actions
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import LineSegment
from ecuanime.billing.queries import over_billed_lines, run_preview
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.worklog.actions import close_day, record_correction, review_entry
from ecuanime.worklog.models import RatedSegment, TimeEntry
from tests.factories import make_work_type
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
LATER = MONTH_END + timedelta(days=1)


def correct(billing: Billing, entry: TimeEntry, minutes: int = 0, units: int = 0) -> TimeEntry:
    office = billing.office
    correction = record_correction(
        entry=entry, by=office.supervisor, reason="Eran menos", seconds=minutes * 60, units=units, now=LATER
    )
    close_day(day=LATER.date(), now=LATER)
    correction.refresh_from_db()
    return review_entry(entry=correction, by=office.supervisor, now=LATER)


def only_entry() -> TimeEntry:
    return TimeEntry.objects.get(corrects=None)


def test_what_is_not_billed_yet_is_billed_without_what_was_taken() -> None:
    billing = make_billing()
    billing.approved(60)
    correct(billing, only_entry(), -30)

    [foreseen] = run_preview(MONTH_END.date()).rows
    line = billing.draft().lines.get()

    assert (foreseen.minutes, foreseen.amount) == (30, 2200)
    assert (line.minutes, line.amount) == (30, 2200)
    assert list(verify_invoices()) == []
    assert over_billed_lines() == []


def test_what_was_taken_whole_is_not_billed_at_all() -> None:
    billing = make_billing()
    billing.approved(60)
    correct(billing, only_entry(), -60)

    billing.run()

    assert not LineSegment.objects.exists()


def test_what_was_added_goes_on_the_next_invoice() -> None:
    billing = make_billing()
    billing.approved(60)
    billing.issue()
    correct(billing, only_entry(), 15)

    line = billing.draft().lines.get()

    assert (line.minutes, line.amount) == (15, 1100)


def test_what_stands_on_an_issued_invoice_is_proposed_as_a_credit() -> None:
    billing = make_billing()
    billing.approved(60)
    invoice = billing.issue()
    before = list(invoice.lines.values())
    correct(billing, only_entry(), -10)

    [over] = over_billed_lines(billing.client)

    assert (over.minutes, over.amount, over.line.invoice) == (10, 733, invoice)
    assert list(invoice.lines.values()) == before
    actions.credit_invoice(invoice=invoice, reason="Otra vez", by=billing.clerk, now=LATER)
    assert over_billed_lines() == []
    assert set(TimeEntry.objects.values_list("state", flat=True)) == {"closed"}


def test_a_credit_note_over_the_price_settles_it() -> None:
    billing = make_billing()
    billing.approved(60)
    invoice = billing.issue()
    correct(billing, only_entry(), -10)
    part = CreditPart(line=invoice.lines.get(), amount=733)
    facts = {"reason": "Eran menos", "by": billing.clerk, "now": LATER}

    actions.credit_lines(invoice=invoice, parts=[part], idempotency_key="a" * 32, **facts)  # type: ignore[arg-type]

    assert over_billed_lines() == []


def test_pieces_beyond_what_is_due_are_proposed_too() -> None:
    billing = make_billing(version=by_the_minute(unit_prices=[("call-out", "35.50")]))
    [entry] = billing.approved(30, work_type=make_work_type("call-out"), units=3)
    billing.issue()

    correct(billing, entry, units=-1)

    [over] = over_billed_lines()
    assert over.amount == 3550
    assert RatedSegment.objects.get(rating__entry=entry).due_units == 2


def test_a_draft_whose_time_was_corrected_is_written_anew_before_it_is_issued() -> None:
    billing = make_billing()
    billing.approved(60)
    draft = billing.draft()
    correct(billing, only_entry(), -10)

    refused(lambda: billing.issue(draft), "corrected")

    actions.recompute_draft(invoice=draft, by=billing.clerk, now=LATER)
    issued = billing.issue(draft)
    assert (issued.lines.get().minutes, issued.net) == (50, 3667)
    assert over_billed_lines() == []
