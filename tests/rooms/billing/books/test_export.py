"""The export for the firm's invoicing program."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO

import pytest

from ecuanime.billing import actions
from ecuanime.billing.books.export import invoices_csv
from ecuanime.billing.models import Invoice
from tests.factories.billing import Billing, make_billing, make_issuing_firm

pytestmark = pytest.mark.django_db


def exported() -> list[dict[str, str]]:
    text = "".join(invoices_csv(Invoice.objects.all()))
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}number,")
    return list(csv.DictReader(StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))


def test_time_is_in_minutes_with_its_price_per_60() -> None:
    billing = make_billing()
    make_issuing_firm(country="ES")
    billing.approved(5, 5, 5)
    issued = billing.issue()
    note = actions.credit_invoice(invoice=issued, reason="mal", by=billing.clerk, now=billing.now)

    first, second = exported()

    assert (first["number"], first["kind"], first["issued_on"]) == ("P-2026-0001", "pro_forma", "2026-11-30")
    assert (first["minutes"], first["price_per_60_minutes"], first["amount"]) == ("15", "44", "11.00")
    assert (first["units"], first["unit_price"]) == ("", "")
    assert (first["tax"], first["tax_percent"], first["document_total"]) == ("IVA", "21", "13.31")
    assert (second["number"], second["corrects"]) == (note.number, "P-2026-0001")
    assert (second["minutes"], second["amount"]) == ("-15", "-11.00")


def _with_line(billing: Billing, description: str) -> None:
    billing.approved(5)
    draft = billing.draft()
    actions.add_line(
        invoice=draft,
        description=description,
        units=2,
        price=Decimal("-0.5"),
        by=billing.clerk,
        now=billing.now,
    )
    billing.issue(draft)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_text_is_a_formula(formula: str) -> None:
    _with_line(make_billing(name=formula, legal_name=formula), formula)

    rows = exported()

    assert {row["customer_name"] for row in rows} == {f"'{formula}"}
    assert rows[-1]["description"] == f"'{formula}"
    assert (rows[-1]["amount"], rows[-1]["unit_price"]) == ("-1.00", "-0.5")


def test_commas_quotes_and_lines_stay_in_their_cell() -> None:
    _with_line(make_billing(legal_name='Cable, "S. L."\nDos'), 'De 3", negro')

    rows = exported()

    assert rows[-1]["customer_name"] == 'Cable, "S. L."\nDos'
    assert rows[-1]["description"] == 'De 3", negro'


def test_drafts_are_left_out() -> None:
    billing = make_billing()
    billing.approved(5)
    billing.draft()

    assert exported() == []
