"""Organisations, their people, domains and sites."""

import threading

import pytest
from django.db import connection

from ecuanime.accounts.models import Role
from ecuanime.clients.access import may_change_contact, may_manage_clients, visible_clients
from ecuanime.clients.actions import (
    add_contact,
    add_site,
    confirm_domain,
    create_client,
    remove_domain,
    remove_site,
    set_client_active,
    set_contact_active,
    set_rights,
    update_client,
    update_contact,
)
from ecuanime.clients.models import Client, ClientDomain, Contact
from ecuanime.foundation.errors import Refused
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_mailbox,
    make_person,
)

pytestmark = pytest.mark.django_db


def refused(code: str) -> object:
    """Expect a refusal with this code."""
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_codes_count_up_and_the_rest_is_as_the_firms() -> None:
    make_firm(country="ES", language="en")
    first, second = create_client(name="Bodegas", now=NOW), create_client(name="Autoescuela", now=NOW)
    assert (first.code, second.code) == ("C-0001", "C-0002")
    assert (first.country, first.currency, first.language, first.time_zone) == (
        "ES",
        "EUR",
        "en",
        "Europe/Madrid",
    )
    make_client(code="C-0107")
    assert create_client(name="Otra", country="MX", now=NOW).time_zone == "America/Mexico_City"
    assert Client.objects.get(name="Otra").code == "C-0108"


@pytest.mark.django_db(transaction=True)
def test_clients_made_at_once_get_different_codes() -> None:
    gate = threading.Barrier(6)

    def make() -> None:
        gate.wait()
        try:
            create_client(name="A la vez", now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Client.objects.values_list("code", flat=True)) == [f"C-{n:04}" for n in range(1, 7)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"country": "XX"}, "unknown_country"),
        ({"country": "ES", "tax_id": "B12345675"}, "tax_id"),
        ({"time_zone": "Nowhere"}, "unknown_time_zone"),
        ({"language": "xx"}, "unknown_language"),
    ],
)
def test_a_wrong_client_is_refused_and_nothing_changes(wrong: dict[str, str], code: str) -> None:
    client = make_client(name="Bodegas")
    before = Client.objects.values().get()
    with refused(code):
        create_client(now=NOW, **{"name": "Nueva"} | wrong)
    with refused(code):
        update_client(client=client, now=NOW, **{"city": "Arrecife"} | wrong)
    assert Client.objects.values().get() == before


def test_a_client_changes_and_stops() -> None:
    client = make_client()
    assert update_client(client=client, now=NOW, legal_name="Bodegas, S. L.").legal_name == "Bodegas, S. L."
    assert not set_client_active(client=client, active=False, now=NOW).is_active
    assert set_client_active(client=client, active=True, now=NOW).is_active
    with refused("no_name"):
        add_site(client=client, name="", now=NOW)
    assert add_site(client=client, name="Almacén", now=NOW).client == client


def test_a_site_stays_while_something_names_it() -> None:
    client = make_client()
    named, free = (add_site(client=client, name=name, now=NOW) for name in ("Almacén", "Tienda"))
    make_contract(client).sites.add(named)
    with refused("site_in_use"):
        remove_site(site=named, now=NOW)
    remove_site(site=free, now=NOW)
    assert list(client.sites.all()) == [named]


def test_contacts_have_an_address_of_their_own() -> None:
    client = make_client(language="en")
    contact = add_contact(client=client, name="Elvira", email="Elvira@Bodegas.example", now=NOW)
    assert (contact.email, contact.language) == ("elvira@bodegas.example", "en")
    for fields, code in (
        ({"name": ""}, "no_name"),
        ({"name": "X", "email": "no"}, "bad_email"),
        ({"name": "X", "email": "ELVIRA@bodegas.example"}, "email_taken"),
        ({"name": "X", "language": "xx"}, "unknown_language"),
    ):
        with refused(code):
            add_contact(client=client, now=NOW, **fields)
    assert Contact.objects.count() == 1
    set_contact_active(contact=contact, active=False, now=NOW)
    add_contact(client=client, name="Sucesora", email="elvira@bodegas.example", now=NOW)
    with refused("email_taken"):
        set_contact_active(contact=contact, active=True, now=NOW)
    contact.refresh_from_db()
    assert not contact.is_active


def test_a_new_address_moves_the_account_along() -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    with refused("signs_in"):
        update_contact(contact=contact, email="", now=NOW)
    other = make_person()
    with refused("email_taken"):
        update_contact(contact=contact, email=other.email, now=NOW)
    contact.refresh_from_db()
    assert contact.email == contact.user.email
    update_contact(contact=contact, email="nueva@cliente.example", now=NOW)
    contact.user.refresh_from_db()
    assert contact.user.email == "nueva@cliente.example"


def test_limits_are_for_project_leads() -> None:
    contact = make_contact()
    given = {"contact": contact, "sees_invoices": False, "approves_up_to_amount": None, "now": NOW}
    with refused("limits_without_right"):
        set_rights(is_project_lead=False, approves_up_to_minutes=240, **given)
    contact.refresh_from_db()
    assert contact.approves_up_to_minutes is None
    lead = set_rights(is_project_lead=True, approves_up_to_minutes=240, **given)
    assert (lead.is_project_lead, lead.approves_up_to_minutes) == (True, 240)


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("gmail.com", "public_mail"),
        ("Someone@Hotmail.es", "public_mail"),
        ("outlook.com.", "public_mail"),
        ("com.mx", "public_mail"),
        ("localhost", "bad_domain"),
        ("dos palabras.com", "bad_domain"),
        ("10.0.0.1", "bad_domain"),
        ("nodoalisio.example", "own_domain"),
        ("tomado.example", "domain_taken"),
    ],
)
def test_a_domain_that_is_not_the_clients_alone_is_refused(domain: str, code: str) -> None:
    make_mailbox()
    confirm_domain(client=make_client(), domain="tomado.example", by=None, now=NOW)
    with refused(code):
        confirm_domain(client=make_client(), domain=domain, by=None, now=NOW)
    assert ClientDomain.objects.count() == 1


def test_a_domain_is_confirmed_once_and_can_be_removed() -> None:
    client, person = make_client(), make_person()
    domain = confirm_domain(client=client, domain="@Bodegas-Ñandú.example", by=person, now=NOW)
    assert domain.domain == "xn--bodegas-and-qcbl.example" or domain.domain.startswith("xn--")
    assert confirm_domain(client=client, domain="bodegas-ñandú.example", by=person, now=NOW) == domain
    remove_domain(domain=domain, now=NOW)
    assert not ClientDomain.objects.exists()


def test_who_sees_and_changes_what() -> None:
    one, other = make_contact(signs_in=True), make_contact(signs_in=True)
    assert one.user
    assert other.user
    technician, supervisor = make_person(Role.TECHNICIAN), make_person(Role.SUPERVISOR)
    assert list(visible_clients(one.user)) == [one.client]
    assert visible_clients(technician).count() == 2
    set_contact_active(contact=other, active=False, now=NOW)
    assert not visible_clients(other.user).exists()
    assert not may_manage_clients(technician)
    assert may_manage_clients(supervisor)
    assert not may_manage_clients(one.user)
    assert may_change_contact(technician, make_contact())
    assert not may_change_contact(technician, one)
    assert not may_change_contact(technician, make_contact(is_project_lead=True))
    assert may_change_contact(supervisor, one)
