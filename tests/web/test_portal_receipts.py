"""Payment receipts in the portal: Mexico's stamped complements, for contacts who may see invoices alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.billing.actions.mexico import complement_payment
from ecuanime.billing.models import Cfdi, Invoice
from tests.factories import make_client, make_contact
from tests.factories.mexico import Stamping, stamping_firm
from tests.rooms.billing.mexico.test_complements import paid
from tests.web.test_portal_invoices import browser_of

pytestmark = pytest.mark.django_db
LIST = "/portal/facturas/recibos/"


@pytest.fixture
def stamping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamping]:
    with stamping_firm(monkeypatch) as made:
        yield made


@pytest.fixture
def lead(stamping: Stamping) -> Client:
    return browser_of(stamping.billing.lead)


def receipt(stamping: Stamping, issued: Invoice, cents: int) -> Cfdi:
    """A payment with its complement, stamped and drawn."""
    payment = paid(stamping, issued, cents)
    row = complement_payment(payment=payment, by=stamping.billing.clerk, now=stamping.now)
    stamping.stamp()
    stamping.sent()
    row.refresh_from_db()
    return row


def test_whoever_sees_invoices_finds_each_with_its_pdf_and_xml(stamping: Stamping, lead: Client) -> None:
    issued = stamping.stamped(100)
    invoices, one = "/portal/facturas/", f"/portal/facturas/{issued.number}/"
    assert LIST not in lead.get(invoices).content.decode()
    assert "There is no receipt yet" in lead.get(LIST).content.decode()
    row = receipt(stamping, issued, 100_000)
    assert LIST in lead.get(invoices).content.decode()
    for address in (LIST, one):
        shown = lead.get(address).content.decode()
        assert all(
            text in shown for text in (row.uuid, f"{LIST}{row.pk}/pdf/", f"{LIST}{row.pk}/xml/", "1,000.00")
        )
    pdf, xml = lead.get(f"{LIST}{row.pk}/pdf/"), lead.get(f"{LIST}{row.pk}/xml/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert b"".join(pdf).startswith(b"%PDF")
    assert xml.content.decode() == row.stamped
    assert xml.headers["Content-Disposition"] == f'attachment; filename="{issued.number}-{row.uuid}.xml"'


def test_nobody_else_does(stamping: Stamping) -> None:
    row = receipt(stamping, stamping.stamped(100), 100_000)
    client = stamping.billing.client
    plain = browser_of(make_contact(client, email="sin@facturas.example", sees_invoices=False))
    stranger = browser_of(
        make_contact(make_client(name="Otra"), email="otra@otra.example", sees_invoices=True)
    )
    assert plain.get(LIST).status_code == 404
    assert row.uuid not in stranger.get(LIST).content.decode()
    for browser in (plain, stranger):
        for kind in ("pdf", "xml"):
            assert browser.get(f"{LIST}{row.pk}/{kind}/").status_code == 404


def test_what_waits_was_a_test_or_was_replaced_is_not_there(stamping: Stamping, lead: Client) -> None:
    issued = stamping.stamped(100)
    row = receipt(stamping, issued, 50_000)
    waiting = complement_payment(
        payment=paid(stamping, issued, 20_000), by=stamping.billing.clerk, now=stamping.now
    )
    assert lead.get(f"{LIST}{waiting.pk}/xml/").status_code == 404
    invoice_cfdi = Cfdi.objects.get(invoice=issued, payment=None)
    assert lead.get(f"{LIST}{invoice_cfdi.pk}/xml/").status_code == 404
    assert row.uuid in lead.get(LIST).content.decode()
    Cfdi.objects.filter(pk=row.pk).update(superseded_at=stamping.now)
    assert row.uuid not in lead.get(LIST).content.decode()
    assert lead.get(f"{LIST}{row.pk}/pdf/").status_code == 404


def test_the_list_asks_as_much_for_one_as_for_three(stamping: Stamping, lead: Client) -> None:
    issued = stamping.stamped(100)
    counts = {LIST: [], f"/portal/facturas/{issued.number}/": []}
    for more in (1, 2):
        for _ in range(more):
            receipt(stamping, issued, 10_000)
        for address, found in counts.items():
            with CaptureQueriesContext(connection) as asked:
                lead.get(address)
            found.append(len(asked))
    assert all(len(set(found)) == 1 for found in counts.values()), counts
