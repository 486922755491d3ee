"""The settings: firm, hours, areas, people, mail, invoicing."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from ecuanime.accounts.models import Role, User
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.checks import CheckLine
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.foundation.secrets import unseal
from ecuanime.staff.actions import add_product_area
from ecuanime.staff.models import Firm, Holiday, ProductArea
from ecuanime.staff.queries import levels_of
from ecuanime.web.office.settings import mail as settings_mail
from tests.factories import NOW, make_contact, make_firm, make_person

pytestmark = pytest.mark.django_db
PAGES = ("empresa", "horario", "areas", "facturacion", "correo", "correo/nuevo", "personas")
MAIL = {
    "address": "soporte@nodo.example",
    "language": "es",
    "username": "soporte",
    "password": "secreta",
    "imap_host": "imap.nodo.example",
    "imap_port": "993",
    "imap_security": "tls",
    "folder": "INBOX",
    "smtp_host": "smtp.nodo.example",
    "smtp_port": "465",
    "smtp_security": "tls",
}


@pytest.fixture
def administrator(client: Client) -> User:
    """An administrator, signed in."""
    make_firm(country="ES")
    person = make_person(Role.ADMINISTRATOR, name="Ana")
    client.force_login(person)
    return person


def test_every_page_opens_for_administrators_alone(client: Client, administrator: User) -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    for page in PAGES:
        address = f"/ajustes/{page}/"
        assert client.get(address).status_code == 200, address
        for other in (make_person(Role.SUPERVISOR), make_person(Role.BILLING), contact.user):
            browser = Client()
            browser.force_login(other)
            assert browser.get(address).status_code == 403
            assert browser.post(address, {}).status_code == 403
        assert Client().get(address)["Location"].startswith("/cuenta/login/")
    assert client.get("/ajustes/")["Location"] == "/ajustes/empresa/"


def test_the_firm_is_changed_and_a_wrong_tax_id_is_said_beside_its_field(
    client: Client, administrator: User
) -> None:
    given = {"name": "Nodo", "country": "ES", "currency": "EUR", "language": "es", "tax_id": "B12345675"}
    given |= {"legal_form": "company"}
    page = client.post("/ajustes/empresa/", given)
    assert page.status_code == 422
    assert b"id_tax_id_error" in page.content
    assert Firm.objects.get().name != "Nodo"
    assert client.post("/ajustes/empresa/", given | {"tax_id": "B12345674"}).status_code == 302
    assert Firm.objects.get().tax_id == "B12345674"


@pytest.mark.parametrize(("country", "said"), [("ES", True), ("MX", True), ("IE", False)])
def test_where_no_legal_pack_exists_the_page_says_what_invoices_are(
    client: Client, country: str, said: bool
) -> None:
    make_firm(country=country)
    client.force_login(make_person(Role.ADMINISTRATOR, language="en"))
    for page in ("empresa", "facturacion"):
        assert ("pro-formas" in client.get(f"/ajustes/{page}/").content.decode()) is said


def test_holidays_are_added_and_removed(client: Client, administrator: User) -> None:
    assert client.post("/ajustes/festivos/", {"on": "2027-06-24", "name": "San Juan"}).status_code == 302
    holiday = Holiday.objects.get(on=date(2027, 6, 24))
    assert client.post("/ajustes/festivos/", {"on": "2027-06-24", "name": "Otra"}).status_code == 422
    assert Holiday.objects.get().name == "San Juan"
    assert client.post(f"/ajustes/festivos/{holiday.pk}/retirar/").status_code == 302
    assert not Holiday.objects.exists()


def test_areas_are_added_renamed_and_removed(client: Client, administrator: User) -> None:
    assert client.post("/ajustes/areas/", {"name": "Linux"}).status_code == 302
    assert client.post("/ajustes/areas/", {"name": "linux"}).status_code == 422
    area = ProductArea.objects.get()
    assert client.get(f"/ajustes/areas/{area.pk}/").status_code == 200
    client.post(f"/ajustes/areas/{area.pk}/", {"name": "Servidores Linux"})
    area.refresh_from_db()
    assert area.name == "Servidores Linux"
    client.post(f"/ajustes/areas/{area.pk}/retirar/")
    assert not ProductArea.objects.exists()


def test_somebody_is_invited_by_mail(client: Client, administrator: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "ecuanime.delivery.backend.OutboxBackend"
    given = {"name": "Teo", "email": "teo@nodo.example", "language": "es", "roles": ["technician"]}
    assert client.post("/ajustes/personas/", given).status_code == 302
    teo = User.objects.get(email="teo@nodo.example")
    assert OutgoingMail.objects.get().to == [teo.email]
    assert client.post("/ajustes/personas/", given).status_code == 422
    assert (
        client.post("/ajustes/personas/", given | {"email": "x@nodo.example", "roles": []}).status_code == 422
    )
    assert User.objects.count() == 2
    client.post(f"/ajustes/personas/{teo.pk}/invitar/")
    assert OutgoingMail.objects.count() == 2


def test_roles_competences_and_access_of_a_person(client: Client, administrator: User) -> None:
    teo, area = make_person(), add_product_area(name="Linux", now=NOW)
    address = f"/ajustes/personas/{teo.pk}/"
    assert client.get(address).status_code == 200
    client.post(address, {"roles": ["supervisor", "billing"]})
    client.post(f"{address}competencias/", {f"area_{area.pk}": "consultant"})
    teo.refresh_from_db()
    assert teo.roles == [Role.SUPERVISOR, Role.BILLING]
    assert levels_of(teo) == {area.pk: "consultant"}
    client.post(f"{address}cerrar/")
    teo.refresh_from_db()
    assert not teo.is_active
    client.post(f"{address}abrir/")
    teo.refresh_from_db()
    assert teo.is_active
    assert client.post(f"{address}factor/").status_code == 302


def test_the_last_administrator_cannot_be_lost(client: Client, administrator: User) -> None:
    address = f"/ajustes/personas/{administrator.pk}/"
    page = client.post(address, {"roles": ["technician"]})
    assert page.status_code == 422
    client.post(f"{address}cerrar/")
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.roles == [Role.ADMINISTRATOR]


def test_a_clients_contact_is_not_a_person_of_the_firm(client: Client, administrator: User) -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    for path in ("", "competencias/", "invitar/", "cerrar/", "abrir/", "factor/"):
        assert client.post(f"/ajustes/personas/{contact.user.pk}/{path}").status_code == 404
    contact.user.refresh_from_db()
    assert contact.user.is_active


def test_the_list_of_people_costs_the_same_for_one_and_for_three(
    client: Client, administrator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/ajustes/personas/")
    with django_assert_num_queries(10, exact=False) as first:
        client.get("/ajustes/personas/")
    make_person()
    make_person()
    with django_assert_num_queries(len(first)):
        client.get("/ajustes/personas/")


def answer_with(monkeypatch: pytest.MonkeyPatch, *, imap: bool, smtp: bool) -> None:
    """Have the checks answer so: what is tried is theirs to test."""

    def check(ok: bool) -> list[CheckLine]:
        first = CheckLine("resolve.ok", True, "encontrado")
        return [first, CheckLine("connect.ok" if ok else "certificate.expired", ok, "certificado", "expired")]

    monkeypatch.setattr(settings_mail, "check_imap", lambda **_given: check(imap))
    monkeypatch.setattr(settings_mail, "check_smtp", lambda **_given: check(smtp))


def test_a_mailbox_that_works_receives_from_then_on(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, imap=True, smtp=True)
    assert client.post("/ajustes/correo/", MAIL).status_code == 302
    box, source = Mailbox.objects.get(), ImapSource.objects.get()
    assert box.is_default
    assert source.is_active
    assert source.next_due_at is not None
    assert unseal(box.smtp_password_sealed) == unseal(source.password_sealed) == "secreta"
    assert "secreta" not in box.smtp_password_sealed
    page = client.get("/ajustes/correo/")
    assert b"secreta" not in page.content
    assert client.post("/ajustes/correo/", MAIL | {"password": ""}).status_code == 302
    box.refresh_from_db()
    assert unseal(box.smtp_password_sealed) == "secreta"


def test_a_mailbox_that_does_not_work_is_kept_but_not_fetched(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, imap=False, smtp=True)
    page = client.post("/ajustes/correo/", MAIL)
    assert page.status_code == 422
    assert b"expired" in page.content
    assert not ImapSource.objects.get().is_active
    assert Mailbox.objects.get().smtp_host == "smtp.nodo.example"


def test_a_real_failure_is_explained(client: Client, administrator: User) -> None:
    page = client.post(
        "/ajustes/correo/", MAIL | {"imap_host": "", "smtp_host": "127.0.0.1", "smtp_port": "1"}
    )
    assert page.status_code == 422
    assert b"127.0.0.1" in page.content


@pytest.mark.parametrize("wrong", [{"address": "no"}, {"imap_host": "", "smtp_host": ""}, {"imap_port": "0"}])
def test_a_wrong_mailbox_is_not_written_down(
    client: Client, administrator: User, wrong: dict[str, str]
) -> None:
    assert client.post("/ajustes/correo/", MAIL | wrong).status_code == 422
    assert not Mailbox.objects.exists()


def test_two_mailboxes_have_two_addresses(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, imap=True, smtp=True)
    client.post("/ajustes/correo/", MAIL)
    assert client.post("/ajustes/correo/nuevo/", MAIL).status_code == 422
    assert client.post("/ajustes/correo/nuevo/", MAIL | {"address": "otro@nodo.example"}).status_code == 302
    assert Mailbox.objects.filter(is_default=True).count() == 1
    second = Mailbox.objects.get(address="otro@nodo.example")
    assert client.get(f"/ajustes/correo/{second.pk}/").status_code == 200


def test_the_bank_account_is_checked(client: Client, administrator: User) -> None:
    assert client.post("/ajustes/facturacion/", {"iban": "ES9121000418450200051333"}).status_code == 422
    assert client.post("/ajustes/facturacion/", {"iban": "ES91 2100 0418 4502 0005 1332"}).status_code == 302
    assert Firm.objects.get().iban == "ES9121000418450200051332"
