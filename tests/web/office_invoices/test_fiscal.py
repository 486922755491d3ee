"""The fiscal register, the settings of Spain, the declaration, and the pages that amend or take a record back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing.models import FiscalRecord, Invoice, SpainSettings
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing
from tests.factories.fiscal import CLIENT_NIF, make_spanish_billing, record_of
from tests.rooms.billing.spain.test_spain import COMPLETE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def surroundings(time_machine: Any, settings: Settings, tmp_path: Path) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    settings.ECUANIME_FILES = str(tmp_path)


@pytest.fixture
def billing() -> Billing:
    billing = make_spanish_billing()
    billing.approved(30)
    return billing


@pytest.fixture
def administrator(client: Browser) -> Browser:
    client.force_login(make_person(Role.ADMINISTRATOR))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def test_the_register_shows_the_chain_and_that_it_holds(billing: Billing, administrator: Browser) -> None:
    issued = billing.issue()

    page = text_of(administrator.get("/facturas/registro/"))

    assert record_of(issued).huella[:16] in page
    assert "it gives the fingerprint that it bears" in page
    assert "INSTALACION-1" in page


def test_it_asks_as_much_at_four_records_as_at_two(billing: Billing, administrator: Browser) -> None:
    billing.issue()
    billing.approved(5)
    billing.issue()
    administrator.get("/facturas/registro/")
    with CaptureQueriesContext(connection) as at_two:
        administrator.get("/facturas/registro/")
    for _ in range(2):
        billing.approved(5)
        billing.issue()
    with CaptureQueriesContext(connection) as at_four:
        administrator.get("/facturas/registro/")
    assert len(at_four) == len(at_two)


def test_a_record_is_read_and_downloaded_as_it_is_kept(billing: Billing, administrator: Browser) -> None:
    row = record_of(billing.issue())

    page = text_of(administrator.get(f"/facturas/registro/{row.pk}/"))
    download = administrator.get(f"/facturas/registro/{row.pk}/xml/")

    assert row.huella in page
    assert "ValidarQR?nif=" in page
    assert download.content.decode() == row.xml
    assert "attachment" in download.headers["Content-Disposition"]


def test_an_invoice_is_registered_anew_and_taken_back(billing: Billing, administrator: Browser) -> None:
    issued = billing.issue()
    base = f"/facturas/{issued.number}/registro"

    assert administrator.post(f"{base}/subsanar/", {"reason": ""}).status_code == 422
    assert FiscalRecord.objects.count() == 1
    assert administrator.get(f"{base}/subsanar/").status_code == 200
    administrator.post(f"{base}/subsanar/", {"reason": "Texto", "description": "Soporte"})
    assert administrator.get(f"{base}/anular/").status_code == 200
    administrator.post(f"{base}/anular/", {"reason": "Nunca debió existir"})

    assert list(FiscalRecord.objects.values_list("kind", flat=True)) == ["alta", "alta", "anulacion"]
    assert Invoice.objects.get(pk=issued.pk).owed == 0
    assert "Annulled" in text_of(administrator.get(f"/facturas/{issued.number}/"))


@pytest.mark.usefixtures("billing")
def test_what_is_missing_is_said_and_then_saved(administrator: Browser) -> None:
    SpainSettings.objects.all().delete()
    assert "The settings of Spain have not been filled in" in text_of(administrator.get("/ajustes/espana/"))
    values = {name: getattr(COMPLETE, name) or "" for name in COMPLETE.__dataclass_fields__}

    assert administrator.post("/ajustes/espana/", values).status_code == 302

    assert "Nothing is missing" in text_of(administrator.get("/ajustes/espana/"))
    assert administrator.post("/ajustes/espana/", values | {"producer_nif": "1"}).status_code == 422


@pytest.mark.usefixtures("billing")
def test_anybody_reads_the_declaration(client: Browser) -> None:
    page = text_of(client.get("/declaracion/"))
    assert "Productora de Programas, S. L. hace constar" in page

    SpainSettings.objects.update(producer_name="")
    page = text_of(client.get("/declaracion/"))
    assert "Sin suscribir" in page
    assert "hace constar" not in page


@pytest.mark.usefixtures("billing")
def test_a_credit_note_asks_for_its_kind(billing: Billing, administrator: Browser) -> None:
    issued = billing.issue()
    page = text_of(administrator.get(f"/facturas/{issued.number}/rectificar/"))
    assert "R3: a bad debt" in page

    administrator.post(
        f"/facturas/{issued.number}/rectificar/",
        {"reason": "Impago", "time": "again", "correction_type": "R4", "by_substitution": "on"},
    )

    note = Invoice.objects.get(corrects=issued)
    assert (record_of(note).type, note.by_substitution) == ("R4", True)


def test_a_full_invoice_stands_in_place_of_simplified_ones(administrator: Browser) -> None:
    billing = make_spanish_billing(tax_id="")
    billing.approved(5)
    simplified = billing.issue()
    address = f"/facturas/{simplified.number}/completa/"
    assert address in text_of(administrator.get(f"/facturas/{simplified.number}/"))
    assert "has no NIF yet" in text_of(administrator.get(address))
    marked = {"invoices": [str(simplified.pk)]}
    assert "Fill it in on the client" in text_of(administrator.post(address, marked))
    assert administrator.post(address, {}).status_code == 422

    billing.client.tax_id = CLIENT_NIF
    billing.client.save()
    answer = administrator.post(address, marked)

    full = Invoice.objects.get(kind=Invoice.Kind.REPLACEMENT)
    assert answer.headers["Location"] == f"/facturas/{full.number}/"
    page = text_of(administrator.get(f"/facturas/{full.number}/"))
    assert "In place of" in page
    assert str(simplified.number) in page
    assert 'id="h-payments"' not in page
    assert str(full.number) in text_of(administrator.get(f"/facturas/{simplified.number}/"))
    assert "No simplified invoice can be replaced" in text_of(administrator.get(address))
