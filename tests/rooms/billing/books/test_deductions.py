"""What no file says: investment goods, what customs charged, and what is typed for boxes of the modelo 303."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions import TypedTax
from ecuanime.billing.books.adjustments import adjustments_in, by_box
from ecuanime.billing.books.purchases import purchases_of, received_table, received_taxes
from ecuanime.billing.books.taxes import Period, summary_tables
from ecuanime.billing.models import DeductionAdjustment, ReceivedInvoice, ReceivedTax
from ecuanime.billing.verifying.received import verify_received
from ecuanime.foundation.files import path_of
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_received
from tests.rooms.billing.snapshots import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
TODAY = MONTH_END.date()
QUARTER, YEAR = Period.of(2026, "4T"), Period.of(2026, "0A")
PDF = b"%PDF-1.7 the customs document"


def file_customs(billing: Billing, **fields: Any) -> ReceivedInvoice:
    values = {
        "content": PDF,
        "number": "26ES00280111111111",
        "supplier_name": "Chips Inc.",
        "supplier_tax_id": "84-1234567",
        "issued_on": TODAY,
        "taxes": [TypedTax(Decimal(21), 100_000, 21_000), TypedTax(Decimal(4), 5000, 200)],
        "is_deferred": False,
        "by": billing.clerk,
        "now": MONTH_END,
    }
    return actions.file_customs_document(**(values | fields))


def at_home(billing: Billing, **fields: Any) -> ReceivedInvoice:
    """A purchase at home of 5000.00 and its tax."""
    values = {"supplier_tax_id": "A58818501", "net": 500_000, "tax": 105_000, "total": 605_000} | fields
    row = make_received(filed_by=billing.clerk, **values)
    row.taxes.update(percent=21)
    return row


def invest(billing: Billing, row: ReceivedInvoice, base: int, **fields: Any) -> ReceivedInvoice:
    values = {"bases": {row.taxes.get().pk: base}, "by": billing.clerk, "now": MONTH_END} | fields
    return actions.mark_investment(received=row, **values)


def adjust(billing: Billing, amount: int = 1500, **fields: Any) -> DeductionAdjustment | None:
    values = {"year": 2026, "period": "4T", "box": "43", "reason": "Quinto año del servidor"} | fields
    return actions.adjust_deductions(amount=amount, **({"by": billing.clerk, "now": MONTH_END} | values))


def import_mark(billing: Billing, row: ReceivedInvoice, *, is_imported: bool = True) -> ReceivedInvoice:
    return actions.mark_imported(received=row, is_imported=is_imported, by=billing.clerk, now=MONTH_END)


def boxes() -> dict[str, Any]:
    """The boxes of the quarter's 303 with their base and quota."""
    bought = [each for tax in received_taxes(QUARTER) for each in purchases_of(tax)]
    table = summary_tables([], bought, by_box(adjustments_in(QUARTER)))["303"]
    return {row[0]: row[2:] for row in table.rows}


def test_what_is_of_investment_goods_is_parted(billing: Billing) -> None:
    row = invest(billing, at_home(billing), 333_333)

    assert boxes()["30 · 31"] == (Decimal("3333.33"), Decimal("700.00"))
    assert boxes()["28 · 29"] == (Decimal("1666.67"), Decimal("350.00"))
    lines = received_table(QUARTER, received_taxes(QUARTER)).rows
    assert [(line[8], line[13]) for line in lines] == [(Decimal("1666.67"), "N"), (Decimal("3333.33"), "S")]

    invest(billing, row, 500_000)
    assert "28 · 29" not in boxes()
    invest(billing, row, 0)
    assert "30 · 31" not in boxes()


def test_investment_goods_in_dollars_are_parted_in_euros(billing: Billing) -> None:
    row = invest(billing, at_home(billing, currency="USD"), 100_000)
    actions.note_rate_of_received(
        received=row, rate=Decimal("0.9"), by=billing.clerk, now=MONTH_END, source="ecb"
    )

    assert boxes()["30 · 31"] == (Decimal("900.00"), Decimal("189.00"))
    assert boxes()["28 · 29"] == (Decimal("3600.00"), Decimal("756.00"))
    assert boxes()["45"][1] == Decimal("945.00")


