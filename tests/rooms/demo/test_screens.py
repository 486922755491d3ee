"""The demo in the browser: asked for with the set-up link, entered as anybody in it, removed by its administrator."""

from __future__ import annotations

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.setup import setup_link
from ecuanime.clients.models import Contact
from ecuanime.demo.progress import Stage, note_progress
from ecuanime.demo.queries import PASSWORD, demo_accounts
from ecuanime.staff.models import Firm
from tests.factories import make_client, make_firm, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nothing_noted")]


@pytest.fixture
def demo_firm() -> User:
    """A demo firm with its administrator, a technician and one contact: enough for the screens."""
    make_firm(is_demo=True)
    administrator = make_person(Role.ADMINISTRATOR, email="adela@nodoalisio.example", name="Adela Ríos")
    make_person(Role.TECHNICIAN, email="teo@nodoalisio.example", name="Teo Barrientos")
    lead = make_person(email="elvira.sotillo@tierraparda.example", name="Elvira Sotillo")
    User.objects.filter(pk=lead.pk).update(roles=[])
    Contact.objects.create(
        client=make_client(), name=lead.name, email=lead.email, user=lead, created_at=lead.created_at
    )
    return administrator


def test_only_the_holder_of_the_link_asks_for_it(client: Client) -> None:
    path = setup_link()
    assert path
    assert client.get("/inicio/demo/")["Location"] == "/inicio/"
    client.post("/inicio/guessed/demo/")
    assert not ProcrastinateJob.objects.filter(task_name="demo.fill").exists()
    assert b"demo/" in client.get(path).content
    assert client.post(f"{path}demo/")["Location"] == "/inicio/demo/"
    assert ProcrastinateJob.objects.filter(task_name="demo.fill", status="todo").count() == 1
    page = client.get("/inicio/demo/")
    assert b'hx-get="/inicio/demo/avance/"' in page.content


def test_the_page_that_waits_shows_how_far_it_is_and_stops_asking(client: Client) -> None:
    note_progress(Stage.RUNNING, 37)
    assert b'value="37"' in client.get("/inicio/demo/avance/").content
    note_progress(Stage.FAILED)
    part = client.get("/inicio/demo/avance/").content
    assert b"hx-get" not in part
    assert b'role="alert"' in part
    make_firm(is_demo=True)
    answer = client.get("/inicio/demo/avance/")
    assert b"hx-get" not in answer.content
    assert answer["HX-Redirect"] == "/cuenta/login/"


def test_the_sign_in_page_names_everybody_and_lets_one_be_them(client: Client, demo_firm: User) -> None:
    page = client.get("/cuenta/login/").content.decode()
    assert PASSWORD in page
    assert all(account.email in page for account in demo_accounts())
    assert client.post("/demo/persona/", {"email": demo_firm.email}).status_code == 302
    assert client.session["_auth_user_id"] == str(demo_firm.pk)
    desk = client.get("/bandeja/", follow=True).content.decode()
    assert 'action="/demo/persona/"' in desk
    assert "/ajustes/demo/quitar/" in desk
    client.post("/demo/persona/", {"email": "elvira.sotillo@tierraparda.example"})
    portal = client.get("/portal/", follow=True).content.decode()
    assert 'action="/demo/persona/"' in portal
    assert "/ajustes/demo/quitar/" not in portal


def test_nobody_else_can_be_become_and_no_real_firm_has_such_a_door(client: Client, demo_firm: User) -> None:
    other = make_person(Role.ADMINISTRATOR, email="real@nodoalisio.example")
    assert client.post("/demo/persona/", {"email": other.email}).status_code == 404
    Firm.objects.update(is_demo=False)
    assert client.post("/demo/persona/", {"email": demo_firm.email}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert PASSWORD not in client.get("/cuenta/login/").content.decode()


def test_its_administrator_removes_it_and_stands_before_the_set_up(client: Client, demo_firm: User) -> None:
    client.force_login(demo_firm)
    page = client.get("/ajustes/demo/quitar/")
    assert page.status_code == 200
    assert Firm.objects.exists()
    answer = client.post("/ajustes/demo/quitar/")
    assert answer["Location"].startswith("/inicio/")
    assert client.get(answer["Location"]).status_code == 200
    assert not Firm.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(("email", "status"), [("teo@nodoalisio.example", 403), ("", 302)])
def test_others_do_not_remove_it(client: Client, demo_firm: User, email: str, status: int) -> None:
    if email:
        client.force_login(User.objects.get(email=email))
    for method in (client.get, client.post):
        assert method("/ajustes/demo/quitar/").status_code == status
    assert Firm.objects.exists()


def test_a_real_firm_has_no_such_page(client: Client, demo_firm: User) -> None:
    Firm.objects.update(is_demo=False)
    client.force_login(demo_firm)
    for method in (client.get, client.post):
        assert method("/ajustes/demo/quitar/").status_code == 404
    assert Firm.objects.exists()
    assert "/demo/persona/" not in client.get("/bandeja/", follow=True).content.decode()
