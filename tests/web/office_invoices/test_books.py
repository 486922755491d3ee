"""The books on screen: drafts issued together, closed periods, reminders, the account on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from ecuanime.billing.actions import continue_batch
from ecuanime.billing.books.closed import closed_through, ladder
from ecuanime.billing.models import Batch, Invoice, Numbering, Unreminded
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.shared import made_once, own
from tests.web.office_invoices.test_invoices import KEY, text_of, url_of

pytestmark = pytest.mark.django_db


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


def test_drafts_are_issued_together(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    empty = Invoice.objects.create(
        client=billing.client, kind="invoice", dated_at=MONTH_END, created_at=MONTH_END
    )
    assert billing.client.name in text_of(clerk.get("/facturas/emitir/"))
    assert clerk.post("/facturas/emitir/", {"idempotency_key": KEY}).status_code == 422

    form = {"drafts": [draft.pk, empty.pk], "idempotency_key": KEY}
    answer = clerk.post("/facturas/emitir/", form)
    assert clerk.post("/facturas/emitir/", form).url == answer.url  # type: ignore[attr-defined]
    assert "0 of 2 drafts" in text_of(clerk.get(answer.url))  # type: ignore[attr-defined]
    continue_batch(batch=Batch.objects.get(), now=MONTH_END)

    page = text_of(clerk.get(f"{answer.url}avance/"))  # type: ignore[attr-defined]
    for part in ("2 of 2 drafts", "F-2026-0001", "This draft has no lines"):
        assert part in page


def test_periods_are_closed_and_nothing_is_dated_in_them(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    assert clerk.post("/facturas/libros/cerrar/", {"through": "2026-11-30"}).status_code == 422

    assert clerk.post("/facturas/libros/cerrar/", {"through": "2026-11-15"}).status_code == 302

    assert closed_through() is not None
    assert "Closed through 15 November 2026" in text_of(clerk.get("/facturas/libros/"))
    refused = clerk.post(url_of(draft, "emitir"), {"dated": "2026-11-15"})
    assert "The books are closed" in text_of(refused)
    assert clerk.post(url_of(draft, "emitir"), {"dated": "2026-11-16"}).status_code == 302


def test_a_series_is_saved_and_chosen(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    draft = billing.draft()
    form = {"code": "web", "purpose": "invoice", "shape": "short", "digits": "4"}
    assert clerk.post("/facturas/libros/series/", form | {"code": "R"}).status_code == 422
    assert clerk.post("/facturas/libros/series/", form).status_code == 302
    series = Numbering.objects.get()
    assert "WEB" in text_of(clerk.get("/facturas/libros/"))
    assert "WEB" in text_of(clerk.get(url_of(draft, "emitir")))

    clerk.post(url_of(draft, "emitir"), {"numbering": series.pk})

    draft.refresh_from_db()
    assert draft.number == "WEB26-0001"


def test_reminders_are_set_and_stopped(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    invoice = billing.issue()
    url = "/facturas/libros/recordatorios/"
    assert clerk.post(url, {"days": "x"}).status_code == 422
    assert clerk.post(url, {"days": "400"}).status_code == 422
    assert clerk.post(url, {"days": "10, 3"}).status_code == 302
    assert ladder() == [3, 10]
    assert "Next reminder: 2 Jan 2027" in text_of(clerk.get(url_of(invoice)))

    clerk.post(url_of(invoice, "recordatorios"), {"stop": "on"})
    assert "Its reminders are stopped" in text_of(clerk.get(url_of(invoice)))
    account = f"/clientes/{billing.client.code}/cuenta/"
    clerk.post(f"{account}recordatorios/", {"stop": "on"})
    assert Unreminded.objects.filter(client=billing.client).exists()
    assert "is never reminded" in text_of(clerk.get(account))
    clerk.post(f"{account}recordatorios/", {"stop": "off"})
    assert not Unreminded.objects.exists()


def test_the_account_on_paper(clerk: Browser, billing: Billing) -> None:
    billing.approved(60)
    billing.issue()

    answer = clerk.get(f"/clientes/{billing.client.code}/cuenta/pdf/")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