def test_investment_goods_are_within_their_base(billing: Billing) -> None:
    row, back = at_home(billing), at_home(billing, net=-1000, tax=-210, total=-1210, is_credit_note=True)

    refused(lambda: invest(billing, row, 500_001), "not_within")
    refused(lambda: invest(billing, row, -1), "not_within")
    refused(lambda: invest(billing, back, 1), "not_within")
    refused(lambda: invest(billing, row, 1, by=make_person(Role.TECHNICIAN)), "not_allowed")
    invest(billing, back, -1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReceivedTax.objects.filter(invoice=row).update(investment_base=500_001)


def test_a_closed_period_keeps_what_is_marked(billing: Billing) -> None:
    row = at_home(billing, issued_on=date(2026, 10, 5), tax=0, total=500_000)
    row.taxes.update(percent=0, amount=0)
    actions.close_books(through=date(2026, 10, 31), by=billing.clerk, now=MONTH_END)

    refused(lambda: invest(billing, row, 1), "closed_period")
    refused(lambda: import_mark(billing, row), "closed_period")
    refused(lambda: adjust(billing, period="10"), "closed_period")
    adjust(billing, period="4T")


def test_a_customs_document_is_filed_with_its_pdf_and_deducted(billing: Billing) -> None:
    row = file_customs(billing)

    assert (row.customs, row.currency, row.net, row.total) == ("paid", "EUR", 105_000, 126_200)
    assert path_of(row.file_id).read_bytes() == PDF
    assert boxes()["32 · 33"] == (Decimal("1050.00"), Decimal("212.00"))
    assert "77" not in boxes()
    assert {line[14] for line in received_table(QUARTER, received_taxes(QUARTER)).rows} == {"DUA"}
    assert list(verify_received()) == []


def test_one_that_defers_its_tax_says_what_is_to_be_paid(billing: Billing) -> None:
    row = file_customs(billing, is_deferred=True)
    actions.mark_investment(
        received=row,
        bases={row.taxes.get(percent=21).pk: 100_000},
        by=billing.clerk,
        now=MONTH_END,
    )

    assert boxes()["77"] == (None, Decimal("212.00"))
    assert boxes()["34 · 35"] == (Decimal("1000.00"), Decimal("210.00"))
    assert boxes()["46"] == (None, Decimal("-212.00"))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": " "}, "no_number"),
        ({"supplier_name": ""}, "no_name"),
        ({"supplier_tax_id": " "}, "no_tax_id"),
        ({"content": b"<a/>"}, "no_paper"),
        ({"content": PDF + b" " * 10_000_000}, "too_large"),
        ({"taxes": []}, "no_taxes"),
        ({"taxes": [TypedTax(Decimal(21), -100, -21)]}, "no_taxes"),
        ({"taxes": [TypedTax(Decimal(21), 100_000, 2100)]}, "not_its_rate"),
        ({"issued_on": date(2026, 12, 1)}, "future"),
    ],
)
def test_what_is_no_customs_document_is_refused(billing: Billing, fields: dict[str, Any], code: str) -> None:
    refused(lambda: file_customs(billing, **fields), code)


def test_a_customs_document_is_filed_once_by_whom_it_is(billing: Billing) -> None:
    file_customs(billing)

    refused(lambda: file_customs(billing), "already_filed")
    refused(lambda: file_customs(billing, content=PDF + b"."), "already_filed")
    refused(lambda: file_customs(billing, number="2", by=make_person(Role.TECHNICIAN)), "not_allowed")


def test_a_customs_document_is_charged_to_no_client(billing: Billing) -> None:
    row, draft = file_customs(billing), billing.draft()

    refused(
        lambda: actions.charge_received(
            received=row, contract=billing.contract, draft=draft, by=billing.clerk, now=MONTH_END
        ),
        "customs_document",
    )


def test_goods_that_came_through_customs_are_not_taxed_twice(billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk, supplier_tax_id="84-1234567", tax=0, total=10_000)
    row.taxes.update(category="O", percent=0, amount=0)
    assert boxes()["12 · 13"] == (Decimal("100.00"), Decimal("21.00"))

    import_mark(billing, row)
    assert "12 · 13" not in boxes()
    assert boxes()["45"] == (None, 0)

    import_mark(billing, row, is_imported=False)
    assert "12 · 13" in boxes()


def test_what_cannot_have_come_through_customs(billing: Billing) -> None:
    customs, taxed = file_customs(billing), at_home(billing)

    refused(lambda: import_mark(billing, customs), "customs_document")
    refused(lambda: import_mark(billing, taxed), "taxed")
    technician = make_person(Role.TECHNICIAN)
    refused(
        lambda: actions.mark_imported(received=taxed, is_imported=True, by=technician, now=MONTH_END),
        "not_allowed",
    )


def test_what_is_typed_stands_in_its_box_until_it_is_taken_away(billing: Billing) -> None:
    adjust(billing)
    adjust(billing, -250)
    adjust(billing, 900, period="11", box="42")

    assert boxes()["43"] == (None, Decimal("-2.50"))
    assert boxes()["45"] == (None, Decimal("6.50"))
    assert by_box(adjustments_in(YEAR)) == {"42": 900, "43": -250}
    assert by_box(adjustments_in(Period.of(2026, "11"))) == {"42": 900}
    assert by_box(adjustments_in(Period.of(2025, "4T"))) == {}

    assert adjust(billing, 0) is None
    assert "43" not in boxes()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"period": "0A"}, "bad_period"),
        ({"period": "5T"}, "bad_period"),
        ({"box": "45"}, "bad_box"),
        ({"reason": " "}, "no_reason"),
        ({"amount": 0}, "no_amount"),
    ],
)
def test_what_cannot_be_typed(billing: Billing, fields: dict[str, Any], code: str) -> None:
    refused(lambda: adjust(billing, **fields), code)


def test_whose_adjusting_is(billing: Billing) -> None:
    refused(lambda: adjust(billing, by=make_person(Role.SUPERVISOR)), "not_allowed")
