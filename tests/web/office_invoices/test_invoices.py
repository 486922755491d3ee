"""Invoices on screen: the list, a document with its why, issuing, the PDF, mail, payments and credit notes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import Invoice, Payment, Run, TaxRate
from ecuanime.billing.queries import key_of, unbilled_segments
from ecuanime.contracts.models import Approval, PlanKind
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories import make_contact, make_contract, make_firm, make_person
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing, with_address
from tests.factories.tickets import make_ticket
from tests.rooms.billing.snapshots import everything
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def surroundings(time_machine: Any, settings: Settings, tmp_path: Path) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    settings.ECUANIME_FILES = str(tmp_path)


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def clerk(client: Browser, billing: Billing) -> Browser:
    client.force_login(billing.clerk)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def url_of(invoice: Invoice, *parts: str) -> str:
    return "/".join(["/facturas", key_of(invoice), *parts, ""])


def issued(billing: Billing) -> Invoice:
    billing.approved(60)
    return billing.issue()


def changed_nothing(before: tuple[object, ...]) -> bool:
    return everything() == before


# Who may


@pytest.mark.parametrize("role", [Role.BILLING, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_whoever_bills_sees_the_list(client: Browser, billing: Billing, role: str) -> None:
    client.force_login(make_person(role, language="en"))

    assert client.get("/facturas/").status_code == 200


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.CONSULTANT])
def test_others_of_the_firm_see_and_do_nothing(client: Browser, billing: Billing, role: str) -> None:
    invoice = issued(billing)
    billing.approved(30)
    draft = billing.draft()
    pack = f"/contratos/{billing.contract.number}/vender/"
    client.force_login(make_person(role))
    before = everything()

    for url in ("/facturas/", "/facturas/preparar/", "/facturas/exportar/", url_of(invoice), pack):
        assert client.get(url).status_code == 403
    assert client.get(url_of(invoice, "pdf")).status_code == 403
    for url in (url_of(draft, "emitir"), url_of(draft, "descartar"), url_of(invoice, "cobros")):
        assert client.post(url).status_code == 403
    assert changed_nothing(before)


def test_a_contact_does_not_come_in(client: Browser, billing: Billing) -> None:
    contact = make_contact(billing.client, signs_in=True, sees_invoices=True)
    assert contact.user is not None
    client.force_login(contact.user)

    assert client.get("/facturas/").status_code == 403


# The list


def test_the_list_shows_documents_and_what_is_owed(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    billing.approved(30)

    page = text_of(clerk.get("/facturas/"))

    for part in (invoice.number or "", billing.client.name, "€54.12", "1 client, before tax", "€22.00"):
        assert part in page
    assert "Issued" in page


def test_filters_stand_in_the_address(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    other = make_billing_client(billing)
    number = invoice.number or ""

    assert number not in text_of(clerk.get("/facturas/?ver=borradores"))
    assert number in text_of(clerk.get("/facturas/?ver=por-cobrar"))
    assert number not in text_of(clerk.get("/facturas/?ver=vencidas"))
    assert number in text_of(clerk.get(f"/facturas/?cliente={billing.client.code}"))
    assert number not in text_of(clerk.get(f"/facturas/?cliente={other.client.code}"))
    assert number in text_of(clerk.get(f"/facturas/?buscar={number[-4:]}"))
    assert "No invoice matches" in text_of(clerk.get("/facturas/?buscar=nobody"))
    assert clerk.get("/facturas/?cliente=C-none").status_code == 404
    assert clerk.get("/facturas/?buscar=%00&d=%00").status_code == 400


def make_billing_client(billing: Billing) -> Billing:
    """Another client of the same firm."""
    contract = make_contract(version=by_the_minute(), approval=Approval.SUPERVISOR)
    client = with_address(contract.client)
    ticket = make_ticket(contact=make_contact(client), client=client)
    type(ticket).objects.filter(pk=ticket.pk).update(contract=contract)
    ticket.refresh_from_db()
    office = type(billing.office)(
        technician=billing.office.technician,
        supervisor=billing.office.supervisor,
        client=client,
        lead=billing.office.lead,
        contract=contract,
        ticket=ticket,
    )
    return Billing(office, billing.clerk)


def test_overdue_is_said_and_filtered(clerk: Browser, billing: Billing, time_machine: Any) -> None:
    invoice = issued(billing)
    time_machine.move_to(MONTH_END + timedelta(days=40), tick=False)
    clerk.force_login(billing.clerk)

    page = text_of(clerk.get("/facturas/?ver=vencidas"))

    assert (invoice.number or "") in page
    assert "1 document, 10 days at most" in page


def test_the_list_takes_the_same_queries_at_one_row_and_at_three(clerk: Browser, billing: Billing) -> None:
    issued(billing)
    with CaptureQueriesContext(connection) as one:
        clerk.get("/facturas/")
    for _each in range(2):
        other = make_billing_client(billing)
        other.approved(30)
        other.issue()
    billing.approved(5)
    with CaptureQueriesContext(connection) as three:
        response = clerk.get("/facturas/")

    assert response.content.count(b"data-row") == 3
    assert len(three) == len(one)


def test_pages_follow_by_key(clerk: Browser, billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecuanime.web.office.invoices.listing.PAGE", 1)
    first = issued(billing)
    billing.approved(30)
    second = billing.issue()

    page = clerk.get("/facturas/")
    assert (second.number or "") in text_of(page)
    assert f"/{first.number}/" not in text_of(page)
    older = clerk.get(page.context["next_url"])
    assert f"/{first.number}/" in text_of(older)
    assert older.context["next_url"] == ""


# Drafts


def test_a_draft_shows_its_lines_with_their_why(clerk: Browser, billing: Billing) -> None:
    billing.approved(30, 45)
    draft = billing.draft()

    page = text_of(clerk.get(url_of(draft)))

    for part in (
        "Draft without a number.",
        "Why? From 2 entries",
        "Worked in 2 entries",
        "Teo Bruna 1 h 15",
        "€44.00 an hour",
        "€55.00",
        f"#{billing.ticket.number}",
        "Worked on",
    ):
        assert part in page


def test_a_documents_queries_do_not_grow_with_its_time(clerk: Browser, billing: Billing) -> None:
    billing.approved(30)
    draft = billing.draft()
    clerk.get(url_of(draft))
    with CaptureQueriesContext(connection) as one:
        clerk.get(url_of(draft))
    billing.approved(15, 20)
    billing.run()
    with CaptureQueriesContext(connection) as three:
        page = clerk.get(url_of(draft))

    assert "From 3 entries" in text_of(page)
    assert len(three) == len(one)


def test_a_line_is_added_and_removed_by_hand(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()

    added = {"kind": "expense", "description": "Travel", "units": "2.5", "unit_name": "km", "price": "12.50"}
    assert clerk.post(url_of(draft, "lineas"), added | {"discount_percent": "10"}).status_code == 302
    line = draft.lines.get(description="Travel")
    assert (line.gross, line.amount) == (3125, 2812)
    page = text_of(clerk.get(url_of(draft)))
    assert "2.5 km × €12.50 = €31.25, less 10%: −€3.13" in page

    assert clerk.post(url_of(draft, "lineas", str(line.pk), "quitar")).status_code == 302
    assert not draft.lines.filter(description="Travel").exists()


def test_a_line_of_time_is_discounted_on_its_page(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    address = url_of(draft, "lineas", str(draft.lines.get().pk), "descuento")
    assert "comes to €44.00" in text_of(clerk.get(address))
    assert clerk.post(address, {"percent": "10", "amount": "1"}).status_code == 422

    page = text_of(clerk.post(address, {"percent": "10"}, follow=True))

    assert "1 h 00 × €44.00 = €44.00, less 10%: −€4.40" in page
    draft.refresh_from_db()
    assert draft.net == 3960


def test_a_discount_is_taken_off_the_draft_and_ended(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()

    assert clerk.post(url_of(draft, "descuento"), {"percent": "10", "reason": "Loyalty"}).status_code == 302
    assert "Loyalty 10" in text_of(clerk.get(url_of(draft)))
    refused = clerk.post(url_of(draft, "descuento"), {"percent": "10", "amount": "1"})
    assert refused.status_code == 422
    assert "not both" in text_of(refused)
    assert clerk.post(url_of(draft, "descuento")).status_code == 302
    draft.refresh_from_db()
    assert draft.net == 4400


@pytest.mark.parametrize("price", ["0", "", "abc", "NaN", "1.1234567", "99999999999"])
def test_a_line_without_a_price_is_refused_where_it_was_typed(
    clerk: Browser, billing: Billing, price: str
) -> None:
    billing.approved(60)
    draft = billing.draft()
    before = everything()

    answer = clerk.post(url_of(draft, "lineas"), {"description": "Travel", "units": "1", "price": price})

    assert answer.status_code == 422
    assert "Travel" in text_of(answer)
    assert changed_nothing(before)


def test_a_line_of_time_is_not_removed(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    before = everything()

    clerk.post(url_of(draft, "lineas", str(draft.lines.get().pk), "quitar"))

    assert "was not added by hand" in text_of(clerk.get(url_of(draft)))
    assert changed_nothing(before)


def test_a_draft_is_taxed_in_another_way_and_made_anew(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    other = TaxRate.objects.create(code="half", name="VAT", percent="10")

    assert clerk.post(url_of(draft, "impuesto"), {"tax_rate": other.pk}).status_code == 302
    draft.refresh_from_db()
    assert (draft.net, draft.tax) == (4400, 440)
    assert clerk.post(url_of(draft, "rehacer")).status_code == 302
    before = everything()
    assert clerk.post(url_of(draft, "impuesto"), {"tax_rate": "999999"}).status_code == 422
    assert changed_nothing(before)


def test_discarding_asks_first_and_frees_the_time(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()

    assert "can be billed again" in text_of(clerk.get(url_of(draft, "descartar")))
    assert Invoice.objects.filter(pk=draft.pk).exists()
    assert clerk.post(url_of(draft, "descartar")).status_code == 302
    assert not Invoice.objects.filter(pk=draft.pk).exists()
    assert unbilled_segments(MONTH_END.date()).count() == 1
    assert clerk.get(url_of(draft)).status_code == 404


# Issuing


def test_issuing_says_what_it_means_and_gives_the_number(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()

    asked = text_of(clerk.get(url_of(draft, "emitir")))
    for part in ("€54.12", "next number of series F", "never changes", "facturas@cliente.example"):
        assert part in asked

    answer = clerk.post(url_of(draft, "emitir"))
    draft.refresh_from_db()
    assert draft.number == "F-2026-0001"
    assert answer["Location"] == "/facturas/F-2026-0001/"
    assert "Issued by Marcos León" in text_of(clerk.get("/facturas/F-2026-0001/"))


def test_issuing_twice_leads_to_the_same_document(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    clerk.post(url_of(draft, "emitir"))
    before = everything()

    again = clerk.post(f"/facturas/borrador-{draft.pk}/emitir/")

    assert again["Location"] == "/facturas/F-2026-0001/"
    assert clerk.get(f"/facturas/borrador-{draft.pk}/")["Location"] == "/facturas/F-2026-0001/"
    assert changed_nothing(before)


def test_what_is_missing_on_an_invoice_is_named(clerk: Browser, billing: Billing) -> None:
    with_address(billing.client, address="")
    billing.approved(60)
    draft = billing.draft()
    before = everything()

    answer = clerk.post(url_of(draft, "emitir"))

    assert answer.status_code == 422
    assert "address" in text_of(answer)
    assert f"/clientes/{billing.client.code}/datos/" in text_of(answer)
    assert changed_nothing(before)


@pytest.mark.parametrize("country", ["ES", "MX"])
def test_a_country_without_a_legal_pack_refuses_and_says_the_way_on(
    clerk: Browser, billing: Billing, country: str
) -> None:
    billing.approved(60)
    draft = billing.draft()
    make_firm(country=country)
    before = everything()

    answer = clerk.post(url_of(draft, "emitir"))

    assert answer.status_code == 422
    page = text_of(answer)
    for part in ("a pro-forma and export it", "Draft it again as a pro-forma", "/facturas/exportar/"):
        assert part in page
    assert changed_nothing(before)


def test_there_a_pro_forma_is_issued_and_says_what_it_is(clerk: Browser, billing: Billing) -> None:
    make_firm(country="ES")
    billing.approved(60)
    draft = billing.draft()

    assert "not an invoice" in text_of(clerk.get(url_of(draft, "emitir")))
    clerk.post(url_of(draft, "emitir"))

    draft.refresh_from_db()
    assert draft.number == "P-2026-0001"
    assert "RD 1007/2023" in text_of(clerk.get(url_of(draft)))


def test_an_issued_document_is_changed_by_nobody(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    before = everything()

    for part in ("descartar", "rehacer", "lineas", "impuesto"):
        assert clerk.post(url_of(invoice, part)).status_code == 404
    assert changed_nothing(before)


@pytest.mark.parametrize("key", ["F-2026-9999", "borrador-0", "borrador-x", "borrador-" + "9" * 40, "x"])
def test_what_there_is_not_is_not_found(clerk: Browser, key: str) -> None:
    for part in ("", "pdf/", "emitir/"):
        assert clerk.get(f"/facturas/{key}/{part}").status_code == 404


# PDF and mail


def test_the_pdf_is_a_download(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    assert clerk.get(url_of(invoice, "pdf"))["Location"] == url_of(invoice)
    actions.ensure_pdf(invoice=invoice, now=MONTH_END)

    answer = clerk.get(url_of(invoice, "pdf"))

    assert answer.getvalue().startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="F-2026-0001.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_draft_has_no_pdf(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)

    assert clerk.get(url_of(billing.draft(), "pdf")).status_code == 404


def test_the_page_says_how_the_mail_stands_and_sends_again(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    assert "The PDF is being drawn" in text_of(clerk.get(url_of(invoice)))
    invoice = actions.ensure_pdf(invoice=invoice, now=MONTH_END)
    OutgoingMail.objects.filter(invoices=invoice).update(state="bounced", error="550 the box is full")

    page = text_of(clerk.get(url_of(invoice)))
    assert "came back: 550 the box is full" in page
    assert "Not delivered" in page

    form = {"to": "a@cliente.example, b@cliente.example", "idempotency_key": KEY}
    assert clerk.post(url_of(invoice, "enviar"), form).status_code == 302
    assert clerk.post(url_of(invoice, "enviar"), form).status_code == 302
    assert OutgoingMail.objects.filter(purpose="invoice").count() == 2
    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == ["a@cliente.example", "b@cliente.example"]
    assert "Sent again by Marcos León" in text_of(clerk.get(url_of(invoice)))


@pytest.mark.parametrize("to", ["", "nobody", "a@b@c", "a@cliente.example\nBcc: x@y.example"])
def test_a_bad_address_is_refused(clerk: Browser, billing: Billing, to: str) -> None:
    invoice = actions.ensure_pdf(invoice=issued(billing), now=MONTH_END)
    before = everything()

    assert clerk.post(url_of(invoice, "enviar"), {"to": to}).status_code == 422
    assert changed_nothing(before)


# Payments


def payment(**fields: str) -> dict[str, str]:
    values = {"amount": "54.12", "received_on": "2026-11-30", "method": "transfer", "reference": "BBVA 7"}
    return values | {"idempotency_key": KEY} | fields


def test_a_payment_is_noted_once_however_often_it_is_sent(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)

    for _each in range(2):
        assert clerk.post(url_of(invoice, "cobros"), payment(amount="20")).status_code == 302

    assert [row.amount for row in Payment.objects.all()] == [2000]
    page = text_of(clerk.get(url_of(invoice)))
    for part in ("Partly paid", "€34.12", "BBVA 7", "noted by Marcos León"):
        assert part in page


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": "54.13"},
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "1.234"},
        {"amount": "NaN"},
        {"received_on": "2026-12-01"},
        {"received_on": "yesterday"},
        {"method": "barter"},
        {"idempotency_key": "short"},
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    clerk: Browser, billing: Billing, fields: dict[str, str]
) -> None:
    invoice = issued(billing)
    before = everything()

    answer = clerk.post(url_of(invoice, "cobros"), payment(**fields))

    assert answer.status_code == 422
    assert "BBVA 7" in text_of(answer)
    assert changed_nothing(before)


def test_a_mistaken_payment_is_taken_back_with_its_reason(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    clerk.post(url_of(invoice, "cobros"), payment())
    kept = Payment.objects.get()
    url = url_of(invoice, "cobros", str(kept.pk), "corregir")
    before = everything()
    assert "noted by mistake" in text_of(clerk.get(url))
    assert clerk.post(url, {"reason": " "}).status_code == 422
    assert changed_nothing(before)

    assert clerk.post(url, {"reason": "another client's"}).status_code == 302

    invoice.refresh_from_db()
    assert invoice.paid == 0
    page = text_of(clerk.get(url_of(invoice)))
    assert "another client&#x27;s" in page
    assert "−€54.12" in page


# Credit notes


def test_crediting_asks_for_a_reason_and_links_both(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    url = url_of(invoice, "rectificar")
    before = everything()
    assert "A credit note of €54.12" in text_of(clerk.get(url))
    assert clerk.post(url, {"reason": "", "time": "free"}).status_code == 422
    assert clerk.post(url, {"reason": "Wrong", "time": "other"}).status_code == 422
    assert changed_nothing(before)

    answer = clerk.post(url, {"reason": "Wrong client", "time": "free"})

    assert answer["Location"] == "/facturas/R-2026-0001/"
    note = text_of(clerk.get("/facturas/R-2026-0001/"))
    for part in ("Credit note R-2026-0001", "Wrong client", "corrects F-2026-0001", "−€54.12"):
        assert part in note
    original = text_of(clerk.get(url_of(invoice)))
    assert "Credited" in original
    assert "/facturas/R-2026-0001/" in original
    assert TimeEntry.objects.get().state != EntryState.APPROVED
    assert "Corrects F-2026-0001: Wrong client" in text_of(clerk.get("/facturas/?ver=rectificativas"))


def test_what_was_credited_is_not_credited_again(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    url = url_of(invoice, "rectificar")
    clerk.post(url, {"reason": "Wrong", "time": "free"})
    before = everything()

    assert clerk.post(url, {"reason": "Wrong", "time": "free"})["Location"] == url_of(invoice)
    assert clerk.post("/facturas/R-2026-0001/rectificar/", {"reason": "Wrong"}).status_code == 302
    assert changed_nothing(before)


# From approved time to paid


def test_from_approved_time_to_a_paid_invoice_and_back(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    assert billing.client.name in text_of(clerk.get("/facturas/preparar/?hasta=2026-11-30"))
    started = clerk.post("/facturas/preparar/", {"hasta": "2026-11-30"})
    run = Run.objects.get()
    assert started["Location"] == f"/facturas/pasadas/{run.pk}/"
    actions.continue_run(run=run, now=MONTH_END)
    draft = run.invoices.get()
    assert url_of(draft) in text_of(clerk.get(f"/facturas/pasadas/{run.pk}/"))

    clerk.post(url_of(draft, "emitir"))
    invoice = Invoice.objects.get(number="F-2026-0001")
    actions.ensure_pdf(invoice=invoice, now=MONTH_END)
    pdf = clerk.get("/facturas/F-2026-0001/pdf/")
    assert pdf.getvalue().startswith(b"%PDF")

    clerk.post("/facturas/F-2026-0001/cobros/", payment())
    assert "Paid" in text_of(clerk.get("/facturas/?ver=pagadas"))
    invoice.refresh_from_db()
    assert invoice.owed == 0

    clerk.post("/facturas/F-2026-0001/rectificar/", {"reason": "Twice", "time": "again"})
    assert "€44.00" in text_of(clerk.get("/facturas/preparar/?hasta=2026-11-30"))
    assert unbilled_segments(date(2026, 11, 30)).count() == 1
    assert AuditEntry.objects.filter(verb="invoice_credited", actor_id=billing.clerk.pk).exists()


def test_a_covered_entry_is_shown_with_nothing_to_pay(client: Browser) -> None:
    billing = make_billing(PlanKind.ON_DEMAND)
    client.force_login(billing.clerk)
    billing.approved(60)
    billing.approved(20, billable_seconds=0)

    page = text_of(client.get(url_of(billing.draft())))

    assert "Work shown that costs nothing" in page
    assert "goodwill" in page


# Crediting a part


def test_a_part_is_credited_from_its_page(clerk: Browser, billing: Billing) -> None:
    billing.approved(30, 60)
    invoice = billing.issue()
    line = invoice.lines.get()
    entry = line.segments.order_by("pk")[0].segment.rating.entry
    assert "Credit only a part" in text_of(clerk.get(url_of(invoice, "rectificar")))
    page = text_of(clerk.get(url_of(invoice, "rectificar", "lineas")))
    assert "€66.00 left" in page
    assert "€22.00" in page
    form = {"reason": "Twice", "time": "free", "idempotency_key": KEY, f"entries_{line.pk}": str(entry.pk)}

    assert clerk.post(url_of(invoice, "rectificar", "lineas"), form).status_code == 302
    assert clerk.post(url_of(invoice, "rectificar", "lineas"), form).status_code == 302

    note = invoice.corrections.get()
    assert note.net == -2200
    entry.refresh_from_db()
    assert entry.state == EntryState.CLOSED
    assert note.number in text_of(clerk.get(url_of(invoice)))


@pytest.mark.parametrize(
    "said", [{}, {"amount": "66.01"}, {"amount": "1", "rest": "on"}, {"amount": "1.234"}]
)
def test_a_part_that_is_not_there_changes_nothing(
    clerk: Browser, billing: Billing, said: dict[str, str]
) -> None:
    billing.approved(90)
    invoice = billing.issue()
    pk = invoice.lines.get().pk
    form = {"reason": "Twice", "time": "free", "idempotency_key": KEY}
    before = everything()

    answer = clerk.post(
        url_of(invoice, "rectificar", "lineas"),
        form | {f"{name}_{pk}": value for name, value in said.items()},
    )

    assert answer.status_code == 422
    assert changed_nothing(before)


# Money held, disputes and the account


def test_a_deposit_pays_an_invoice_and_stands_on_the_account(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    account = f"/clientes/{billing.client.code}/cuenta/"
    form = {"amount": "20", "received_on": "2026-11-30", "method": "transfer", "reference": "TRF 9"}

    assert clerk.post(f"{account}deposito/", form | {"idempotency_key": KEY}).status_code == 302
    assert "€20.00 are held" in text_of(clerk.get(url_of(invoice)))
    assert clerk.post(url_of(invoice, "cobros", "saldo")).status_code == 302

    page = text_of(clerk.get(account))
    for part in (f"Invoice {invoice.number}", "Payment by bank transfer · TRF 9", "€54.12", "€34.12"):
        assert part in page
    again = clerk.post(f"{account}deposito/", form | {"idempotency_key": KEY.replace("0", "1")})
    assert again.status_code == 422
    file = b"".join(clerk.get(f"{account}csv/"))  # type: ignore[arg-type]
    assert b"closing,,34.12,EUR" in file
    assert clerk.get(account, {"desde": "2026-12-01", "hasta": "2026-11-01"}).status_code == 422


def test_an_overpayment_is_held_when_asked(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    form = {"amount": "60", "received_on": "2026-11-30", "method": "card", "idempotency_key": KEY}

    assert clerk.post(url_of(invoice, "cobros"), form).status_code == 422
    assert clerk.post(url_of(invoice, "cobros"), form | {"keep_rest": "on"}).status_code == 302

    assert [row.amount for row in Payment.objects.order_by("pk")] == [5412, 588]


def test_a_payment_is_disputed_and_settled(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    form = {"amount": "54.12", "received_on": "2026-11-30", "method": "card", "idempotency_key": KEY}
    clerk.post(url_of(invoice, "cobros"), form)
    pk = str(Payment.objects.get().pk)
    url = url_of(invoice, "cobros", pk, "impugnar")
    assert "withdrew €54.12" in text_of(clerk.get(url))

    assert clerk.post(url, {"reason": "Fraud", "disputed_on": "2026-11-30"}).status_code == 302
    assert "Settle the dispute" in text_of(clerk.get(url_of(invoice)))
    settle = url_of(invoice, "cobros", pk, "resolver")
    assert clerk.get(settle).status_code == 200
    assert clerk.post(settle, {"outcome": "won", "settled_on": "2026-11-30"}).status_code == 302

    page = text_of(clerk.get(url_of(invoice)))
    assert "won: the money came back" in page
    assert "Dispute settled by Marcos León" in page


def test_an_advance_is_asked_for_and_deducted(clerk: Browser, billing: Billing) -> None:
    account = f"/clientes/{billing.client.code}/cuenta/"
    form = {"description": "Retainer", "amount": "30", "idempotency_key": KEY}
    assert clerk.post(f"{account}anticipo/", {**form, "amount": "-1"}).status_code == 422
    answer = clerk.post(f"{account}anticipo/", form)
    assert answer.status_code == 302
    advance = billing.issue(Invoice.objects.get())
    billing.approved(60)
    draft = billing.draft()
    assert "€30.00 left, before tax" in text_of(clerk.get(url_of(draft)))

    assert clerk.post(url_of(draft, "anticipos", str(advance.lines.get().pk))).status_code == 302

    page = text_of(clerk.get(url_of(draft)))
    assert f"Anticipo {advance.number}" in page
    assert "€14.00" in page


def test_what_is_held_pays_again_after_it_was_taken_back(clerk: Browser, billing: Billing) -> None:
    invoice = issued(billing)
    actions.record_deposit(
        client=billing.client,
        amount=6000,
        currency="EUR",
        received_on=MONTH_END.date(),
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="deposit",
    )
    for _each in range(2):
        clerk.post(url_of(invoice, "cobros", "saldo"))
        invoice.refresh_from_db()
        assert invoice.paid == 5412
    applied = Payment.objects.get(invoice=invoice, kind=Payment.Kind.APPLIED)
    clerk.post(url_of(invoice, "cobros", str(applied.pk), "corregir"), {"reason": "another client's"})

    clerk.post(url_of(invoice, "cobros", "saldo"))

    invoice.refresh_from_db()
    assert invoice.paid == 5412


def test_what_was_brought_over_is_collected_and_nothing_else(clerk: Browser, billing: Billing) -> None:
    invoice = actions.bring_invoice(
        client=billing.client,
        number="A/1023",
        issued_on=date(2026, 10, 1),
        due_on=date(2026, 10, 31),
        total=121000,
        tax=21000,
        paid=50000,
        by=billing.clerk,
        now=MONTH_END,
    )
    assert "brought over" in text_of(clerk.get("/facturas/"))
    page = text_of(clerk.get(url_of(invoice)))
    for part in (
        "Invoice of a former program A/1023",
        "€710.00",
        "€210.00",
        "paid before",
        "Note the payment",
    ):
        assert part in page
    for part in ("Send again", 'action="/facturas/anterior-1/enviar/"', "Credit</a>", "PDF</a>"):
        assert part not in page
    account = text_of(clerk.get(f"/clientes/{billing.client.code}/cuenta/?desde=2026-10-01"))
    assert f'href="{url_of(invoice)}"' in account
