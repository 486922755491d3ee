"""Money from the bank: kept once, noted as payments once, and taken back whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.models import BankEntry, BankFormat, Invoice, Payment
from ecuanime.billing.queries.bank import entries_in, entry_counts, suggestions_for
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.rules.matching import Why
from tests.factories import make_client, make_person
from tests.factories.bank import ACCOUNT, camt, entry, make_entries, read
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
PAYER = "ES9121000418450200051332"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = str(tmp_path)


def make_issued() -> tuple[Billing, Invoice]:
    """A firm with an invoice of 13.53."""
    billing = make_billing()
    billing.approved(15)
    return billing, billing.issue()


made = made_once(make_issued)


@pytest.fixture
def both(made: tuple[Billing, Invoice]) -> tuple[Billing, Invoice]:
    return own(made)


@pytest.fixture
def billing(both: tuple[Billing, Invoice]) -> Billing:
    return both[0]


@pytest.fixture
def issued(both: tuple[Billing, Invoice]) -> Invoice:
    return both[1]


def match(billing: Billing, found: BankEntry, *parts: tuple[Invoice, int], **fields: Any) -> list[Payment]:
    found.refresh_from_db()
    values = {"left": found.left, "by": billing.clerk, "now": MONTH_END} | fields
    return actions.match_entry(entry=found, parts=parts, **values)


def undo(billing: Billing, found: BankEntry, reason: str = "Era de otro") -> BankEntry:
    return actions.undo_match(entry=found, reason=reason, by=billing.clerk, now=MONTH_END)


def owed(invoice: Invoice) -> int:
    return Invoice.objects.get(pk=invoice.pk).owed


class TestFiling:
    """Every entry is kept once."""

    def test_files_that_overlap_add_what_is_new(self, billing: Billing) -> None:
        first, second = entry(reference="A"), entry("7.00", on="2026-12-01")
        read(camt(first), billing.clerk)

        again = actions.file_statement(content=camt(first), by=billing.clerk, now=MONTH_END)
        longer = actions.file_statement(content=camt(first, second), by=billing.clerk, now=MONTH_END)

        assert (longer.new, longer.known) == (1, 1)
        assert again.file.entries.count() == 1
        assert BankEntry.objects.count() == 2

    def test_what_cannot_be_read_keeps_nothing_and_says_why(self, billing: Billing) -> None:
        def file() -> object:
            return actions.file_statement(content=b"<a/>", by=billing.clerk, now=MONTH_END)

        assert "camt.053" in refused(file, "unreadable")
        assert not BankEntry.objects.exists()

    def test_a_csv_is_read_by_the_columns_of_its_account(self, billing: Billing) -> None:
        columns = actions.save_bank_format(
            name="Banco", account="ie29 aibk 9311 5212 3456 78", currency="EUR", day_column="Fecha",
            amount_column="Importe", by=billing.clerk, now=MONTH_END,
        )  # fmt: skip

        [found] = read(b"Fecha;Importe\n30/11/2026;13,53\n", billing.clerk, columns=columns)

        assert (found.account, found.amount, found.file.format) == (ACCOUNT, 1353, "Banco")

    def test_columns_have_one_name_and_a_valid_account(self, billing: Billing) -> None:
        facts = {"name": "A", "account": ACCOUNT, "day_column": "D", "amount_column": "I", "now": MONTH_END}
        actions.save_bank_format(by=billing.clerk, **facts)
        supervisor = make_person(Role.SUPERVISOR)

        refused(lambda: actions.save_bank_format(by=billing.clerk, **facts), "name_used")
        wrong = facts | {"name": "B", "account": "IE29AIBK93115212345679"}
        refused(lambda: actions.save_bank_format(by=billing.clerk, **wrong), "iban")
        refused(lambda: actions.save_bank_format(by=supervisor, **facts), "not_allowed")
        assert BankFormat.objects.count() == 1


class TestSuggestions:
    """What an entry may pay."""

    def test_by_number_name_and_the_account_that_paid_before(self, billing: Billing, issued: Invoice) -> None:
        [first] = make_entries(billing.clerk, ["1.00"], text=f"fra {issued.number}", account=PAYER)
        match(billing, first, (issued, 100))
        [second] = make_entries(billing.clerk, ["12.53"], name="Otra persona", account=PAYER)

        [found] = suggestions_for([second])[second.pk]

        assert found.client == billing.client
        assert found.parts == ((issued, 1253),)
        assert found.suggestion.reasons == (Why.AMOUNT, Why.ACCOUNT)

    def test_nothing_for_what_went_or_is_matched(self, billing: Billing, issued: Invoice) -> None:
        went = read(camt(entry(side="DBIT")), billing.clerk)

        assert suggestions_for(went) == {}
        assert went[0].state == BankEntry.State.OUT


class TestMatching:
    """A person says what was paid."""

    def test_one_invoice_whole(self, billing: Billing, issued: Invoice) -> None:
        [found] = make_entries(billing.clerk)

        [payment] = match(billing, found, (issued, 1353))

        found.refresh_from_db()
        assert (found.state, found.left, owed(issued)) == ("matched", 0, 0)
        assert (payment.received_on, payment.reference, payment.method) == (
            date(2026, 11, 30),
            found.bank_reference,
            "transfer",
        )
        assert list(verify_invoices()) == []

    def test_split_over_invoices_with_the_rest_held(self, billing: Billing, issued: Invoice) -> None:
        billing.approved(15)
        second = billing.issue()
        [found] = make_entries(billing.clerk, ["30.00"])

        match(billing, found, (issued, 1353), (second, 1353), rest_for=billing.client)

        assert (owed(issued), owed(second), held_in(billing.client, "EUR")) == (0, 0, 294)

    def test_a_part_leaves_the_rest_to_be_matched(self, billing: Billing, issued: Invoice) -> None:
        [found] = make_entries(billing.clerk, ["30.00"])
        match(billing, found, (issued, 1000))
        found.refresh_from_db()
        assert (found.state, found.left, owed(issued)) == ("to_match", 2000, 353)

        match(billing, found, rest_for=billing.client)

        found.refresh_from_db()
        assert (found.state, held_in(billing.client, "EUR")) == ("matched", 2000)

    def test_what_makes_no_sense_is_refused(self, billing: Billing, issued: Invoice) -> None:
        [found] = make_entries(billing.clerk, ["13.53"])
        dollars = actions.bring_invoice(
            client=make_client(currency="USD"), number="A1", issued_on=date(2026, 11, 1),
            due_on=date(2026, 11, 9), total=100, paid=0, currency="USD", by=billing.clerk, now=MONTH_END,
        )  # fmt: skip
        technician = make_person(Role.TECHNICIAN)

        refused(lambda: match(billing, found), "nothing_chosen")
        refused(lambda: match(billing, found, (issued, 0)), "no_amount")
        refused(lambda: match(billing, found, (issued, 1354)), "above_entry")
        refused(lambda: match(billing, found, (issued, 100), left=1), "changed")
        refused(lambda: match(billing, found, (dollars, 100)), "other_currency")
        refused(lambda: match(billing, found, (issued, 100), by=technician), "not_allowed")

    def test_more_than_an_invoice_owes_is_refused(self, billing: Billing, issued: Invoice) -> None:
        [found] = make_entries(billing.clerk, ["30.00"])

        refused(lambda: match(billing, found, (issued, 1354)), "above_owed")

    def test_closed_books_take_another_day(self, billing: Billing, issued: Invoice) -> None:
        [found] = read(camt(entry(on="2026-11-29")), billing.clerk)
        actions.close_books(through=date(2026, 11, 29), by=billing.clerk, now=MONTH_END)

        refused(lambda: match(billing, found, (issued, 1353)), "closed_period")
        [payment] = match(billing, found, (issued, 1353), received_on=date(2026, 11, 30))

        assert payment.received_on == date(2026, 11, 30)


class TestTakingBack:
    """What was noted is taken back whole, from either side."""

    def test_the_entry_waits_and_can_be_matched_anew(self, billing: Billing, issued: Invoice) -> None:
        [found] = make_entries(billing.clerk, ["20.00"])
        match(billing, found, (issued, 1353), rest_for=billing.client)

        undone = undo(billing, found)

        assert (undone.state, undone.left, owed(issued)) == ("to_match", 2000, 1353)
        assert held_in(billing.client, "EUR") == 0
        assert undo(billing, found).left == 2000
        match(billing, found, (issued, 1353))
        assert owed(issued) == 0
        assert list(verify_invoices()) == []

    def test_a_payment_taken_back_on_its_invoice_lets_its_part_wait(
        self, billing: Billing, issued: Invoice
    ) -> None:
        [found] = make_entries(billing.clerk, ["20.00"])
        payment, _rest = match(billing, found, (issued, 1353), rest_for=billing.client)

        actions.correct_payment(payment=payment, reason="mal", by=billing.clerk, now=MONTH_END)

        found.refresh_from_db()
        assert (found.state, found.left) == ("to_match", 1353)

    def test_it_says_why(self, billing: Billing, issued: Invoice) -> None:
        [found] = make_entries(billing.clerk)
        match(billing, found, (issued, 1353))

        refused(lambda: undo(billing, found, " "), "no_reason")


def test_set_aside_with_a_reason_and_taken_up_again(billing: Billing, issued: Invoice) -> None:
    found, paid = make_entries(billing.clerk, ["5.00", "13.53"])
    match(billing, paid, (issued, 1353))

    def aside(which: BankEntry, reason: str = "Intereses") -> BankEntry:
        return actions.set_aside(entry=which, reason=reason, by=billing.clerk, now=MONTH_END)

    assert (aside(found).state, aside(found).set_aside_reason) == ("set_aside", "Intereses")
    refused(lambda: match(billing, found, (issued, 1)), "changed")
    refused(lambda: aside(paid), "matched")
    refused(lambda: aside(found, ""), "no_reason")
    again = actions.take_up_again(entry=found, by=billing.clerk, now=MONTH_END)
    assert (again.state, again.set_aside_reason) == ("to_match", "")


def test_pages_and_counts(billing: Billing) -> None:
    make_entries(billing.clerk, ["1.00", "2.00", "3.00"], text="hola")

    first = entries_in("to_match", size=2)
    rest = entries_in("to_match", after=first.next, size=2)

    assert [each.amount for each in (*first.rows, *rest.rows)] == [300, 200, 100]
    assert entries_in(text="nada").rows == []
    assert entry_counts() == {"to_match": 3, "matched": 0, "set_aside": 0, "out": 0}


def test_an_entry_that_says_more_than_its_payments_is_found(billing: Billing, issued: Invoice) -> None:
    found, _other = make_entries(billing.clerk, ["13.53", "13.53"])
    match(billing, found, (issued, 1000))
    assert list(verify_invoices()) == []

    BankEntry.objects.filter(pk=found.pk).update(matched=1353)

    assert [f"bank entry {found.pk}" in each for each in verify_invoices()] == [True]
