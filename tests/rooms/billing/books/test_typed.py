"""Invoices that a person types of a paper: what is checked of them, what counts them, and how a mistake is mended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions import TypedTax
from ecuanime.billing.actions.books.typed import ROUNDINGS
from ecuanime.billing.books.purchases import purchases_of, received_table, received_taxes
from ecuanime.billing.books.taxes import Period, summary_tables
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.models import ReceivedInvoice, WaitingPaper
from ecuanime.billing.queries.received import received_csv
from ecuanime.billing.verifying.received import verify_received
from ecuanime.foundation.files import path_of
from ecuanime.foundation.models import AuditEntry, StoredFile
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_received
from tests.rooms.billing.einvoice.test_faults import PLAIN
from tests.rooms.billing.snapshots import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
TODAY = MONTH_END.date()
QUARTER = Period.of(2026, "4T")
PDF, JPEG, PNG = b"%PDF-1.4 on paper", b"\xff\xd8\xff\xe0 scanned", b"\x89PNG\r\n\x1a\n scanned"
NIF = "A58818501"
IVA = TypedTax(Decimal(21), 10_000, 2100)


def typed(billing: Billing, **fields: Any) -> ReceivedInvoice:
    values = {
        "content": PDF,
        "number": " F-77 ",
        "supplier_name": "Imprenta Sol",
        "supplier_tax_id": "a-58818501",
        "country": "ES",
        "issued_on": TODAY,
        "currency": "EUR",
        "taxes": [IVA],
        "to_pay": 12_100,
        "about": "Folletos",
        "by": billing.clerk,
        "now": MONTH_END,
    }
    return actions.file_typed_invoice(**(values | fields))


def withdraw(billing: Billing, row: ReceivedInvoice, **fields: Any) -> None:
    values = {"reason": "La base era otra", "by": billing.clerk, "now": MONTH_END} | fields
    actions.withdraw_received(received=row, **values)


def told() -> dict[str, Any]:
    """The latest entry of the audit trail."""
    entry: dict[str, Any] = json.loads(AuditEntry.objects.latest("pk").body)
    return entry


def tables() -> dict[str, Any]:
    bought = [each for tax in received_taxes(QUARTER) for each in purchases_of(tax)]
    return summary_tables([], bought, {})


def boxes() -> dict[str, Any]:
    """The boxes of the quarter's 303 with their base and quota."""
    return {row[0]: row[2:] for row in tables()["303"].rows}


@pytest.mark.parametrize("content", [PDF, JPEG, PNG])
def test_it_is_filed_as_typed_with_its_paper(billing: Billing, content: bytes) -> None:
    row = typed(billing, content=content, accrued_on=date(2026, 11, 20), due_on=date(2026, 12, 30))

    assert (row.number, row.supplier_tax_id, row.syntax) == ("F-77", NIF, "typed")
    assert (row.net, row.tax, row.total) == (10_000, 2100, 12_100)
    assert (row.accrued_on, row.due_on) == (date(2026, 11, 20), date(2026, 12, 30))
    assert path_of(row.file_id).read_bytes() == content
    assert list(verify_received()) == []
    assert told()["verb"] == "received_invoice_typed"


def test_books_and_declarations_count_it(billing: Billing) -> None:
    row = typed(
        billing,
        taxes=[IVA, TypedTax(Decimal(10), 5000, 500), TypedTax(Decimal(0), 300, 0, "E")],
        withheld=1500,
        to_pay=16_400,
    )

    assert boxes()["28 · 29"] == (Decimal("150.00"), Decimal("26.00"))
    [*lines] = received_table(QUARTER, received_taxes(QUARTER)).rows
    assert [(line[4], line[5], line[8], line[10]) for line in lines] == [
        ("F-77", NIF, Decimal("100.00"), Decimal("21.00")),
        ("F-77", NIF, Decimal("50.00"), Decimal("5.00")),
        ("F-77", NIF, Decimal("3.00"), Decimal("0.00")),
    ]
    assert sum("F-77" in line for line in received_csv(TODAY, TODAY)) == 3
    assert (row.total, row.withheld) == (17_900, 1500)


def test_a_large_one_is_in_the_347(billing: Billing) -> None:
    typed(billing, taxes=[TypedTax(Decimal(21), 400_000, 84_000)], to_pay=484_000)

    assert any(NIF in row for row in tables()["347"].rows)


def test_one_of_the_union_has_its_prefix_and_is_in_the_349(billing: Billing) -> None:
    row = typed(
        billing,
        country="IE",
        supplier_tax_id="6388047V",
        taxes=[TypedTax(Decimal(0), 10_000, 0, "AE")],
        to_pay=10_000,
    )

    assert row.supplier_tax_id == "IE6388047V"
    assert boxes()["10 · 11"] == (Decimal("100.00"), Decimal("21.00"))
    assert any("IE6388047V" in row for row in tables()["349"].rows)


