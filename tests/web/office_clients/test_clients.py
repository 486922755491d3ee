"""The clients' screens."""

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from ecuanime.accounts.models import Role, User
from ecuanime.clients.actions import confirm_domain
from ecuanime.clients.models import Client, Contact
from tests.factories import NOW, make_client, make_contact, make_contract, make_firm, make_person
from tests.factories.billing import make_billing
from tests.factories.entitlements import make_pack

pytestmark = pytest.mark.django_db
TABS = ("", "tickets/", "libro/", "personas/", "datos/")


@pytest.fixture
def supervisor(client: Browser) -> User:
    """A supervisor, signed in."""
    make_firm()
    person = make_person(Role.SUPERVISOR)
    client.force_login(person)
    return person


def as_person(*roles: str) -> Browser:
    """The browser of somebody with these roles."""
    browser = Browser()
    browser.force_login(make_person(*roles))
    return browser


def test_people_of_the_firm_see_every_page_and_nobody_else_does(client: Browser, supervisor: User) -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    of_client = Browser()
    of_client.force_login(contact.user)
    code = contact.client.code
    for address in (
        "/clientes/",
        *(f"/clientes/{code}/{tab}" for tab in TABS),
        f"/clientes/{code}/personas/{contact.pk}/",
    ):
        for role in (Role.TECHNICIAN, Role.BILLING, Role.SUPERVISOR, Role.ADMINISTRATOR):
            assert as_person(role).get(address).status_code == 200, address
        assert of_client.get(address).status_code == 403
        assert Browser().get(address)["Location"].startswith("/cuenta/login/")
    assert client.get("/clientes/C-9999/").status_code == 404
    assert client.get(f"/clientes/{make_client().code}/personas/{contact.pk}/").status_code == 404


def test_a_client_is_taken_on_and_found(client: Browser, supervisor: User) -> None:
    assert client.get("/clientes/nuevo/").status_code == 200
    given = {"name": "Bodegas Tierra Parda", "country": "ES", "language": "es", "tax_id": "B12345675"}
    assert client.post("/clientes/nuevo/", given).status_code == 422
    assert not Client.objects.exists()
    answer = client.post("/clientes/nuevo/", given | {"tax_id": ""})
    assert answer["Location"] == "/clientes/C-0001/personas/"
    make_client(name="Otra")
    page = client.get("/clientes/?q=tierra")
    assert b"Bodegas" in page.content
    assert b"Otra</a>" not in page.content
    assert client.get("/clientes/?q=nada").status_code == 200
    assert client.get("/clientes/?ver=antiguos").status_code == 200


def test_what_a_technician_may_not_change_stays(client: Browser, supervisor: User) -> None:
    kept = make_contact(signs_in=True)
    technician, base = as_person(Role.TECHNICIAN), f"/clientes/{kept.client.code}/"
    before = (Client.objects.values().get(), Contact.objects.values().get())
    person = f"{base}personas/{kept.pk}/"
    for address in (
        "/clientes/nuevo/",
        f"{base}datos/",
        f"{base}dominios/",
        f"{base}parar/",
        f"{base}reanudar/",
        person,
        f"{person}derechos/",
        f"{person}acceso/",
        f"{person}sin-acceso/",
        f"{person}baja/",
        f"{person}alta/",
    ):
        given = {
            "name": "X",
            "email": "x@evil.example",
            "language": "es",
            "domain": "x.example",
            "is_project_lead": "on",
        }
        assert technician.post(address, given).status_code == 403, address
    assert (Client.objects.values().get(), Contact.objects.values().get()) == before
    assert technician.post(f"{base}personas/", {"name": "Nueva", "language": "es"}).status_code == 302


