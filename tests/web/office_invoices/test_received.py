"""Received invoices on screen: filed, shown in the book, charged to a client."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ecuanime.billing import actions
from ecuanime.billing.models import ReceivedInvoice, WaitingPaper
from ecuanime.staff.models import Firm
from tests.factories.billing import MONTH_END, Billing, make_billing, make_received
from tests.rooms.billing.books.test_received import UBL
from tests.shared import made_once, own
from tests.web.office_invoices.test_invoices import text_of

pytestmark = pytest.mark.django_db
BOOK = "/facturas/recibidas/"


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


def send(clerk: Browser, content: bytes) -> Any:
    return clerk.post(f"{BOOK}nueva/", {"file": SimpleUploadedFile("factura.xml", content)})


def test_a_file_is_read_and_filed(clerk: Browser) -> None:
    answer = send(clerk, UBL)

    page = text_of(clerk.get(answer.url))
    for part in ("Nodo Alisio", "F-2026-0001", "€121.00"):
        assert part in page
    assert "F-2026-0001" in text_of(clerk.get(BOOK))
    kept = clerk.get(f"{answer.url}archivo/")
    assert b"".join(kept.streaming_content) == UBL  # type: ignore[attr-defined]
    assert kept.headers["Content-Disposition"].startswith("attachment")


def test_what_cannot_be_read_says_why(clerk: Browser) -> None:
    answer = send(clerk, b"<!DOCTYPE a []><a/>")

    assert answer.status_code == 422
    assert "document type" in text_of(answer)
    assert not ReceivedInvoice.objects.exists()


def test_it_is_charged_to_a_client(clerk: Browser, billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk)
    assert "Prepare invoices first" in text_of(clerk.get(f"{BOOK}{row.pk}/"))
    billing.approved(60)
    draft = billing.draft()

    place = {"place": f"{draft.pk}-{billing.contract.pk}"}
    clerk.post(f"{BOOK}{row.pk}/cobrar/", place)

    assert billing.contract.number in text_of(clerk.get(f"{BOOK}{row.pk}/"))
    assert row.number in text_of(clerk.get(f"/facturas/borrador-{draft.pk}/"))
    assert clerk.post(f"{BOOK}{row.pk}/cobrar/", {"place": "0-0"}).status_code == 422


def test_one_in_dollars_waits_gets_its_rate_and_gives_it_back(clerk: Browser, billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk, currency="USD", accrued_on=date(2026, 11, 9))
    address = f"{BOOK}{row.pk}/"
    book, page = text_of(clerk.get(BOOK)), text_of(clerk.get(address))
    assert "Waiting for their exchange rate" in book
    assert "waits for its rate" in book
    assert "no sum in EUR counts it" in page
    assert "Tax falls due on" in page
    assert "No rate of the USD is noted for 9 November 2026" in page
    sent = {"exchange_rate": "", "rate_on": "2026-11-30", "rate_source": "ecb"}

    refused = clerk.post(f"{address}cambio/", sent)
    assert refused.status_code == 422
    future = clerk.post(f"{address}cambio/", sent | {"exchange_rate": "0.92", "rate_on": "2026-12-24"})
    assert "of today or of an earlier day" in text_of(future)
    assert clerk.post(f"{address}cambio/", sent | {"exchange_rate": "0.92"}).status_code == 302

    page = text_of(clerk.get(address))
    assert "Stated at 0.92 EUR for one USD (European Central Bank)." in page
    assert "€113.16" in page
    assert "€113.16 at 0.92 (European Central Bank)" in text_of(clerk.get(BOOK))
    assert "Waiting for their exchange rate" not in text_of(clerk.get(BOOK))
    assert clerk.post(f"{address}cambio/quitar/", {"reason": ""}).status_code == 422
    assert clerk.post(f"{address}cambio/quitar/", {"reason": "Otro día"}).status_code == 302
    assert "no sum in EUR counts it" in text_of(clerk.get(address))


def test_a_rate_that_is_noted_is_proposed(clerk: Browser, billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk, currency="USD")
    actions.note_exchange_rate(
        currency="USD",
        on=date(2026, 11, 27),
        rate=Decimal("0.925"),
        source="ecb",
        by=billing.clerk,
        now=MONTH_END,
    )

    page = clerk.get(f"{BOOK}{row.pk}/").content.decode()

    assert 'value="0.925"' in page
    assert 'value="2026-11-27"' in page


@pytest.mark.parametrize(("corrects", "words"), [("R-0", "It corrects R-0"), ("", "names none")])
def test_a_correction_says_what_it_waits_for(
    clerk: Browser, billing: Billing, corrects: str, words: str
) -> None:
    row = make_received(filed_by=billing.clerk, currency="USD", is_credit_note=True, corrects=corrects)

    assert words in text_of(clerk.get(f"{BOOK}{row.pk}/"))


def test_investment_goods_are_suggested_and_said(clerk: Browser, billing: Billing) -> None:
    Firm.objects.update(country="ES")
    row = make_received(filed_by=billing.clerk, net=300_506, tax=63_106, total=363_612)
    address, tax = f"{BOOK}{row.pk}/", row.taxes.get()
    assert "for you to say" in text_of(clerk.get(address))

    too_much = clerk.post(f"{address}inversion/", {f"base_{tax.pk}": "3005.07"})
    assert too_much.status_code == 422
    assert "no more than the base" in text_of(too_much)
    assert clerk.post(f"{address}inversion/", {f"base_{tax.pk}": "3005.06"}).status_code == 302

    page = text_of(clerk.get(address))
    assert "€3,005.06 are investment goods" in page
    assert "Check it" not in page
    small = make_received(filed_by=billing.clerk)
    clerk.post(f"{BOOK}{small.pk}/inversion/", {f"base_{small.taxes.get().pk}": "100"})
    assert "Check it" in text_of(clerk.get(f"{BOOK}{small.pk}/"))


def test_goods_that_came_through_customs_are_marked(clerk: Browser, billing: Billing) -> None:
    Firm.objects.update(country="ES")
    row = make_received(filed_by=billing.clerk, tax=0, total=10_000)
    address = f"{BOOK}{row.pk}/"
    assert "The goods came through customs" in text_of(clerk.get(address))

    clerk.post(f"{address}importacion/", {"imported": "on"})
    assert "file the customs document" in text_of(clerk.get(address))
    clerk.post(f"{address}importacion/", {"imported": "off"})

    row.refresh_from_db()
    assert row.customs == ""


def test_a_customs_document_is_filed_on_screen(clerk: Browser) -> None:
    Firm.objects.update(country="ES")
    assert "File a customs document" in text_of(clerk.get(BOOK))
    assert clerk.get(f"{BOOK}aduana/").status_code == 200

    def send_document(**fields: Any) -> Any:
        document = SimpleUploadedFile("dua.pdf", b"%PDF-1.7")
        sent = {"number": "26ES1", "issued_on": "2026-11-20", "supplier_name": "Chips Inc."}
        sent |= {"supplier_tax_id": "84-1", "base_21": "1000", "tax_21": "210", "is_deferred": "on"}
        return clerk.post(f"{BOOK}aduana/", sent | fields | {"file": document})

    half = send_document(tax_21="")
    assert half.status_code == 422
    assert "Give both" in text_of(half)
    assert "not that rate" in text_of(send_document(tax_21="21"))
    assert not ReceivedInvoice.objects.exists()

    page = text_of(clerk.get(send_document().url))
    for part in ("its tax deferred to the declaration", "€1,210.00", "not what the goods cost"):
        assert part in page


TYPED = {
    "supplier_name": "Imprenta Sol",
    "country": "IE",
    "supplier_tax_id": "6388047V",
    "number": "F-77",
    "issued_on": "2026-11-20",
    "about": "Folletos",
    "currency": "eur",
    "category_1": "S",
    "percent_1": "23",
    "base_1": "100",
    "tax_1": "23",
    "category_2": "S",
    "category_3": "S",
    "category_4": "S",
    "to_pay": "123",
}


def type_one(clerk: Browser, content: bytes = b"%PDF-1.4 on paper", **fields: str) -> Any:
    """The form filled in from a paper and sent."""
    paper = SimpleUploadedFile("factura.pdf", content)
    return clerk.post(f"{BOOK}a-mano/", TYPED | fields | {"file": paper})


def test_a_plain_pdf_is_kept_and_typed_without_sending_it_again(clerk: Browser) -> None:
    answer = send(clerk, b"%PDF-1.4 on paper")
    assert "type what it says" in text_of(clerk.get(answer.url))
    assert "factura.xml" in text_of(clerk.get(BOOK))
    kept = clerk.get(f"{answer.url}archivo/")
    assert b"".join(kept.streaming_content) == b"%PDF-1.4 on paper"  # type: ignore[attr-defined]
    assert kept.headers["Content-Type"] == "application/pdf"

    assert clerk.post(answer.url, TYPED | {"to_pay": "1"}).status_code == 422
    filed = clerk.post(answer.url, TYPED)

    assert filed.url == f"{BOOK}{ReceivedInvoice.objects.get().pk}/"
    assert not WaitingPaper.objects.exists()
    again = send(clerk, b"%PDF-1.4 on paper")
    assert again.status_code == 422
    assert "is filed already" in text_of(again)


def test_what_has_to_be_corrected_keeps_its_paper(clerk: Browser) -> None:
    answer = type_one(clerk, to_pay="1")

    paper = WaitingPaper.objects.get()
    assert f'action="{BOOK}a-mano/{paper.pk}/"' in answer.content.decode()
    assert clerk.post(f"{BOOK}a-mano/{paper.pk}/", TYPED).status_code == 302
    assert not WaitingPaper.objects.exists()
    assert type_one(clerk, b"no paper").status_code == 422
    assert not WaitingPaper.objects.exists()


def test_a_paper_is_discarded(clerk: Browser) -> None:
    address = send(clerk, b"%PDF-1.4 on paper").url

    assert clerk.post(f"{address}descartar/").url == BOOK

    assert not WaitingPaper.objects.exists()
    assert clerk.get(address).status_code == 404


def test_what_was_typed_of_a_paper_that_is_gone_is_kept(clerk: Browser) -> None:
    type_one(clerk, to_pay="1")
    paper = WaitingPaper.objects.get()
    clerk.post(f"{BOOK}a-mano/{paper.pk}/", TYPED)
    answer = clerk.post(f"{BOOK}a-mano/{paper.pk}/", TYPED | {"about": "typed twice"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Somebody filed or discarded this paper meanwhile" in said
    assert "typed twice" in said
    assert ReceivedInvoice.objects.count() == 1
    assert clerk.get(f"{BOOK}a-mano/{paper.pk}/").status_code == 404


def test_an_invoice_is_typed_from_its_paper(clerk: Browser) -> None:
    assert "File an invoice by hand" in text_of(clerk.get(BOOK))
    assert 'value="EUR"' in clerk.get(f"{BOOK}a-mano/").content.decode()

    answer = type_one(clerk, b"\x89PNG\r\n\x1a\n scanned")

    page = text_of(clerk.get(answer.url))
    for part in ("Imprenta Sol", "IE6388047V", "€123.00", "typed from its paper"):
        assert part in page
    kept = clerk.get(f"{answer.url}archivo/")
    assert kept.headers["Content-Type"] == "image/png"
    assert kept.headers["Content-Disposition"].endswith('.png"')


def test_the_amounts_of_a_credit_note_are_typed_with_or_without_a_minus(clerk: Browser) -> None:
    back = {"is_credit_note": "on", "corrects": "F-70", "withheld": "1", "to_pay": "122"}
    minus = {"base_1": "-100", "tax_1": "-23", "withheld": "-1", "to_pay": "-122"}

    type_one(clerk, **back)
    type_one(clerk, b"%PDF-1.4 other", **(back | minus | {"number": "F-78"}))

    rows = ReceivedInvoice.objects.values_list("net", "tax", "total", "withheld", "corrects")
    assert list(rows) == [(-10_000, -2300, -12_300, -100, "F-70")] * 2


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"tax_1": ""}, "tax_1", "Give the tax of this base."),
        ({"percent_1": ""}, "percent_1", "Give the rate of what is taxed."),
        ({"base_2": "", "percent_2": "9"}, "base_2", "Give the base of this rate."),
        ({"base_1": "100.001"}, "base_1", "no more than 2 decimal places"),
        ({"currency": "EUX"}, "currency", "There is no such currency"),
        ({"supplier_tax_id": "6388047W"}, "supplier_tax_id", "Compare it with the paper"),
        ({"to_pay": "132"}, "to_pay", "come to €123.00"),
        ({"withheld": "200", "to_pay": "-77"}, "withheld", "a part of the total"),
        ({"is_credit_note": "on", "to_pay": "-123"}, "to_pay", "come to €123.00"),
        ({"base_1": "-100", "tax_1": "-23", "to_pay": "-123"}, "is_credit_note", "then it is a credit note"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    clerk: Browser, fields: dict[str, str], field: str, words: str
) -> None:
    answer = type_one(clerk, **fields)

    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert TYPED["number"] in answer.content.decode()
    assert not ReceivedInvoice.objects.exists()


def test_a_row_that_is_wrong_is_in_sight(clerk: Browser) -> None:
    def is_open(answer: Any) -> bool:
        return "<details open><summary>More rates" in answer.content.decode()

    assert not is_open(clerk.get(f"{BOOK}a-mano/"))
    assert not is_open(type_one(clerk, to_pay="1"))
    assert is_open(type_one(clerk, percent_2="9"))


def test_what_was_typed_wrongly_is_withdrawn(clerk: Browser, billing: Billing) -> None:
    address = type_one(clerk).url
    assert clerk.post(f"{address}retirar/", {"reason": ""}).status_code == 422
    assert ReceivedInvoice.objects.exists()

    assert clerk.post(f"{address}retirar/", {"reason": "La base era otra"}).url == BOOK
    assert not ReceivedInvoice.objects.exists()

    read = make_received(filed_by=billing.clerk)
    assert "Withdraw it" not in text_of(clerk.get(f"{BOOK}{read.pk}/"))
    refused = clerk.post(f"{BOOK}{read.pk}/retirar/", {"reason": "x"})
    assert "It says what its file says" in text_of(refused)


def test_the_days_asked_for_are_shown_and_given_as_csv(clerk: Browser, billing: Billing) -> None:
    row = make_received(filed_by=billing.clerk)
    days = {"desde": "2026-11-30", "hasta": "2026-11-30"}

    assert row.number in text_of(clerk.get(BOOK, days))
    assert row.number not in text_of(clerk.get(BOOK, {"desde": "2026-01-01", "hasta": "2026-01-31"}))
    csv = b"".join(clerk.get(f"{BOOK}csv/", days).streaming_content)  # type: ignore[attr-defined]
    assert row.number.encode() in csv


def test_one_more_row_costs_no_query(clerk: Browser, billing: Billing) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(BOOK).status_code == 200
        return len(queries)

    make_received(filed_by=billing.clerk, currency="USD")
    send(clerk, b"%PDF-1.4 first")
    asked()
    one = asked()
    make_received(filed_by=billing.clerk, currency="USD")
    make_received(filed_by=billing.clerk)
    send(clerk, b"%PDF-1.4 second")
    send(clerk, b"%PDF-1.4 third")

    assert asked() == one
