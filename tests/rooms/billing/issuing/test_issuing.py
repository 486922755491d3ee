"""Issuing: a number, frozen texts, and no change after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import Invoice, LineSegment, Payment, Series, TaxRate
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.clients.models import Client
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.models import RatedEntry
from tests.factories import make_contact, make_firm, make_person
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing, make_issuing_firm
from tests.rooms.billing.snapshots import everything, refused

pytestmark = pytest.mark.django_db

PRICE = Decimal("12.50")


@pytest.fixture
def billing() -> Billing:
    billing = make_billing()
    billing.approved(30)
    return billing


def issue(billing: Billing, invoice: Invoice, now: datetime | None = None) -> Invoice:
    return actions.issue_invoice(invoice=invoice, by=billing.clerk, now=now or billing.now)


def test_an_issued_invoice_has_number_dates_and_both_parties(billing: Billing) -> None:
    make_contact(billing.client, name="Remedios Cano", sees_invoices=True)

    issued = billing.issue()

    assert (issued.number, issued.sequence, issued.state) == ("F-2026-0001", 1, "issued")
    assert (issued.issued_on, issued.due_on) == (date(2026, 11, 30), date(2026, 12, 30))
    assert issued.issuer["tax_id"] == "IE6388047V"
    assert issued.customer["street"] == "Plaza de la Fuente, 9"
    assert issued.customer["attention"] == "Remedios Cano"
    assert issued.texts["pack"] == "IE"
    assert AuditEntry.objects.filter(verb="invoice_issued").count() == 1
    assert list(verify_invoices()) == []


def test_again_it_gives_the_same_document_back(billing: Billing) -> None:
    issued = billing.issue()
    before = everything()

    assert issue(billing, issued).number == issued.number
    assert everything() == before


def test_numbers_follow_each_other_and_each_year_begins_anew(billing: Billing) -> None:
    first = billing.issue()
    billing.approved(10)
    second = billing.issue()
    billing.approved(10)
    billing.run()
    draft = Invoice.objects.get(state=Invoice.State.DRAFT)
    third = issue(billing, draft, billing.now + timedelta(days=40))

    assert [first.number, second.number, third.number] == ["F-2026-0001", "F-2026-0002", "F-2027-0001"]
    assert list(verify_invoices()) == []


def test_a_rolled_back_issue_gives_its_number_back(billing: Billing) -> None:
    draft = billing.draft()
    with transaction.atomic():
        issue(billing, draft)
        transaction.set_rollback(True)

    assert issue(billing, draft).number == "F-2026-0001"


def test_what_changes_later_does_not_change_the_document(billing: Billing) -> None:
    issued = billing.issue()
    make_firm(name="Otro nombre")
    Client.objects.update(legal_name="Otra razón social")
    TaxRate.objects.update(percent=5)

    issued.refresh_from_db()
    assert issued.issuer["name"] == "Nodo Alisio"
    assert issued.customer["name"] == billing.client.name
    assert (issued.tax, issued.total) == (506, 2706)
    assert issued.taxes.get().percent == 23


def test_the_longest_term_of_its_contracts_counts() -> None:
    billing = make_billing(version=by_the_minute(payment_days=15))
    billing.approved(30)

    assert billing.issue().due_on == date(2026, 12, 15)


def test_what_the_demo_issues_is_marked() -> None:
    billing = make_billing()
    make_issuing_firm(is_demo=True)
    billing.approved(30)

    assert billing.issue().is_demo


def test_of_two_that_meet_at_midnight_the_dates_do_not_go_backwards(billing: Billing) -> None:
    midnight = datetime.fromisoformat("2026-11-30T23:00:00Z")  # in Madrid
    draft = billing.draft()
    issue(billing, _manual(billing), midnight)

    issued = issue(billing, draft, midnight - timedelta(seconds=1))

    assert (issued.number, issued.issued_on) == ("F-2026-0002", date(2026, 12, 1))
    assert list(verify_invoices()) == []


def _manual(billing: Billing) -> Invoice:
    """A draft with a line added by hand only."""
    draft = Invoice.objects.create(
        client=billing.client, kind="invoice", dated_at=billing.now, created_at=billing.now
    )
    actions.add_line(
        invoice=draft, description="Cable", units=2, price=PRICE, by=billing.clerk, now=billing.now
    )
    return draft


def test_a_clock_that_went_back_is_refused(billing: Billing) -> None:
    draft = billing.draft()
    issue(billing, _manual(billing))

    words = refused(lambda: issue(billing, draft, billing.now - timedelta(days=2)), "clock_back")

    assert "2026-11-30" in words


def test_only_who_bills_issues(billing: Billing) -> None:
    draft = billing.draft()
    technician = make_person(Role.TECHNICIAN)

    refused(lambda: actions.issue_invoice(invoice=draft, by=technician, now=MONTH_END), "not_allowed")


def test_a_discarded_draft_is_refused(billing: Billing) -> None:
    draft = billing.draft()
    actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)

    refused(lambda: issue(billing, draft), "not_found")


def test_an_empty_draft_is_refused(billing: Billing) -> None:
    draft = _manual(billing)
    actions.remove_line(line=draft.lines.get(), by=billing.clerk, now=billing.now)

    refused(lambda: issue(billing, draft), "empty")


def test_a_draft_that_comes_to_nothing_is_refused(billing: Billing) -> None:
    draft = _manual(billing)
    actions.add_line(
        invoice=draft, description="Descuento", units=2, price=-PRICE, by=billing.clerk, now=billing.now
    )

    refused(lambda: issue(billing, draft), "not_positive")


def test_missing_data_are_named(billing: Billing) -> None:
    draft = billing.draft()
    make_issuing_firm(tax_id="")
    Client.objects.update(address="")

    words = refused(lambda: issue(billing, draft), "missing_data")

    assert "your firm's tax id" in words
    assert "the client's address" in words
    assert "city" not in words


def test_a_country_whose_taxes_are_not_known_asks_for_them() -> None:
    make_firm(country="JP")
    billing = make_billing()
    make_issuing_firm(country="JP")
    TaxRate.objects.all().delete()
    billing.approved(30)
    draft = billing.draft()
    refused(lambda: issue(billing, draft), "no_tax_rate")

    rate = actions.save_tax_rate(
        code="jp-10", name="JCT", percent=Decimal(10), by=billing.clerk, now=billing.now
    )
    actions.set_draft_tax(invoice=draft, tax_rate=rate, by=billing.clerk, now=billing.now)

    assert issue(billing, draft).total == 2420


class TestWhereOnlyProFormasLeave:
    """Spain until the firm has declared its program, and Mexico until there is a seal and who stamps."""

    @pytest.mark.parametrize(
        ("country", "why"),
        [
            ("ES", "the settings of Spain have not been filled in"),
            ("MX", "the settings of Mexico have not been filled in"),
        ],
    )
    def test_an_invoice_is_refused_with_the_reason_and_the_way_on(
        self, billing: Billing, country: str, why: str
    ) -> None:
        draft = billing.draft()
        make_issuing_firm(country=country)

        words = refused(lambda: issue(billing, draft), "export_only")

        assert why in words
        assert "pro-forma" in words

    def test_a_run_drafts_pro_formas_which_are_issued_without_legal_data(self) -> None:
        billing = make_billing(address="", city="")
        make_issuing_firm(country="ES", tax_id="")
        billing.approved(30)

        issued = billing.issue()

        assert (issued.kind, issued.number) == ("pro_forma", "P-2026-0001")
        assert LineSegment.objects.get().is_live
        billing.run()
        assert Invoice.objects.count() == 1

    def test_an_old_draft_makes_way_for_a_pro_forma(self, billing: Billing) -> None:
        draft = billing.draft()
        make_issuing_firm(country="ES")
        actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)

        assert billing.issue().number == "P-2026-0001"


class TestTheDatabaseKeepsIt:
    """Whatever the code does, what is issued stays."""

    def denied(self, words: str) -> pytest.RaisesExc[DatabaseError]:
        return pytest.raises(DatabaseError, match=words)

    def test_its_figures(self, billing: Billing) -> None:
        issued = billing.issue()
        with self.denied("never changes"), transaction.atomic():
            Invoice.objects.filter(pk=issued.pk).update(total=1)
        with self.denied("never deleted"), transaction.atomic():
            Invoice.objects.filter(pk=issued.pk)._raw_delete("default")

    def test_its_lines_and_annex(self, billing: Billing) -> None:
        issued = billing.issue()
        with self.denied("never change"), transaction.atomic():
            issued.lines.update(amount=1)
        with self.denied("annex"), transaction.atomic():
            LineSegment.objects.update(amount=1)
        LineSegment.objects.update(is_live=False)
        with self.denied("annex"), transaction.atomic():
            LineSegment.objects.update(is_live=True)

    def test_billed_time(self, billing: Billing) -> None:
        billing.draft()
        with self.denied("stands on an invoice"), transaction.atomic():
            RatedEntry.objects.update(superseded_at=billing.now)

    def test_payments(self, billing: Billing) -> None:
        issued = billing.issue()
        actions.record_payment(
            invoice=issued,
            amount=100,
            received_on=MONTH_END.date(),
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key="one",
        )
        with self.denied("negative"), transaction.atomic():
            Payment.objects.update(amount=1)

    def test_a_series_counts_by_year(self, billing: Billing) -> None:
        billing.issue()

        series = Series.objects.get()
        assert (series.code, series.year, series.next_number) == ("F", 2026, 2)
        assert series.last_issued_on == date(2026, 11, 30)