def test_data_domains_and_sites(client: Browser, supervisor: User) -> None:
    kept = make_client(name="Bodegas", country="ES")
    base = f"/clientes/{kept.code}/"
    given = {
        "name": "Bodegas",
        "kind": "business",
        "invoice_format": "none",
        "country": "ES",
        "language": "es",
        "time_zone": "Europe/Madrid",
        "currency": "EUR",
    }
    assert client.post(f"{base}datos/", given | {"legal_name": "Bodegas, S. L."}).status_code == 302
    assert client.post(f"{base}datos/", given | {"tax_id": "B12345675"}).status_code == 422
    kept.refresh_from_db()
    assert (kept.legal_name, kept.tax_id) == ("Bodegas, S. L.", "")
    page = client.post(f"{base}dominios/", {"domain": "gmail.com"})
    assert page.status_code == 422
    assert b"gmail.com" in page.content
    assert client.post(f"{base}dominios/", {"domain": "bodegas.example"}).status_code == 302
    assert client.post(f"{base}sedes/", {"name": "Almacén"}).status_code == 302
    assert b"bodegas.example" in client.get(f"{base}datos/").content
    client.post(f"{base}dominios/{kept.domains.get().pk}/retirar/")
    client.post(f"{base}sedes/{kept.sites.get().pk}/retirar/")
    assert not kept.domains.exists()
    assert not kept.sites.exists()
    client.post(f"{base}parar/")
    kept.refresh_from_db()
    assert not kept.is_active
    client.post(f"{base}reanudar/")
    kept.refresh_from_db()
    assert kept.is_active


def test_another_clients_domain_cannot_be_removed_from_here(client: Browser, supervisor: User) -> None:
    theirs = confirm_domain(client=make_client(), domain="suyo.example", by=None, now=NOW)
    assert client.post(f"/clientes/{make_client().code}/dominios/{theirs.pk}/retirar/").status_code == 404
    theirs.refresh_from_db()


def test_a_contact_from_noted_to_signing_in(client: Browser, supervisor: User) -> None:
    kept = make_client()
    base = f"/clientes/{kept.code}/personas/"
    given = {"name": "Elvira", "email": "elvira@bodegas.example", "language": "es"}
    assert client.post(base, given).status_code == 302
    assert client.post(base, given | {"name": "Otra"}).status_code == 422
    elvira = Contact.objects.get()
    person = f"{base}{elvira.pk}/"
    assert client.post(person, given | {"job": "administración"}).status_code == 302
    rights = {"is_project_lead": "on", "hours_a_day": "4", "amount_a_day": "250.50"}
    assert client.post(f"{person}derechos/", rights).status_code == 302
    elvira.refresh_from_db()
    assert (elvira.job, elvira.is_project_lead) == ("administración", True)
    assert (elvira.approves_up_to_minutes, elvira.approves_up_to_amount) == (240, 25050)
    assert client.post(f"{person}derechos/", {"hours_a_day": "4"}).status_code == 422
    client.post(f"{person}acceso/")
    elvira.refresh_from_db()
    assert elvira.user
    assert client.get(person).status_code == 200
    client.post(f"{person}sin-acceso/")
    elvira.user.refresh_from_db()
    assert not elvira.user.is_active
    client.post(f"{person}baja/")
    elvira.refresh_from_db()
    assert not elvira.is_active
    client.post(f"{person}alta/")
    elvira.refresh_from_db()
    assert elvira.is_active


def test_the_list_costs_the_same_for_one_client_and_for_three(
    client: Browser, supervisor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_contact(is_project_lead=True)
    client.get("/clientes/")
    with django_assert_num_queries(12, exact=False) as first:
        client.get("/clientes/")
    make_contact(is_project_lead=True)
    make_contact(is_project_lead=True)
    with django_assert_num_queries(len(first)):
        client.get("/clientes/")


def test_the_page_costs_the_same_however_much_the_client_has(
    client: Browser, supervisor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept = make_client()
    make_contract(kept)
    make_contact(kept)
    address = f"/clientes/{kept.code}/"
    client.get(address)
    with django_assert_num_queries(40, exact=False) as first:
        client.get(address)
    for _ in range(2):
        make_contract(kept)
        make_contact(kept)
    with django_assert_num_queries(len(first)):
        client.get(address)


def test_what_the_client_bought_and_owes_stands_on_the_page(client: Browser, supervisor: User) -> None:
    billing = make_billing()
    kept = billing.client
    billing.approved(90)
    invoice = billing.issue()
    make_pack(make_contract(kept), hours=20)
    base = f"/clientes/{kept.code}/"
    page = client.get(base)
    assert page.status_code == 200
    assert page.context["left"] == 21 * 6000
    assert page.context["receivables"][0].owed == invoice.total > 0
    assert str(invoice.number) in page.content.decode()
    assert len(page.context["movements"]) == 2
    number = page.context["ledger_contract"].number
    ledger = client.get(f"{base}libro/?contrato={number}")
    assert len(ledger.context["movements"]) == 2
    assert client.get(f"{base}libro/?contrato=CT-9999").status_code == 404
    technician = as_person(Role.TECHNICIAN).get(base)
    assert "receivables" not in technician.context
    assert "invoices" not in technician.context
