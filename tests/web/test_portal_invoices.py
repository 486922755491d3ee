"""Invoices in the portal: who sees them, the annex behind each line, what was paid, the PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import User
from ecuanime.billing import actions
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Contact
from ecuanime.worklog.actions import adjust_entry, review_entry
from tests.factories import make_client, make_contact
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(MONTH_END, tick=False)


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def browser_of(contact: Contact) -> Browser:
    user = User.objects.create_user(
        email=contact.email, password="una clave bastante larga", name=contact.name, language="en"
    )
    Contact.objects.filter(pk=contact.pk).update(user=user)
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def lead(billing: Billing) -> Browser:
    return browser_of(billing.lead)


def issued(billing: Billing, *minutes: int, **fields: Any) -> Invoice:
    billing.approved(*(minutes or (30,)), **fields)
    return actions.ensure_pdf(invoice=billing.issue(), now=billing.now)


def text_of(response: Any) -> str:
    return " ".join(str(response.content.decode()).replace("\xa0", " ").split())


def test_an_invoice_opens_each_line_to_the_work_behind_it(billing: Billing, lead: Browser) -> None:
    invoice = issued(billing, 30, 15, note="Copias")
    page = text_of(lead.get(f"/portal/facturas/{invoice.number}/"))
    for part in (
        f'<h1>Invoice <span class="ec-nw">{invoice.number}</span></h1>',
        "0 h 45 at €44.00 an hour",
        "€33.00",
        "2 pieces of work",
        "Copias",
        "€22.00",
        "€11.00",
        "To be paid",
        "0 h 30 at €44.00 an hour",
        "Download the PDF",
    ):
        assert part in page


def test_goodwill_shows_with_nothing_to_pay(billing: Billing, lead: Browser) -> None:
    entry = billing.office.closed(20, note="Culpa nuestra")
    supervisor = billing.office.supervisor
    now = MONTH_END
    adjust_entry(entry=entry, by=supervisor, reason="nuestra", billable_seconds=0, now=now)
    review_entry(entry=entry, by=supervisor, now=now, version=entry.version + 1)
    invoice = issued(billing)
    page = text_of(lead.get(f"/portal/facturas/{invoice.number}/"))
    assert "Also done, with nothing to pay" in page
    assert "Culpa nuestra" in page


def test_the_list_says_how_each_stands_for_whoever_pays(billing: Billing, lead: Browser) -> None:
    assert "There is no invoice yet" in text_of(lead.get("/portal/facturas/"))
    invoice = issued(billing)
    assert "To be paid" in text_of(lead.get("/portal/facturas/"))
    actions.record_payment(
        invoice=invoice,
        amount=invoice.total,
        received_on=MONTH_END.date(),
        by=billing.clerk,
        now=billing.now,
        idempotency_key="pago",
    )
    page = text_of(lead.get("/portal/facturas/"))
    assert "Paid" in page
    assert "To be paid" not in page
    assert "bank transfer" in text_of(lead.get(f"/portal/facturas/{invoice.number}/")).lower()


def test_what_is_overdue_says_so(billing: Billing, time_machine: Any) -> None:
    issued(billing)
    time_machine.move_to(MONTH_END + timedelta(days=90), tick=False)
    assert "Overdue" in text_of(browser_of(billing.lead).get("/portal/"))


def test_a_credit_note_is_linked_from_what_it_corrects(billing: Billing, lead: Browser) -> None:
    invoice = issued(billing)
    note = actions.credit_invoice(invoice=invoice, reason="Error nuestro", by=billing.clerk, now=billing.now)
    page = text_of(lead.get(f"/portal/facturas/{invoice.number}/"))
    assert f"/portal/facturas/{note.number}/" in page
    assert "Credited" in page
    page = text_of(lead.get(f"/portal/facturas/{note.number}/"))
    assert f"corrects {invoice.number}" in page
    assert "Error nuestro" in page


def test_the_pdf_comes_as_a_download(billing: Billing, lead: Browser) -> None:
    at_any_instant = replace(billing, now=MONTH_END - timedelta(microseconds=4321))
    invoice = issued(at_any_instant)
    response = lead.get(f"/portal/facturas/{invoice.number}/pdf/")
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'


def test_until_its_pdf_is_made_there_is_none_to_download(billing: Billing, lead: Browser) -> None:
    billing.approved(30)
    invoice = billing.issue()
    assert "Its PDF is being made" in text_of(lead.get(f"/portal/facturas/{invoice.number}/"))
    assert lead.get(f"/portal/facturas/{invoice.number}/pdf/").status_code == 404


def test_drafts_and_what_is_another_clients_do_not_exist(billing: Billing, lead: Browser) -> None:
    billing.approved(30)
    draft = billing.draft()
    assert lead.get(f"/portal/facturas/borrador-{draft.pk}/").status_code == 404
    invoice = billing.issue(draft)
    stranger = browser_of(make_contact(make_client(), is_project_lead=True))
    asker = browser_of(make_contact(billing.client))
    for browser in (stranger, asker):
        for address in (f"/portal/facturas/{invoice.number}/", f"/portal/facturas/{invoice.number}/pdf/"):
            assert browser.get(address).status_code == 404
    assert invoice.number not in text_of(stranger.get("/portal/facturas/"))
    assert asker.get("/portal/facturas/").status_code == 404


def test_whoever_has_the_right_sees_them_without_being_a_lead(billing: Billing) -> None:
    invoice = issued(billing)
    clerk = browser_of(make_contact(billing.client, sees_invoices=True))
    assert clerk.get(f"/portal/facturas/{invoice.number}/").status_code == 200
    assert invoice.number in text_of(clerk.get("/portal/"))


def cost(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


def test_lists_and_pages_cost_the_same_with_one_row_and_with_three(billing: Billing, lead: Browser) -> None:
    one = issued(billing)
    few = cost(lead, "/portal/facturas/"), cost(lead, f"/portal/facturas/{one.number}/")
    three = issued(billing, 15, 20, 25)
    issued(billing)
    many = cost(lead, "/portal/facturas/"), cost(lead, f"/portal/facturas/{three.number}/")
    assert few == many


def test_what_a_former_program_invoiced_is_shown_without_a_pdf(billing: Billing, lead: Browser) -> None:
    invoice = actions.bring_invoice(
        client=billing.client,
        number="A/1023",
        issued_on=MONTH_END.date(),
        due_on=MONTH_END.date(),
        total=12100,
        tax=2100,
        paid=0,
        by=billing.clerk,
        now=MONTH_END,
    )
    assert f'href="/portal/facturas/{invoice.key}/"' in text_of(lead.get("/portal/facturas/"))
    page = text_of(lead.get(f"/portal/facturas/{invoice.key}/"))
    assert '<h1>Invoice of a former program <span class="ec-nw">A/1023</span></h1>' in page
    assert "PDF" not in page
    assert lead.get("/portal/facturas/A%2F1023/").status_code == 404
