"""A full invoice in place of simplified ones (F3): restated to the cent, and counted nowhere twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import etree

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import statement_of
from ecuanime.billing.books.journal import entries_between
from ecuanime.billing.books.taxes import Period, book_table, issued_taxes, row_of, type_of
from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.models import FiscalRecord, Invoice
from ecuanime.billing.packs.es.form_303 import boxes_303
from ecuanime.billing.packs.es.paper import address_of
from ecuanime.billing.queries import receivables
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.billing.verifying.records import verify_records
from ecuanime.clients.models import InvoiceFormat
from tests.factories import make_person
from tests.factories.billing import Billing
from tests.factories.fiscal import CLIENT_NIF, make_spanish_billing, record_of
from tests.rooms.billing.snapshots import refused
from tests.schemas import faults
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


made_billing = made_once(lambda: make_spanish_billing(tax_id=""))


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def simplified(billing: Billing, *minutes: int) -> list[Invoice]:
    """So many simplified invoices of so many minutes; those of 5 are of 3.67 and 0.77."""
    found = []
    for each in minutes:
        billing.approved(each)
        found.append(billing.issue())
    return found


def named(billing: Billing) -> Billing:
    billing.client.tax_id = CLIENT_NIF
    billing.client.save()
    return billing


def replace(billing: Billing, invoices: list[Invoice]) -> Invoice:
    return actions.replace_simplified(invoices=invoices, by=billing.clerk, now=billing.now)


def figures(billing: Billing) -> tuple[Any, ...]:
    """What is declared, booked, owed and in the account."""
    taxes = [row_of(tax) for tax in issued_taxes(Period.of(2026, "0A"))]
    account = statement_of(billing.client, currency="EUR", first=YEAR[0], last=YEAR[1])
    booked = [(each.document, each.entry) for each in entries_between(*YEAR)]
    owed = receivables(today=billing.now.date(), client=billing.client)
    return boxes_303(taxes), booked, owed, account.closing, [row.what for row in account.rows]


def test_it_restates_them_and_nothing_counts_twice(billing: Billing) -> None:
    both = simplified(billing, 5, 5)
    actions.record_payment(
        invoice=both[0],
        amount=both[0].total,
        received_on=billing.now.date(),
        by=billing.clerk,
        now=billing.now,
        idempotency_key="paid",
    )
    before = figures(named(billing))

    full = replace(billing, both)

    assert figures(billing) == before
    # Two taxes of 0.77, each rounded alone, where 21 % of both together would be 1.54 too; three show the cent.
    assert (full.net, full.tax, full.total) == (734, 154, 888)
    assert (full.number, full.owed, full.due_on) == ("F-2026-0003", 0, None)
    assert [each.replaced_by for each in Invoice.objects.filter(pk__in=[one.pk for one in both])] == [
        full
    ] * 2
    assert (list(verify_invoices()), list(verify_records())) == ([], [])


def test_each_tax_is_the_sum_of_those_declared(billing: Billing) -> None:
    three = simplified(billing, 5, 5, 5)

    full = replace(named(billing), three)

    assert [(row.base, row.amount) for row in full.taxes.all()] == [(1101, 231)]
    assert [line.amount for line in full.lines.all()] == [367, 367, 367]
    assert list(verify_invoices()) == []


def test_its_record_names_them_and_is_valid(billing: Billing) -> None:
    both = simplified(billing, 5, 10)

    full = replace(named(billing), both)

    row = record_of(full)
    root = etree.fromstring(row.xml.encode())
    assert (row.type, row.total) == ("F3", full.total)
    assert faults("SuministroInformacion.xsd", root) == []
    assert [
        each.text for each in root.iter("{*}IDFacturaSustituida") for each in each.iter("{*}NumSerieFactura")
    ] == [each.number for each in both]
    assert next(root.iter("{*}Destinatarios")).findtext(".//{*}NIF") == CLIENT_NIF
    assert f"numserie={full.number}" in address_of(row, full)


def test_its_paper_says_so_and_asks_for_nothing(billing: Billing) -> None:
    (one,) = simplified(billing, 5)

    document = document_of(replace(named(billing), [one]))

    assert document.payment_instructions is None
    assert document.country_block is not None
    assert str(one.number) in document.notes[0].text
    assert document.customer.tax_id


def test_the_book_has_it_as_f3_with_what_it_replaces(billing: Billing) -> None:
    (one,) = simplified(billing, 5)
    full = replace(named(billing), [one])

    period = Period.of(2026, "0A")
    table = book_table(period, list(issued_taxes(period)))

    place = table.columns.index("Sustituye a")
    assert [(row[2], row[place]) for row in table.rows] == [("F2", ""), ("F3", one.number)]
    assert type_of(full) == "F3"


def test_again_gives_the_first_back(billing: Billing) -> None:
    both = simplified(billing, 5, 10)
    full = replace(named(billing), both)

    assert replace(billing, both[::-1]) == full
    refused(lambda: replace(billing, both[:1]), "replaced")


def test_a_client_who_reads_files_gets_its_paper(billing: Billing) -> None:
    (one,) = simplified(billing, 5)
    billing.client.invoice_format = InvoiceFormat.UBL

    assert replace(named(billing), [one]).number


def test_what_is_credited_afterwards_corrects_the_full_one(billing: Billing) -> None:
    (one,) = simplified(billing, 5)
    full = replace(named(billing), [one])

    refused(
        lambda: actions.credit_invoice(
            invoice=one, reason="Error", by=billing.clerk, now=billing.now, by_substitution=True
        ),
        "replaced",
    )
    note = actions.credit_invoice(invoice=one, reason="Error", by=billing.clerk, now=billing.now)

    row = record_of(note)
    root = etree.fromstring(row.xml.encode())
    assert row.type == "R1"
    assert root.findtext(".//{*}IDFacturaRectificada/{*}NumSerieFactura") == full.number
    assert note.texts["corrects"]["number"] == full.number
    assert (list(verify_invoices()), list(verify_records())) == ([], [])
    refused(lambda: cancel(billing, full), "credited")


def test_taken_back_it_leaves_the_simplified_ones_free(billing: Billing) -> None:
    (one,) = simplified(billing, 5)
    full = replace(named(billing), [one])
    refused(lambda: cancel(billing, one), "replaced")

    cancel(billing, full)

    one.refresh_from_db()
    assert (one.replaced_by, one.owed) == (None, one.total)
    assert replace(billing, [one]) != full
    assert (list(verify_invoices()), list(verify_records())) == ([], [])


def cancel(billing: Billing, invoice: Invoice) -> FiscalRecord:
    admin = make_person(Role.ADMINISTRATOR)
    return actions.cancel_registration(invoice=invoice, reason="No debió existir", by=admin, now=billing.now)


class TestRefusals:
    def test_without_a_nif(self, billing: Billing) -> None:
        found = simplified(billing, 5)
        refused(lambda: replace(billing, found), "no_nif")

    def test_a_full_invoice(self, billing: Billing) -> None:
        found = simplified(named(billing), 5)
        refused(lambda: replace(billing, found), "not_replaceable")

    def test_one_that_was_credited(self, billing: Billing) -> None:
        (one,) = simplified(billing, 5)
        actions.credit_invoice(invoice=one, reason="Error", by=billing.clerk, now=billing.now)
        named(billing)
        refused(lambda: replace(billing, [one]), "not_replaceable")

    def test_nothing(self, billing: Billing) -> None:
        refused(lambda: replace(billing, []), "nothing_chosen")

    def test_who_does_not_bill(self, billing: Billing) -> None:
        (one,) = simplified(billing, 5)
        refused(
            lambda: actions.replace_simplified(invoices=[one], by=billing.office.technician, now=billing.now),
            "not_allowed",
        )

    def test_money_and_credit_stay_with_the_simplified_ones(self, billing: Billing) -> None:
        (one,) = simplified(billing, 5)
        full = replace(named(billing), [one])
        refused(
            lambda: actions.credit_invoice(invoice=full, reason="Error", by=billing.clerk, now=billing.now),
            "replacement",
        )
        refused(
            lambda: actions.record_payment(
                invoice=full,
                amount=1,
                received_on=billing.now.date(),
                by=billing.clerk,
                now=billing.now,
                idempotency_key="full",
            ),
            "replacement",
        )
