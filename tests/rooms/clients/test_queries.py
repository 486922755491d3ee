"""Whose mail it is, and the list of clients."""

import pytest
from pytest_django import DjangoAssertNumQueries

from ecuanime.clients.actions import confirm_domain
from ecuanime.clients.models import Client
from ecuanime.clients.queries import client_page, clients_named, people_named, recognise
from tests.factories import NOW, make_client, make_contact, make_person

pytestmark = pytest.mark.django_db


def test_mail_is_recognised_by_contact_then_by_domain() -> None:
    contact = make_contact(email="elvira@bodegas.example")
    other = make_client()
    confirm_domain(client=other, domain="bodegas.example", by=None, now=NOW)
    by_address, by_domain = recognise("ELVIRA@Bodegas.example"), recognise("almacen@bodegas.example")
    assert by_address
    assert (by_address.client, by_address.contact) == (contact.client, contact)
    assert by_domain
    assert (by_domain.client, by_domain.contact) == (other, None)
    for stranger in ("x@sub.bodegas.example", "x@notbodegas.example", "", "bodegas.example", "x@"):
        assert recognise(stranger) is None


def test_who_left_is_a_stranger() -> None:
    contact = make_contact(email="elvira@bodegas.example", is_active=False)
    stopped = make_contact(client=make_client(is_active=False))
    assert recognise(contact.email) is None
    assert recognise(stopped.email) is None


def test_pages_meet_without_gap_or_repeat() -> None:
    names = ["Alfa", "Beta", "Beta", "Delta", "Épsilon", "Zeta", "Eta"]
    for name in names:
        make_client(name=name)
    make_client(name="Baja", is_active=False)
    seen: list[Client] = []
    page = client_page(Client.objects.all(), size=2)
    seen += page.rows
    while page.next:
        page = client_page(Client.objects.all(), after=page.next, size=2)
        seen += page.rows
    assert len(seen) == len(set(seen)) == len(names)
    assert client_page(Client.objects.all(), after="disparate", size=9).rows == seen


def test_search_finds_names_codes_and_domains() -> None:
    wanted = make_client(name="Bodegas Tierra Parda", code="C-0107")
    confirm_domain(client=wanted, domain="tierraparda.example", by=None, now=NOW)
    make_client(name="Autoescuela")
    lead = make_contact(wanted, signs_in=True, name="Inés Prado")
    assert lead.user
    for search in ("tierra bodegas", "0107", "parda.exam", "C-0107", "PARDA", "%", "_", "\\", "tierra %"):
        found = [] if set(search) & {"%", "_", "\\"} else [wanted]
        assert client_page(Client.objects.all(), search=search).rows == found
        for somebody in (make_person(), lead.user):
            assert clients_named(somebody, search, limit=9) == found, search
    stranger = make_contact(signs_in=True).user
    assert stranger
    assert clients_named(stranger, "tierra", limit=9) == []
    assert people_named(stranger, "ines", limit=9) == []
    for somebody in (make_person(), lead.user):
        assert people_named(somebody, "prad INE", limit=9) == [lead]
        assert people_named(somebody, "rado", limit=9) == []


@pytest.mark.parametrize(
    ("text", "is_found"), [("100%", True), ("%_a", True), ("0_", False), ("%n", False), ("a\\b", True)]
)
def test_signs_of_patterns_are_letters_like_others(text: str, is_found: bool) -> None:
    client = make_client(name="100%_A\\B natural")
    for somebody in (make_person("technician"), make_contact(client=client, signs_in=True).user):
        assert (client in clients_named(somebody, text, limit=9)) is is_found


def test_a_page_costs_the_same_for_one_client_and_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (1, 3):
        while Client.objects.count() < count:
            make_contact(is_project_lead=True)
        with django_assert_num_queries(2):
            for client in client_page(Client.objects.all()).rows:
                assert client.leads  # type: ignore[attr-defined]  # set by the prefetch
