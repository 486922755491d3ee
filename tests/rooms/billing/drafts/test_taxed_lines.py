"""Lines of Spanish documents bear the tax of their kind and say why, and credits give it back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ecuanime.billing import actions
from ecuanime.billing.models import Invoice, InvoiceLine, TaxRate
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories.billing import Billing, make_billing, make_issuing_firm, with_address

pytestmark = pytest.mark.django_db


def in_spain(**client: Any) -> Billing:
    """A demo firm in Spain, which may issue, and its client."""
    values = {"country": "ES", "postcode": "28013", "city": "Madrid", "language": "en", "tax_id": "B58378431"}
    billing = make_billing(**values)
    with_address(billing.client, **(values | client))
    make_issuing_firm(country="ES", tax_id="B58378431", postcode="41003", city="Sevilla", is_demo=True)
    return billing


def add(billing: Billing, draft: Invoice, kind: str, price: str = "100", **fields: Any) -> InvoiceLine:
    values = {"description": "Something", "units": 1, "price": Decimal(price), "kind": kind}
    return actions.add_line(invoice=draft, by=billing.clerk, now=billing.now, **(values | fields))


def taxes(invoice: Invoice) -> list[tuple[str, int, int, int]]:
    return sorted(invoice.taxes.values_list("tax_code", "base", "amount", "surcharge"))


def test_goods_for_a_retailer_bear_the_surcharge_and_services_do_not() -> None:
    billing = in_spain(in_retail_scheme=True)
    billing.approved(60)
    draft = billing.draft()

    add(billing, draft, InvoiceLine.Kind.GOODS)
    add(billing, draft, InvoiceLine.Kind.EXPENSE, "10")

    draft.refresh_from_db()
    assert taxes(draft) == [("es-21", 5400, 1134, 0), ("es-21-re", 10000, 2100, 520)]
    assert (draft.net, draft.tax, draft.total) == (15400, 3754, 19154)
    assert [line.tax_why for line in draft.lines.order_by("position")] == [
        "domestic",
        "retail_scheme",
        "domestic",
    ]
    assert str(TaxRate.objects.get(code="es-21-re")) == "IVA 21 % + 5.2 %"


def test_a_credit_note_gives_the_surcharge_back_with_the_tax() -> None:
    billing = in_spain(in_retail_scheme=True)
    billing.approved(60)
    draft = billing.draft()
    add(billing, draft, InvoiceLine.Kind.GOODS, "33.33", units=3)
    issued = billing.issue(draft)

    note = actions.credit_invoice(invoice=issued, reason="Sent back", by=billing.clerk, now=billing.now)

    assert taxes(note) == [(code, -base, -tax, -more) for code, base, tax, more in taxes(issued)]
    assert [row.operation for row in note.taxes.all()] == ["S1", "S1"]
    issued.refresh_from_db()
    assert (note.total, issued.owed) == (-issued.total, 0)
    assert list(verify_invoices()) == []


@pytest.mark.parametrize(
    ("client", "code", "facts"),
    [
        ({"postcode": "35001"}, "es-elsewhere", ("01", "08", "N2")),
        ({"country": "IE", "tax_id": "IE6388047V", "postcode": ""}, "eu-reverse", ("01", "01", "N2")),
        ({"country": "MX", "tax_id": "X1", "postcode": ""}, "eu-outside", ("01", "01", "N2")),
        ({"postcode": "38001", "kind": "consumer"}, "es-21", ("01", "01", "S1")),
    ],
)
def test_a_tax_line_says_how_its_record_classes_it(
    client: Any, code: str, facts: tuple[str, str, str]
) -> None:
    billing = in_spain(**client)
    billing.approved(60)

    row = billing.issue().taxes.get()

    assert (row.tax_code, row.levy, row.regime, row.operation) == (code, *facts)
    assert bool(row.reason) == (code != "es-21")


def test_a_firm_that_moves_to_the_canary_islands_charges_its_igic() -> None:
    billing = in_spain()
    billing.approved(60)
    draft = billing.draft()
    make_issuing_firm(country="ES", tax_id="B58378431", postcode="35001", city="Las Palmas", is_demo=True)
    with_address(billing.client, country="ES", postcode="38001", city="Santa Cruz", language="en")

    changed = actions.recompute_draft(invoice=draft, by=billing.clerk, now=billing.now)

    assert taxes(changed) == [("ic-7", 4400, 308, 0)]
    assert TaxRate.objects.get(is_default=True).code == "ic-7"


def test_what_a_person_chooses_says_so() -> None:
    billing = in_spain()
    billing.approved(60)
    draft = billing.draft()
    rate = TaxRate.objects.get(code="es-exempt")

    line = add(billing, draft, InvoiceLine.Kind.SERVICE, tax_rate=rate)

    assert (line.tax_why, line.operation, line.tax_percent) == ("chosen", "E1", 0)
