"""Invoice runs: every approved minute on exactly one draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db.models import Sum

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions.drafts import runs
from ecuanime.billing.models import CoveredWork, Invoice, LineSegment, Run
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import Overage, PlanKind, Surcharge, WorkType
from ecuanime.entitlements.models import Lot
from ecuanime.worklog.models import RatedSegment
from tests.factories import make_contract, make_person, make_work_type
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT
from tests.rooms.billing.snapshots import refused, rows

pytestmark = pytest.mark.django_db


def billed_minutes() -> Fraction:
    return sum((part.minutes for part in LineSegment.objects.filter(is_live=True)), Fraction(0))


def test_three_entries_are_one_line_whose_cents_are_spread() -> None:
    billing = make_billing()
    billing.approved(5, 5, 5)

    draft = billing.draft()

    line = draft.lines.get()
    assert (line.minutes, line.price, line.amount) == (15, 44, 1100)
    assert list(line.segments.order_by("pk").values_list("amount", flat=True)) == [367, 367, 366]
    assert (draft.net, draft.tax, draft.total) == (1100, 253, 1353)
    assert (draft.kind, draft.number, draft.state) == ("invoice", None, "draft")
    assert list(verify_invoices()) == []


def test_a_line_speaks_the_clients_language_and_names_its_contract() -> None:
    billing = make_billing(language="en")
    WorkType.objects.filter(code="remote").update(name_en="Remote", name_es="A distancia")
    billing.approved(30)

    line = billing.draft().lines.get()

    assert line.description == "Remote"
    assert billing.contract.number in line.detail


def test_another_price_is_another_line() -> None:
    version = by_the_minute(surcharges=[(Surcharge.When.AFTER_HOURS, "1.5")])
    billing = make_billing(version=version)
    late = datetime(2026, 11, 9, 21, 0, tzinfo=UTC)
    billing.approved(30, started_at=WORKED_AT)
    billing.approved(30, started_at=late)

    lines = billing.draft().lines.order_by("position")

    assert [(line.price, line.minutes, line.amount) for line in lines] == [(44, 30, 2200), (66, 30, 3300)]
    assert lines[0].description != lines[1].description


def test_a_second_run_changes_nothing() -> None:
    billing = make_billing()
    billing.approved(30)
    billing.run()
    before = rows(but=Run)

    run = billing.run()

    assert run.clients_total == 0
    assert rows(but=Run) == before


def test_what_is_approved_later_joins_the_open_draft() -> None:
    billing = make_billing()
    billing.approved(5)
    first = billing.draft()
    actions.add_line(
        invoice=first, description="Descuento", units=1, price=Decimal(-1), by=billing.clerk, now=billing.now
    )
    billing.approved(5, 5)

    draft = billing.draft()

    assert draft.pk == first.pk
    assert [line.amount for line in draft.lines.order_by("position")] == [1100, -100]
    assert billed_minutes() == 15
    assert list(verify_invoices()) == []


def test_what_is_approved_after_the_issue_goes_on_the_next_invoice_with_its_own_day() -> None:
    billing = make_billing()
    billing.approved(30)
    issued = billing.issue()
    billing.approved(20, work_on=date(2026, 11, 3))

    late = billing.draft()

    assert late.pk != issued.pk
    assert (late.period_from, late.period_until) == (date(2026, 11, 3), date(2026, 11, 3))
    assert billed_minutes() == 50


def test_work_after_the_day_waits() -> None:
    billing = make_billing()
    billing.approved(30)

    billing.run(up_to=date(2026, 11, 8))

    assert not Invoice.objects.exists()


def test_held_work_waits_whole() -> None:
    billing = make_billing(version=by_the_minute(overage=Overage.HOLD), kind=PlanKind.ON_DEMAND)
    billing.approved(30)

    assert RatedSegment.objects.exclude(held_reason="").exists()
    assert billing.run().clients_total == 0


def test_each_currency_has_its_own_draft() -> None:
    billing = make_billing()
    billing.approved(30)
    other = make_contract(billing.client, version=by_the_minute(currency="USD"), approval="supervisor")
    ticket = make_ticket(contact=billing.lead, client=billing.client)
    type(ticket).objects.filter(pk=ticket.pk).update(contract=other)
    ticket.refresh_from_db()
    replace(billing, office=replace(billing.office, contract=other, ticket=ticket)).approved(60)

    billing.run()

    assert {draft.currency: draft.net for draft in Invoice.objects.all()} == {"EUR": 2200, "USD": 4400}


def test_pieces_are_billed_by_the_unit() -> None:
    billing = make_billing(version=by_the_minute(unit_prices=[("call-out", "35.50")]))
    billing.approved(30, work_type=make_work_type("call-out"), units=2)

    line = billing.draft().lines.get()

    assert (line.units, line.minutes, line.price, line.amount) == (2, None, line.price, 7100)
    assert list(verify_invoices()) == []


class TestWorkThatPacksCover:
    """Nothing is to be paid for it, and it is shown where something else is."""

    def pack(self, minutes: int) -> Billing:
        billing = make_billing(PlanKind.HOUR_PACK)
        make_lot(billing.contract, minutes)
        return billing

    def test_it_makes_no_invoice(self) -> None:
        billing = self.pack(600)
        billing.approved(30)

        assert billing.run().clients_total == 0
        assert not Invoice.objects.exists()

    def test_it_is_shown_once_in_the_annex_of_an_invoice(self) -> None:
        billing = self.pack(40)
        covered, _goodwill, part = billing.approved(30, 1, 30)

        draft = billing.draft()
        billing.issue(draft)
        billing.approved(10)
        billing.draft()

        assert draft.lines.get().minutes == 21
        assert CoveredWork.objects.filter(invoice=draft).count() == 2
        assert CoveredWork.objects.count() == 2
        assert {row.rating.entry_id for row in CoveredWork.objects.all()} >= {covered.pk}
        assert part.pk not in {row.rating.entry_id for row in CoveredWork.objects.all()}
        assert Lot.objects.get().left == 0

    def test_of_months_before_what_is_charged_it_is_in_the_ledger_alone(self) -> None:
        billing = self.pack(30)
        billing.approved(20, work_on=date(2026, 10, 5))
        billing.approved(20)

        billing.draft()

        assert not CoveredWork.objects.exists()


def test_a_run_shows_how_far_it_is() -> None:
    billing = make_billing()
    billing.approved(30)

    run = actions.run_invoices(up_to=MONTH_END.date(), by=billing.clerk, now=billing.now)

    assert (run.clients_total, run.clients_done, run.finished_at) == (1, 0, None)
    done = actions.continue_run(run=run, now=billing.now)
    assert (done.clients_total, done.clients_done, done.finished_at) == (1, 1, billing.now)
    assert list(done.invoices.all()) == list(Invoice.objects.all())


def test_a_client_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    billing = make_billing()
    billing.approved(30)
    run = actions.run_invoices(up_to=MONTH_END.date(), by=billing.clerk, now=billing.now)
    whole = runs.write_time

    def fails(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runs, "write_time", fails)
    with pytest.raises(RuntimeError):
        actions.continue_run(run=run, now=billing.now)
    assert not Invoice.objects.exists()
    assert Run.objects.get().finished_at is None
    monkeypatch.setattr(runs, "write_time", whole)

    actions.continue_run(run=run, now=billing.now)

    assert Invoice.objects.get().net == 2200


def test_one_run_or_several_bill_the_same_minutes() -> None:
    billing = make_billing()
    billing.approved(7, 11, 13)
    billing.run(up_to=date(2026, 11, 9))
    billing.issue(Invoice.objects.get())
    billing.approved(17, 19)

    billing.run()

    assert billed_minutes() == 67
    assert Invoice.objects.aggregate(minutes=Sum("lines__minutes_numerator"))["minutes"] == 67


def test_only_who_bills_runs() -> None:
    billing = make_billing()
    technician = make_person(Role.TECHNICIAN)

    refused(
        lambda: actions.run_invoices(up_to=MONTH_END.date(), by=technician, now=billing.now), "not_allowed"
    )


def test_a_day_to_come_is_refused() -> None:
    billing = make_billing()
    tomorrow = (billing.now + timedelta(days=1)).date()

    refused(lambda: actions.run_invoices(up_to=tomorrow, by=billing.clerk, now=billing.now), "future")