def test_a_credit_note_names_what_it_corrects_and_takes_off(billing: Billing) -> None:
    typed(billing)
    row = typed(
        billing,
        content=PNG,
        number="R-1",
        taxes=[TypedTax(Decimal(21), -4000, -840)],
        to_pay=-4840,
        is_credit_note=True,
        corrects="F-77",
    )

    assert (row.is_credit_note, row.corrects, row.total) == (True, "F-77", -4840)
    assert boxes()["40 · 41"] == (Decimal("-40.00"), Decimal("-8.40"))
    assert list(verify_received()) == []


def test_only_a_credit_note_corrects(billing: Billing) -> None:
    assert typed(billing, corrects="F-1").corrects == ""


def test_one_in_dollars_waits_for_its_rate_or_has_it(billing: Billing) -> None:
    assert typed(billing, currency="USD").home_total is None
    actions.note_exchange_rate(
        currency="USD", on=TODAY, rate=Decimal("0.9"), source="ecb", by=billing.clerk, now=MONTH_END
    )

    row = typed(billing, currency="USD", number="F-78", content=JPEG)

    assert (row.home_currency, row.home_total) == ("EUR", 10_890)
    assert list(verify_received()) == []


def test_it_is_charged_marked_and_imported_like_any(billing: Billing) -> None:
    row = typed(billing, taxes=[TypedTax(Decimal(0), 10_000, 0, "O")], to_pay=10_000)
    given: dict[str, Any] = {"received": row, "by": billing.clerk, "now": MONTH_END}

    actions.mark_imported(is_imported=True, **given)
    actions.mark_investment(bases={row.taxes.get().pk: 10_000}, **given)
    line = actions.charge_received(contract=billing.contract, draft=billing.draft(), **given)

    assert line.amount == 10_000


def test_a_tax_may_be_off_by_what_lines_are_rounded(billing: Billing) -> None:
    off = TypedTax(Decimal(21), 10_000, 2100 + ROUNDINGS)

    assert typed(billing, taxes=[off], to_pay=12_110).tax == 2110
    more = TypedTax(Decimal(21), 10_000, 2101 + ROUNDINGS)
    refused(lambda: typed(billing, number="2", content=PNG, taxes=[more], to_pay=12_111), "not_its_rate")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": " "}, "no_number"),
        ({"supplier_name": ""}, "no_name"),
        ({"supplier_tax_id": " "}, "no_tax_id"),
        ({"supplier_tax_id": "A58818502"}, "bad_tax_id"),
        ({"country": "XX"}, "unknown_country"),
        ({"currency": "EUX"}, "unknown_currency"),
        ({"content": b"<a/>"}, "no_paper"),
        ({"content": PDF + b" " * 10_000_000}, "too_large"),
        ({"issued_on": date(2026, 12, 1)}, "future"),
        ({"taxes": []}, "no_taxes"),
        ({"taxes": [TypedTax(Decimal(21), 0, 0)], "to_pay": 0}, "no_taxes"),
        ({"taxes": [TypedTax(Decimal(0), 10_000, 0, "Z")], "to_pay": 10_000}, "bad_category"),
        ({"taxes": [TypedTax(Decimal(0), 10_000, 0)], "to_pay": 10_000}, "bad_percent"),
        ({"taxes": [TypedTax(Decimal(101), 10_000, 10_100)], "to_pay": 20_100}, "bad_percent"),
        ({"taxes": [TypedTax(Decimal(21), 10_000, 1000)], "to_pay": 11_000}, "not_its_rate"),
        ({"taxes": [TypedTax(Decimal(21), 10_000, 2100, "E")]}, "untaxed"),
        ({"to_pay": 12_000}, "bad_sum"),
        ({"withheld": 1500}, "bad_sum"),
        ({"withheld": -1500, "to_pay": 13_600}, "bad_withheld"),
        ({"withheld": 12_101, "to_pay": -1}, "bad_withheld"),
        ({"taxes": [TypedTax(Decimal(21), -10_000, -2100)], "to_pay": -12_100}, "below_zero"),
        ({"is_credit_note": True}, "above_zero"),
    ],
)
def test_what_is_typed_wrongly_is_refused(billing: Billing, fields: dict[str, Any], code: str) -> None:
    refused(lambda: typed(billing, **fields), code)


def test_what_does_not_add_up_says_both_sums(billing: Billing) -> None:
    said = refused(lambda: typed(billing, withheld=1500, to_pay=12_100), "bad_sum")

    assert "106.00" in said
    assert "121.00" in said


def test_it_is_filed_once_by_whom_it_is(billing: Billing) -> None:
    typed(billing)

    refused(lambda: typed(billing, number="F-78"), "already_filed")
    refused(lambda: typed(billing, content=PNG), "already_filed")
    refused(
        lambda: typed(billing, content=PNG, number="F-78", by=make_person(Role.TECHNICIAN)), "not_allowed"
    )


def test_a_supplier_at_home_is_one_with_and_without_prefix(billing: Billing) -> None:
    make_received(filed_by=billing.clerk, supplier_tax_id=f"ES{NIF}", number="F-77")
    refused(lambda: typed(billing), "already_filed")


