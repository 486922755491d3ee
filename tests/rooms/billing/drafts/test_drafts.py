"""Drafts change, issued documents do not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import CoveredWork, Invoice, InvoiceLine, LineSegment, TaxRate
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.worklog.models import EntryState
from tests.factories import make_person
from tests.factories.billing import Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def make_approved() -> Billing:
    billing = make_billing()
    billing.approved(30)
    return billing


made_billing = made_once(make_approved)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def draft(billing: Billing) -> Invoice:
    return billing.draft()


def add(
    billing: Billing, draft: Invoice, price: str = "12.345", units: int | str = 3, **fields: object
) -> InvoiceLine:
    values = {"description": "  Cable   de red ", "by": billing.clerk, "now": billing.now} | fields
    return actions.add_line(invoice=draft, units=Decimal(units), price=Decimal(price), **values)  # type: ignore[arg-type]


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
            ("no_units", {"units": "0.0001"}),
            ("no_units", {"units": "NaN"}),
            ("bad_kind", {"kind": "work"}),
            ("bad_discount", {"discount_percent": Decimal("100.1")}),
            ("bad_discount", {"discount_percent": Decimal(0)}),
            ("bad_discount", {"discount_percent": Decimal("NaN")}),
            ("bad_discount", {"discount_amount": 3705}),
            ("bad_discount", {"discount_amount": 0}),
            ("bad_discount", {"discount_amount": 1, "discount_percent": Decimal(1)}),
            ("bad_discount", {"discount_percent": Decimal(1), "price": "-1"}),
            ("bad_price", {"price": "0"}),
            ("bad_price", {"price": "NaN"}),
            ("bad_price", {"price": "1.2345678"}),
            ("bad_price", {"price": "1000001"}),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, billing: Billing, draft: Invoice, code: str, given: dict[str, object]
    ) -> None:
        refused(lambda: add(billing, draft, **given), code)  # type: ignore[arg-type]

    def test_goods_are_counted_to_three_decimals_less_their_discount(
        self, billing: Billing, draft: Invoice
    ) -> None:
        line = add(
            billing, draft, "8", "2.125", kind="goods", unit_name=" m ", discount_percent=Decimal("12.5")
        )

        line.refresh_from_db()
        assert (line.kind, line.units, line.unit_name) == ("goods", Decimal("2.125"), "m")
        assert (line.gross, line.discount, line.amount) == (1700, 213, 1487)
        assert list(verify_invoices()) == []

    def test_an_expense_may_have_an_amount_taken_off(self, billing: Billing, draft: Invoice) -> None:
        line = add(billing, draft, "25", 4, kind="expense", discount_amount=1500)

        assert (line.discount, line.amount) == (1500, 8500)
        assert list(verify_invoices()) == []


class TestDiscountOfTheDocument:
    """What is taken off the whole draft, one line for each tax rate."""

    @pytest.fixture
    def rate(self, billing: Billing) -> TaxRate:
        return actions.save_tax_rate(
            code="ie-9", name="VAT", percent=Decimal(9), by=billing.clerk, now=billing.now
        )

    def discount(self, billing: Billing, draft: Invoice, **fields: object) -> Invoice:
        values = {"by": billing.clerk, "now": billing.now} | fields
        return actions.set_discount(invoice=draft, **values)  # type: ignore[arg-type]

    def test_it_is_spread_over_the_rates_and_follows_the_lines(
        self, billing: Billing, draft: Invoice, rate: TaxRate
    ) -> None:
        line = add(billing, draft, "100", 1, tax_rate=rate)

        changed = self.discount(billing, draft, percent=Decimal(10))

        assert list(changed.lines.order_by("position").values_list("kind", "tax_code", "amount")) == [
            ("work", "ie-standard", 2200),
            ("service", "ie-9", 10000),
            ("discount", "ie-standard", -220),
            ("discount", "ie-9", -1000),
        ]
        assert sorted(changed.taxes.values_list("base", "amount")) == [(1980, 455), (9000, 810)]
        words = set(changed.lines.filter(kind="discount").values_list("description", flat=True))
        assert words == {"Descuento 10\xa0%"}
        after = actions.remove_line(line=line, by=billing.clerk, now=billing.now)
        assert (after.net, after.lines.filter(kind="discount").count()) == (1980, 1)
        assert list(verify_invoices()) == []

    def test_an_amount_in_words_of_its_own_and_then_none(self, billing: Billing, draft: Invoice) -> None:
        changed = self.discount(billing, draft, amount=700, reason=" Por   el retraso ")

        assert changed.net == 1500
        assert changed.lines.get(kind="discount").description == "Por el retraso"
        assert self.discount(billing, draft).net == 2200

    def test_it_is_final_once_issued(self, billing: Billing, draft: Invoice) -> None:
        self.discount(billing, draft, percent=Decimal(10))
        issued = billing.issue(draft)

        assert (issued.net, issued.total) == (1980, 2435)
        refused(lambda: self.discount(billing, issued), "issued")
        with pytest.raises(DatabaseError, match="discount"), transaction.atomic():
            Invoice.objects.filter(pk=issued.pk).update(discount_percent=20)

    @pytest.mark.parametrize(
        "given", [{"percent": Decimal(101)}, {"amount": 2201}, {"amount": 0}, {"percent": Decimal("-1")}]
    )
    def test_what_makes_no_sense_is_refused(
        self, billing: Billing, draft: Invoice, given: dict[str, object]
    ) -> None:
        refused(lambda: self.discount(billing, draft, **given), "bad_discount")

    def test_only_who_bills_sets_it(self, billing: Billing, draft: Invoice) -> None:
        by = make_person(Role.TECHNICIAN)
        refused(lambda: self.discount(billing, draft, percent=Decimal(1), by=by), "not_allowed")


def test_a_line_with_a_tax_of_its_own_keeps_it(billing: Billing, draft: Invoice) -> None:
    nine = actions.save_tax_rate(
        code="ie-9", name="VAT", percent=Decimal(9), by=billing.clerk, now=billing.now
    )
    zero = actions.save_tax_rate(
        code="ie-0", name="VAT", percent=Decimal(0), category="Z", by=billing.clerk, now=billing.now
    )
    add(billing, draft, "100", 1, tax_rate=nine)
    add(billing, draft, "50", 1)

    changed = actions.set_draft_tax(invoice=draft, tax_rate=zero, by=billing.clerk, now=billing.now)

    assert sorted(changed.taxes.values_list("tax_code", "base")) == [("ie-0", 7200), ("ie-9", 10000)]


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
