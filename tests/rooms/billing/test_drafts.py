"""Drafts change, issued documents do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import CoveredWork, Invoice, InvoiceLine, LineSegment, TaxRate
from ecuanime.billing.verification import verify_invoices
from ecuanime.worklog.models import EntryState
from tests.factories import make_person
from tests.factories.billing import Billing, make_billing
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing() -> Billing:
    billing = make_billing()
    billing.approved(30)
    return billing


@pytest.fixture
def draft(billing: Billing) -> Invoice:
    return billing.draft()


def add(
    billing: Billing, draft: Invoice, price: str = "12.345", units: int = 3, **fields: object
) -> InvoiceLine:
    values = {"description": "  Cable   de red ", "by": billing.clerk, "now": billing.now} | fields
    return actions.add_line(invoice=draft, units=units, price=Decimal(price), **values)  # type: ignore[arg-type]


class TestLinesByHand:
    """What a person adds beside the time."""

    def test_one_is_added_after_the_time_and_taxed_with_it(self, billing: Billing, draft: Invoice) -> None:
        line = add(billing, draft)

        draft.refresh_from_db()
        assert (line.description, line.amount, line.tax_percent) == ("Cable de red", 3704, 23)
        assert list(draft.lines.order_by("position"))[-1] == line
        assert (draft.net, draft.tax) == (5904, 1358)
        assert list(verify_invoices()) == []

    def test_one_may_have_another_tax(self, billing: Billing, draft: Invoice) -> None:
        rate = actions.save_tax_rate(
            code="ie-9", name="VAT", percent=Decimal(9), by=billing.clerk, now=billing.now
        )
        add(billing, draft, "100", 1, tax_rate=rate)

        assert sorted(draft.taxes.values_list("tax_code", "base", "amount")) == [
            ("ie-9", 10000, 900),
            ("ie-standard", 2200, 506),
        ]

    def test_one_is_removed(self, billing: Billing, draft: Invoice) -> None:
        line = add(billing, draft)

        after = actions.remove_line(line=line, by=billing.clerk, now=billing.now)

        assert (after.net, after.lines.count()) == (2200, 1)
        assert actions.remove_line(line=line, by=billing.clerk, now=billing.now).net == 2200

    def test_time_is_not_removed_by_hand(self, billing: Billing, draft: Invoice) -> None:
        refused(
            lambda: actions.remove_line(line=draft.lines.get(), by=billing.clerk, now=billing.now),
            "not_manual",
        )

    @pytest.mark.parametrize(
        ("code", "given"),
        [
            ("no_description", {"description": "  "}),
            ("no_units", {"units": 0}),
            ("no_units", {"units": -1}),
            ("bad_price", {"price": "0"}),
            ("bad_price", {"price": "NaN"}),
            ("bad_price", {"price": "1.2345678"}),
            ("bad_price", {"price": "1000001"}),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, billing: Billing, draft: Invoice, code: str, given: dict[str, str]
    ) -> None:
        refused(lambda: add(billing, draft, **given), code)  # type: ignore[arg-type]


def test_another_tax_is_put_on_every_line(billing: Billing, draft: Invoice) -> None:
    add(billing, draft, "10", 1)
    rate = actions.save_tax_rate(
        code="exempt",
        name="Exempt",
        percent=Decimal(0),
        category="E",
        reason="Article 132",
        by=billing.clerk,
        now=billing.now,
    )

    changed = actions.set_draft_tax(invoice=draft, tax_rate=rate, by=billing.clerk, now=billing.now)

    assert (changed.net, changed.tax) == (3200, 0)
    assert changed.taxes.get().reason == "Article 132"
    billing.approved(30)
    assert billing.draft().tax == 0


def test_a_draft_made_anew_takes_todays_taxes_and_language(billing: Billing, draft: Invoice) -> None:
    TaxRate.objects.filter(is_default=True).update(percent=10)
    billing.client.language = "en"
    billing.client.save()

    again = actions.recompute_draft(invoice=draft, by=billing.clerk, now=billing.now)

    assert (again.net, again.tax, again.language) == (2200, 220, "en")
    assert LineSegment.objects.filter(is_live=True).count() == 1


def test_a_discarded_draft_frees_its_time(billing: Billing, draft: Invoice) -> None:
    actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)

    assert not Invoice.objects.exists()
    assert not LineSegment.objects.exists()
    assert not CoveredWork.objects.exists()
    assert billing.draft().net == 2200


def test_an_issued_document_takes_no_change(billing: Billing, draft: Invoice) -> None:
    line = add(billing, draft)
    issued = billing.issue(draft)
    rate, by, now = TaxRate.objects.get(is_default=True), billing.clerk, billing.now

    refused(lambda: add(billing, issued), "issued")
    refused(lambda: actions.remove_line(line=line, by=by, now=now), "issued")
    refused(lambda: actions.set_draft_tax(invoice=issued, tax_rate=rate, by=by, now=now), "issued")
    refused(lambda: actions.recompute_draft(invoice=issued, by=by, now=now), "issued")
    refused(lambda: actions.discard_draft(invoice=issued, by=by, now=now), "issued")


def test_only_who_bills_changes_drafts(billing: Billing, draft: Invoice) -> None:
    line, rate, now = add(billing, draft), TaxRate.objects.get(is_default=True), billing.now
    by = make_person(Role.CONSULTANT)

    refused(lambda: add(billing, draft, by=by), "not_allowed")
    refused(lambda: actions.remove_line(line=line, by=by, now=now), "not_allowed")
    refused(lambda: actions.set_draft_tax(invoice=draft, tax_rate=rate, by=by, now=now), "not_allowed")
    refused(lambda: actions.recompute_draft(invoice=draft, by=by, now=now), "not_allowed")
    refused(lambda: actions.discard_draft(invoice=draft, by=by, now=now), "not_allowed")


class TestTakingTimeBack:
    """Approved time goes back to review only while no live line charges it."""

    def test_it_is_refused_on_a_draft_and_on_an_invoice(self, billing: Billing) -> None:
        [entry] = billing.approved(10)
        draft, now = billing.draft(), billing.now
        supervisor = billing.office.supervisor

        refused(lambda: actions.free_time(entry=entry, reason="mal", by=supervisor, now=now), "on_draft")
        refused(
            lambda: actions.rate_time_again(entry=entry, reason="mal", by=supervisor, now=now), "on_draft"
        )
        issued = billing.issue(draft)
        words = refused(
            lambda: actions.free_time(entry=entry, reason="mal", by=supervisor, now=now), "invoiced"
        )

        assert str(issued.number) in words

    def test_unbilled_it_goes(self, billing: Billing) -> None:
        [entry] = billing.approved(10)
        supervisor = billing.office.supervisor

        actions.rate_time_again(entry=entry, reason="otra tarifa", by=supervisor, now=billing.now)
        freed = actions.free_time(entry=entry, reason="mal", by=supervisor, now=billing.now)

        assert freed.state == EntryState.CLOSED
        assert billing.draft().net == 2200