def test_an_electronic_invoice_of_what_was_typed_is_refused(billing: Billing) -> None:
    seller = replace(PLAIN.seller, country="ES", tax_id=f"ES{NIF}", vat_id=f"ES{NIF}")
    file = as_ubl(replace(PLAIN, seller=seller, buyer=replace(PLAIN.buyer, tax_id="", vat_id="")))
    typed(billing, number=PLAIN.number, issued_on=PLAIN.issued_on)

    refused(lambda: actions.file_received(content=file, by=billing.clerk, now=MONTH_END), "already_filed")


def keep(billing: Billing, **fields: Any) -> WaitingPaper:
    values = {"content": PDF, "name": "f.pdf", "by": billing.clerk, "now": MONTH_END} | fields
    return actions.keep_paper(**values)


def test_a_paper_is_kept_until_it_is_typed(billing: Billing) -> None:
    paper = keep(billing)
    assert (paper.name, keep(billing, name="again.pdf")) == ("f.pdf", paper)

    refused(lambda: typed(billing, to_pay=1), "bad_sum")
    row = typed(billing)

    assert row.file_id == paper.file_id
    assert not WaitingPaper.objects.exists()
    refused(lambda: keep(billing), "already_filed")


def test_a_paper_is_discarded_with_its_file(billing: Billing) -> None:
    paper = keep(billing)
    technician = make_person(Role.TECHNICIAN)
    refused(lambda: actions.discard_paper(paper=paper, by=technician, now=MONTH_END), "not_allowed")

    actions.discard_paper(paper=paper, by=billing.clerk, now=MONTH_END)

    assert not StoredFile.objects.filter(pk=paper.file_id).exists()
    assert told()["verb"] == "paper_discarded"


def test_a_paper_that_waits_no_more_is_not_discarded(billing: Billing) -> None:
    paper = keep(billing)
    row = typed(billing)

    actions.discard_paper(paper=paper, by=billing.clerk, now=MONTH_END)

    assert path_of(row.file_id).exists()
    assert told()["verb"] == "received_invoice_typed"


def test_what_is_kept_as_no_paper(billing: Billing) -> None:
    refused(lambda: keep(billing, content=b"hola"), "no_paper")
    refused(lambda: keep(billing, content=PDF + b" " * 10_000_000), "too_large")
    refused(lambda: keep(billing, by=make_person(Role.TECHNICIAN)), "not_allowed")


def test_what_was_typed_wrongly_is_withdrawn_and_filed_again(billing: Billing) -> None:
    row = typed(billing, currency="USD")
    actions.note_rate_of_received(
        received=row, rate=Decimal("0.9"), by=billing.clerk, now=MONTH_END, source="ecb"
    )

    withdraw(billing, row)

    assert not ReceivedInvoice.objects.exists()
    assert not StoredFile.objects.filter(pk=row.file_id).exists()
    entry = told()
    assert entry["verb"] == "received_invoice_withdrawn"
    said = entry["data"]
    assert (said["number"], said["total"], said["reason"]) == ("F-77", 12_100, "La base era otra")
    assert typed(billing).currency == "EUR"
    assert list(verify_received()) == []


def test_a_customs_document_is_withdrawn_too(billing: Billing) -> None:
    row = actions.file_customs_document(
        content=PDF,
        number="26ES1",
        supplier_name="Chips Inc.",
        supplier_tax_id="84-1",
        issued_on=TODAY,
        taxes=[IVA],
        is_deferred=False,
        by=billing.clerk,
        now=MONTH_END,
    )

    withdraw(billing, row)

    assert "32 · 33" not in boxes()


def test_what_cannot_be_withdrawn(billing: Billing) -> None:
    row, read = typed(billing), make_received(filed_by=billing.clerk)

    refused(lambda: withdraw(billing, row, by=make_person(Role.TECHNICIAN)), "not_allowed")
    refused(lambda: withdraw(billing, row, reason=" "), "no_reason")
    refused(lambda: withdraw(billing, read), "not_typed")
    actions.charge_received(
        received=row, contract=billing.contract, draft=billing.draft(), by=billing.clerk, now=MONTH_END
    )
    refused(lambda: withdraw(billing, row), "already_charged")


def test_one_whose_correction_goes_by_its_rate_stays(billing: Billing) -> None:
    row = typed(billing, currency="USD")
    actions.note_rate_of_received(
        received=row, rate=Decimal("0.9"), by=billing.clerk, now=MONTH_END, source="ecb"
    )
    back = typed(
        billing,
        content=PNG,
        number="R-1",
        currency="USD",
        taxes=[TypedTax(Decimal(21), -10_000, -2100)],
        to_pay=-12_100,
        is_credit_note=True,
        corrects="F-77",
    )

    refused(lambda: withdraw(billing, row), "corrected")
    withdraw(billing, back)
    withdraw(billing, row)


def test_a_closed_period_keeps_it(billing: Billing) -> None:
    row = typed(billing, issued_on=date(2026, 10, 5))
    actions.close_books(through=date(2026, 10, 31), by=billing.clerk, now=MONTH_END)

    refused(lambda: withdraw(billing, row), "closed_period")
