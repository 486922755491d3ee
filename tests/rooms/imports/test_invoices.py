"""Open invoices come with their own numbers, once, and are owed here."""

from __future__ import annotations

import pytest

from ecuanime.billing.models import Invoice, Payment
from ecuanime.billing.queries import invoices_in, receivables
from ecuanime.clients.models import Client
from tests.factories import NOW, make_client, make_firm
from tests.rooms.imports.files import brought, csv_of, given, outcomes

pytestmark = pytest.mark.django_db
HEADERS = ("Cliente", "Factura", "Serie", "Fecha", "Vencimiento", "Importe", "IVA", "Pagado", "Moneda")
FIRST = ("C-0700", "A/1023", "", "01/10/2026", "31/10/2026", "1.210,00", "210,00", "500,00", "")
SECOND = ("Óptica", "7", "B", "2026-10-15", "2026-11-15", "484", "", "", "USD")


@pytest.fixture(autouse=True)
def customer() -> Client:
    """A client who owes."""
    make_firm(country="ES")
    return make_client(name="Óptica", code="C-0700")


def test_invoices_come_once_and_are_owed(customer: Client) -> None:
    content = csv_of(HEADERS, FIRST, SECOND)
    assert (given("invoices", content).new, Invoice.objects.count()) == (2, 0)
    file = brought("invoices", content)
    assert file.rows.get(number=2).words == "A/1023 · Óptica · €710.00 owed"
    owed = {row.currency: row.owed for row in receivables(today=NOW.date(), client=customer)}
    assert owed == {"EUR": 71000, "USD": 48400}
    assert [row.invoice.number for row in invoices_in(today=NOW.date()).rows] == ["B-7", "A/1023"]
    again = given("invoices", csv_of(HEADERS, FIRST, SECOND))
    assert (again.new, again.known, again.wrong, Payment.objects.count()) == (0, 2, 0, 1)


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        (0, "Nadie", "unknown_client"),
        (1, "", "empty_cell"),
        (1, "F-2026-12", "number_of_ours"),
        (4, "", "empty_cell"),
        (5, "-1,00", "negative"),
        (5, "1210,001", "too_precise"),
        (7, "1210,01", "above_total"),
        (5, "999,00", "number_twice"),
        (3, "02/10/2026", "number_twice"),
    ],
)
def test_a_wrong_row_keeps_all_out(place: int, cell: str, code: str) -> None:
    if code == "number_twice":
        brought("invoices", csv_of(HEADERS, FIRST))
    before = Invoice.objects.count()
    row = (*FIRST[:place], cell, *FIRST[place + 1 :])
    assert outcomes(given("invoices", csv_of(HEADERS, SECOND, row))) == [(2, "new", ""), (3, "wrong", code)]
    assert Invoice.objects.count() == before
