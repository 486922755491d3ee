"""Received invoices on screen: filed, shown in the book, charged to a client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ecuanime.billing.models import ReceivedInvoice
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

    make_received(filed_by=billing.clerk)
    asked()
    one = asked()
    make_received(filed_by=billing.clerk)
    make_received(filed_by=billing.clerk)

    assert asked() == one
