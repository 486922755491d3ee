"""Received invoices are filed once as their file says, and charged again once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.models import Invoice, ReceivedInvoice
from ecuanime.billing.queries.received import places_to_charge, received_csv, received_page, received_sums
from ecuanime.foundation.files import path_of
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing, make_received
from tests.factories.worklog import make_office
from tests.rooms.billing.einvoice.test_faults import PLAIN
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
OURS = replace(PLAIN, buyer=replace(PLAIN.buyer, tax_id="IE6388047V", vat_id="IE6388047V"))
UBL = as_ubl(OURS)


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = str(tmp_path)


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(60)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def file(billing: Billing, content: bytes = UBL, **fields: Any) -> ReceivedInvoice:
    return actions.file_received(content=content, **({"by": billing.clerk, "now": billing.now} | fields))


def charge(billing: Billing, received: ReceivedInvoice, draft: Invoice, **fields: Any) -> Any:
    values = {"contract": billing.contract, "by": billing.clerk, "now": billing.now} | fields
    return actions.charge_received(received=received, draft=draft, **values)


def count() -> int:
    return ReceivedInvoice.objects.count()


def test_it_is_filed_with_its_taxes_and_its_file(billing: Billing) -> None:
    row = file(billing)

    assert (row.supplier_name, row.number, row.net, row.tax, row.total) == (
        "Nodo Alisio",
        "F-2026-0001",
        10_000,
        2100,
        12_100,
    )
    assert [(tax.category, tax.percent, tax.base) for tax in row.taxes.all()] == [("S", 21, 10_000)]
    assert path_of(row.file_id).read_bytes() == UBL


def test_the_same_file_again_is_the_same_row(billing: Billing) -> None:
    assert file(billing) == file(billing)
    assert count() == 1


def test_the_same_number_in_another_file_is_refused(billing: Billing) -> None:
    file(billing)

    refused(lambda: file(billing, UBL + b"\n"), "already_filed")

    assert count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE a []><a/>", "document type"),
        (b"hola", "none of UBL"),
        (UBL.replace(b"121.00", b"120.00"), "do not add up"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_why(billing: Billing, content: bytes, words: str) -> None:
    assert words in refused(lambda: file(billing, content), "unreadable")
    assert count() == 0


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n" + b" " * 6_000_000]
)
def test_a_paper_that_carries_no_data_is_told_apart(billing: Billing, content: bytes) -> None:
    refused(lambda: file(billing, content), "plain_paper")
    assert count() == 0


def test_what_is_addressed_to_others_is_refused(billing: Billing) -> None:
    refused(lambda: file(billing, as_ubl(PLAIN)), "not_ours")
    assert count() == 0


def test_only_billers_file_and_charge(billing: Billing) -> None:
    technician, row, draft = (
        make_person(Role.TECHNICIAN),
        make_received(filed_by=billing.clerk),
        billing.draft(),
    )

    refused(lambda: file(billing, by=technician), "not_allowed")
    refused(lambda: charge(billing, row, draft, by=technician), "not_allowed")


def test_it_is_charged_as_an_expense_once(billing: Billing) -> None:
    row, draft = make_received(filed_by=billing.clerk), billing.draft()

    line = charge(billing, row, draft)

    draft.refresh_from_db()
    assert (line.kind, line.amount, draft.net) == ("expense", 10_000, 14_400)
    assert row.number in line.description
    refused(lambda: charge(billing, row, draft), "already_charged")


def test_a_discarded_draft_frees_it(billing: Billing) -> None:
    row, draft = make_received(filed_by=billing.clerk), billing.draft()
    charge(billing, row, draft)

    actions.discard_draft(invoice=draft, by=billing.clerk, now=billing.now)

    assert charge(billing, row, billing.draft()).amount == 10_000


def test_it_goes_on_a_draft_of_the_contracts_client_in_its_currency(billing: Billing) -> None:
    draft = billing.draft()
    dollars = make_received(filed_by=billing.clerk, currency="USD")
    nothing = make_received(filed_by=billing.clerk, net=-100)
    row = make_received(filed_by=billing.clerk)
    other = make_office().contract

    refused(lambda: charge(billing, dollars, draft), "other_currency")
    refused(lambda: charge(billing, nothing, draft), "not_positive")
    refused(lambda: charge(billing, row, draft, contract=other), "not_theirs")
    assert places_to_charge(dollars) == []
    assert places_to_charge(row) == [(draft, billing.contract)]


def test_an_issued_invoice_takes_no_more(billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk)
    issued = billing.issue()

    refused(lambda: charge(billing, row, issued), "issued")


def test_the_book_adds_up_and_pages(billing: Billing) -> None:
    for _ in range(3):
        make_received(filed_by=billing.clerk)
    make_received(filed_by=billing.clerk, issued_on=date(2025, 12, 31))
    first, last = date(2026, 1, 1), date(2026, 12, 31)

    [total] = received_sums(first, last)
    page = received_page(first, last, size=2)

    assert (total.currency, total.net, total.total) == ("EUR", 30_000, 36_900)
    assert len(received_page(first, last, after=page.next, size=2).rows) == 1


def test_the_file_of_the_book_has_a_row_for_each_rate(billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk, supplier_name="=cmd()")
    row.taxes.create(category="S", percent=10, base=0, amount=0)

    lines = list(received_csv(MONTH_END.date(), MONTH_END.date()))

    assert len(lines) == 3
    assert "'=cmd()" in lines[1]
    assert "100.00,23.00,123.00" in lines[1]
