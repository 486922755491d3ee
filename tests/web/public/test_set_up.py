"""The set-up, from the printed link to the inbox."""

import pytest
from django.test import Client

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.setup import setup_link
from ecuanime.staff.models import Firm
from tests.factories import make_firm, make_person

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Nodo Alisio",
    "country": "ES",
    "administrator_name": "Ana Alisio",
    "administrator_email": "ana@nodo.example",
    "password": "una clave bastante larga",
}


def link() -> str:
    """A fresh set-up link."""
    path = setup_link()
    assert path
    return path


def test_before_the_set_up_every_address_leads_to_the_page_without_a_form(client: Client) -> None:
    for address in ("/", "/bandeja/", "/cuenta/login/", "/clientes/"):
        assert client.get(address)["Location"] == "/inicio/"
    page = client.get("/inicio/")
    assert page.status_code == 200
    assert b'<form method="post" class' not in page.content
    assert b'name="password"' not in page.content


def test_three_answers_make_the_firm_and_sign_the_administrator_in(client: Client) -> None:
    path = link()
    assert client.get(path).status_code == 200
    answer = client.post(path, GIVEN)
    assert answer.status_code == 302
    assert answer["Location"] == "/inicio/paso/empresa/"
    assert Firm.objects.get().name == "Nodo Alisio"
    assert User.objects.get().roles == [Role.ADMINISTRATOR]
    for step in ("empresa", "horario", "correo", "planes", "personas", "listo"):
        page = client.get(f"/inicio/paso/{step}/")
        assert page.status_code == 200, step
    assert client.post("/inicio/paso/listo/")["Location"] == "/"
    assert Firm.objects.get().setup_finished_at is not None


def test_the_steps_go_one_to_the_next(client: Client) -> None:
    client.post(link(), GIVEN)
    firm = {
        "name": "Nodo Alisio",
        "country": "ES",
        "tax_id": "B12345674",
        "legal_form": "company",
        "currency": "EUR",
        "language": "es",
    }
    assert client.post("/inicio/paso/empresa/", firm)["Location"] == "/inicio/paso/horario/"
    hours = {"time_zone": "Atlantic/Canary", "opens_at": "08:00", "closes_at": "16:00", "cut_at": "20:00"}
    hours |= {"holiday_subdivision": "CN", "close_solved_after_days": "7"}
    assert client.post("/inicio/paso/horario/", hours)["Location"] == "/inicio/paso/correo/"
    assert Firm.objects.get().holiday_subdivision == "CN"
    plans = client.post("/inicio/paso/planes/", {"plans": ["bono-10", "bajo-demanda"]})
    assert plans["Location"] == "/inicio/paso/personas/"
    person = {"name": "Teo", "email": "teo@nodo.example", "language": "es", "roles": ["technician"]}
    assert client.post("/inicio/paso/personas/", person)["Location"] == "/inicio/paso/personas/"
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, b"id_name_error"),
        ({"password": "corta"}, b"id_password_error"),
        ({"administrator_email": "no"}, b"id_administrator_email_error"),
        ({"country": "ZZ"}, b"id_country_error"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    client: Client, wrong: dict[str, str], words: bytes
) -> None:
    path = link()
    page = client.post(path, GIVEN | wrong)
    assert page.status_code == 422
    assert words in page.content
    assert not Firm.objects.exists()
    assert not User.objects.exists()
    assert client.get(path).status_code == 200


def test_a_stranger_cannot_become_administrator(client: Client) -> None:
    real = link()
    for token in ("adivinada", "paso", real.split("/")[2][:-1]):
        page = client.post(f"/inicio/{token}/", GIVEN)
        assert page.status_code == 404
    assert not User.objects.exists()
    client.post(real, GIVEN)
    other = Client()
    second = other.post(real, GIVEN | {"administrator_email": "otra@nodo.example"})
    assert second.status_code == 404
    assert User.objects.count() == 1
    for step in ("empresa", "horario", "correo", "planes", "personas", "listo"):
        assert other.get(f"/inicio/paso/{step}/")["Location"].startswith("/cuenta/login/")


def test_with_an_administrator_the_first_step_is_closed(client: Client) -> None:
    path = link()
    make_firm()
    make_person(Role.ADMINISTRATOR)
    assert client.get(path).status_code == 404
    assert client.get("/inicio/")["Location"] == "/"


def test_guessing_is_limited(client: Client) -> None:
    path = link()
    answers = [client.post(path, GIVEN | {"name": ""}).status_code for _ in range(11)]
    assert answers[:10] == [422] * 10
    assert answers[10] == 429
