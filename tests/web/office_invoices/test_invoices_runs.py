"""Invoicing what is approved, selling packs, exporting, and how these sections are reached."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import Charge, Invoice, Run
from ecuanime.billing.queries import key_of
from ecuanime.contracts.models import PlanKind
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.models import RatedSegment
from tests.factories import make_firm, make_person, make_version
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import everything
from tests.web.office_invoices.test_invoices import make_billing_client, text_of

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def surroundings(time_machine: Any, settings: Settings, tmp_path: Path) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    settings.ECUANIME_FILES = str(tmp_path)


@pytest.fixture
def billing() -> Billing:
    return make_billing()


def signed_in(client: Browser, billing: Billing) -> Browser:
    client.force_login(billing.clerk)
    return client


# Runs


def test_what_was_charged_and_corrected_since_is_shown(client: Browser, billing: Billing) -> None:
    [entry] = billing.approved(60)
    invoice = billing.issue()
    browser = signed_in(client, billing)
    assert "Charged and corrected since" not in text_of(browser.get("/facturas/preparar/"))
    RatedSegment.objects.filter(rating__entry=entry).update(taken_numerator=10)

    page = browser.get("/facturas/preparar/")

    assert [row["over"].amount for row in page.context["over_billed"]] == [733]
    assert f"/facturas/{invoice.number}/rectificar/lineas/" in text_of(page)


def test_the_preview_names_clients_and_what_is_left_out(client: Browser, billing: Billing) -> None:
    billing.approved(60, 30)
    other = make_billing_client(billing)
    other.approved(15)
    billing.office.entry(20)
    browser = signed_in(client, billing)
    before = everything()

    page = text_of(browser.get("/facturas/preparar/"))

    for part in (billing.client.name, "€66.00", "1 h 30", other.client.name, "€11.00", "€77.00"):
        assert part in page
    assert "1 entry to be reviewed by us" in page
    assert everything() == before


def test_the_preview_takes_the_same_queries_at_one_row_and_at_three(
    client: Browser, billing: Billing
) -> None:
    billing.approved(60)
    browser = signed_in(client, billing)
    with CaptureQueriesContext(connection) as one:
        browser.get("/facturas/preparar/")
    for _each in range(2):
        make_billing_client(billing).approved(15)
    with CaptureQueriesContext(connection) as three:
        browser.get("/facturas/preparar/")

    assert len(three) == len(one)


@pytest.mark.parametrize("day", ["2026-12-01", "", "tomorrow"])
def test_a_day_that_has_not_come_is_refused(client: Browser, billing: Billing, day: str) -> None:
    billing.approved(60)
    browser = signed_in(client, billing)
    before = everything()

    assert browser.post("/facturas/preparar/", {"hasta": day}).status_code == 422
    assert browser.get("/facturas/preparar/", {"hasta": day}).status_code == 422
    assert everything() == before


def test_nothing_to_invoice_says_so(client: Browser, billing: Billing) -> None:
    page = text_of(signed_in(client, billing).get("/facturas/preparar/"))

    assert "Everything approved is on a draft or an invoice" in page


def test_a_run_shows_how_far_it_is_and_then_its_drafts(client: Browser, billing: Billing) -> None:
    billing.approved(60)
    browser = signed_in(client, billing)
    browser.post("/facturas/preparar/", {"hasta": "2026-11-30"})
    run = Run.objects.get()

    under_way = text_of(browser.get(f"/facturas/pasadas/{run.pk}/"))
    assert "0 of 1 clients" in under_way
    assert f'hx-get="/facturas/pasadas/{run.pk}/avance/"' in under_way

    actions.continue_run(run=run, now=MONTH_END)
    done = text_of(browser.get(f"/facturas/pasadas/{run.pk}/avance/"))
    assert "1 draft is ready" in done
    assert "hx-trigger" not in done
    assert browser.get("/facturas/pasadas/999999/").status_code == 404


def test_the_result_takes_the_same_queries_at_one_draft_and_at_three(
    client: Browser, billing: Billing
) -> None:
    browser = signed_in(client, billing)
    counts = []
    for clients in (1, 3):
        for _each in range(clients):
            make_billing_client(billing).approved(15)
        run = billing.run()
        with CaptureQueriesContext(connection) as counted:
            page = browser.get(f"/facturas/pasadas/{run.pk}/avance/")
        assert page.content.count(b"data-row") == clients
        counts.append(len(counted))

    assert counts[0] == counts[1]


# Packs


def pack(**fields: str) -> dict[str, str]:
    return {"quantity": "20", "starts_on": "2026-11-30", "idempotency_key": KEY} | fields


def test_the_price_follows_what_is_typed(client: Browser) -> None:
    billing = make_pack_billing()
    browser = signed_in(client, billing)
    url = f"/contratos/{billing.contract.number}/vender/precio/"

    twenty = text_of(browser.get(url, {"quantity": "20"}))
    assert "20 hours at €30.00" in twenty
    assert "€600.00" in twenty
    assert "1 h 00" in twenty
    assert "Free, as a bonus" not in text_of(browser.get(url, {"quantity": "19"}))
    for typed in ("", "0", "-3", "1.5", "²", "999999999999", "abc"):
        assert "Type how many" in text_of(browser.get(url, {"quantity": typed}))


def make_pack_billing() -> Billing:
    """A client on packs of 30.00 an hour with one free hour per 20."""
    return make_billing(PlanKind.HOUR_PACK, version=make_version(PlanKind.HOUR_PACK))


def test_a_pack_is_sold_once_and_its_draft_opens(client: Browser) -> None:
    billing = make_pack_billing()
    browser = signed_in(client, billing)
    url = f"/contratos/{billing.contract.number}/vender/"
    assert url in text_of(browser.get(f"/contratos/{billing.contract.number}/"))
    assert "1 hour free for every 20 bought" in text_of(browser.get(url))

    answer = browser.post(url, pack())
    again = browser.post(url, pack())

    draft = Invoice.objects.get()
    assert answer["Location"] == again["Location"] == f"/facturas/{key_of(draft)}/"
    assert Charge.objects.count() == 1
    assert draft.net == 60000
    assert draft.lines.get().description in text_of(browser.get(answer["Location"]))
    assert "In packs, unused" not in text_of(browser.get("/facturas/"))
    browser.post(f"/facturas/{key_of(draft)}/emitir/")
    assert Lot.objects.filter(usable_from__isnull=False).count() == 2
    assert "21 h 00 that we owe in work" in text_of(browser.get("/facturas/"))
    assert "€600.00" in text_of(browser.get("/facturas/"))


@pytest.mark.parametrize(
    "fields",
    [{"quantity": "0"}, {"quantity": "x"}, {"quantity": "99999"}, {"starts_on": ""}, {"idempotency_key": ""}],
)
def test_a_pack_that_cannot_be_is_refused(client: Browser, fields: dict[str, str]) -> None:
    billing = make_pack_billing()
    browser = signed_in(client, billing)
    before = everything()

    assert browser.post(f"/contratos/{billing.contract.number}/vender/", pack(**fields)).status_code == 422
    assert everything() == before


def test_no_pack_is_sold_on_another_kind_of_contract(client: Browser, billing: Billing) -> None:
    browser = signed_in(client, billing)

    assert browser.get(f"/contratos/{billing.contract.number}/vender/").status_code == 404
    assert browser.get(f"/contratos/{billing.contract.number}/vender/precio/").status_code == 404
    assert "/vender/" not in text_of(browser.get(f"/contratos/{billing.contract.number}/"))


def test_a_technician_is_not_led_to_selling(client: Browser) -> None:
    billing = make_pack_billing()
    client.force_login(make_person(Role.TECHNICIAN))

    assert "/vender/" not in text_of(client.get(f"/contratos/{billing.contract.number}/"))
    assert client.get(f"/contratos/{billing.contract.number}/vender/").status_code == 403


def test_unused_hours_are_paid_back_with_a_reason(client: Browser) -> None:
    billing = make_pack_billing()
    browser = signed_in(client, billing)
    charge = billing.order(20)
    invoice = billing.issue(charge.lines.get().invoice)
    assert charge.lot is not None
    url = f"/bonos/{charge.lot.code}/devolver/"
    assert url in text_of(browser.get(f"/facturas/{invoice.number}/"))
    assert "20 h 00 at €30.00 an hour are credited" in text_of(browser.get(url))
    before = everything()
    assert browser.post(url, {"reason": "", "idempotency_key": KEY}).status_code == 422
    assert everything() == before

    for _each in range(2):
        answer = browser.post(url, {"reason": "They close", "idempotency_key": KEY})
        assert answer["Location"] == "/facturas/R-2026-0001/"

    assert Invoice.objects.get(number="R-2026-0001").net == -60000
    assert Lot.objects.get(pk=charge.lot.pk).left == 0
    assert browser.get("/bonos/BN-none/devolver/").status_code == 404


# Export


def test_the_export_is_a_csv_of_what_was_issued(client: Browser, billing: Billing) -> None:
    billing.approved(60)
    billing.issue()
    browser = signed_in(client, billing)

    assert "Download the CSV" in text_of(browser.get("/facturas/exportar/"))
    answer = browser.get("/facturas/exportar/?desde=2026-11-01&hasta=2026-11-30")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="ecuanime-2026-11-01-2026-11-30.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    body = answer.getvalue().decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(body))
    assert (row["number"], row["minutes"], row["amount"]) == ("F-2026-0001", "60", "44.00")
    empty = browser.get("/facturas/exportar/?desde=2026-10-01&hasta=2026-10-31")
    assert list(csv.DictReader(StringIO(empty.getvalue().decode("utf-8-sig")))) == []


@pytest.mark.parametrize("days", ["desde=2026-11-30&hasta=2026-11-01", "desde=x&hasta=y", "desde=2026-11-01"])
def test_an_export_without_its_days_asks_again(client: Browser, billing: Billing, days: str) -> None:
    assert signed_in(client, billing).get(f"/facturas/exportar/?{days}").status_code == 422


def test_where_there_are_only_pro_formas_the_export_says_why(client: Browser, billing: Billing) -> None:
    make_firm(country="ES")

    assert "RD 1007/2023" in text_of(signed_in(client, billing).get("/facturas/exportar/"))


# How they are reached


SECTIONS = [
    "/facturas/",
    "/contratos/",
    "/planes/",
    "/facturas/banco/",
    "/facturas/recibidas/",
    "/facturas/exportar/",
    "/facturas/libros/",
]


@pytest.mark.parametrize("url", SECTIONS)
def test_the_sections_are_reached_from_each_other(client: Browser, billing: Billing, url: str) -> None:
    response = signed_in(client, billing).get(url)

    tabs = response.context["billing_tabs"]
    assert [tab["url"] for tab in tabs] == SECTIONS
    assert [tab["url"] for tab in tabs if tab["current"]] == [url]
    [lit] = [item for item in response.context["nav_items"] if item.current]
    assert lit.url == "/facturas/"
    for tab in tabs:
        assert f'href="{tab["url"]}"' in text_of(response)


def test_a_technician_is_led_only_where_they_may_go(client: Browser, billing: Billing) -> None:
    client.force_login(make_person(Role.TECHNICIAN))

    tabs = client.get("/contratos/").context["billing_tabs"]

    assert [tab["url"] for tab in tabs] == ["/contratos/", "/planes/"]


def test_the_client_leads_to_its_invoices(client: Browser, billing: Billing) -> None:
    billing.approved(60)
    invoice = billing.issue()
    page = text_of(signed_in(client, billing).get(f"/clientes/{billing.client.code}/"))

    assert f'href="/facturas/{invoice.number}/"' in page
    assert f'href="/facturas/?cliente={billing.client.code}"' in page


def test_actions_are_recorded_as_the_persons(client: Browser, billing: Billing) -> None:
    billing.approved(60)
    signed_in(client, billing).post("/facturas/preparar/", {"hasta": "2026-11-30"})

    entry = AuditEntry.objects.get(verb="invoice_run_started")
    assert entry.actor_name == "Marcos León"
    assert entry.at - MONTH_END < timedelta(minutes=1)
