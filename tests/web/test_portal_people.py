"""The dossier and the people of a client on their pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.clients.models import Contact, DossierSection
from tests.factories import make_contact, make_firm, make_mailbox, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


def test_a_dossier_is_written_by_the_team_and_read_by_the_client(client: Client) -> None:
    contact = make_contact(signs_in=True, sees_dossier=True)
    me = make_person()
    client.force_login(me)
    url = f"/clientes/{contact.client.code}/memoria/"
    client.post(url, {"title": "Servidores", "text": "Dos <b>viejos</b>", "is_shown": "on"})
    client.post(url, {"title": "Manías", "text": "Llaman tarde"})
    section = DossierSection.objects.get(title="Servidores")
    stale = client.post(f"{url}{section.pk}/", {"title": "S", "text": "Tres", "version": 7})
    assert stale.status_code == 422
    assert "Tres" in stale.content.decode(), "what was written is not lost"
    assert contact.user
    client.force_login(contact.user)
    shown = client.get("/portal/memoria/").content.decode()
    assert "Dos &lt;b&gt;viejos" in shown
    assert "Llaman tarde" not in shown
    Contact.objects.update(sees_dossier=False)
    assert client.get("/portal/memoria/").status_code == 403


def test_an_administrator_of_the_client_manages_their_people(client: Client) -> None:
    admin = make_contact(signs_in=True, manages_people=True, sees_dossier=True)
    stranger = make_contact()
    assert admin.user
    client.force_login(admin.user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/portal/personas/").status_code == 200
        return len(queries)

    one = cost()
    for number in (1, 2):
        client.post("/portal/personas/", {"name": "Nueva", "email": f"nueva{number}@cliente.example"})
    client.get("/portal/personas/")
    assert cost() == one
    added = Contact.objects.get(email="nueva1@cliente.example")
    client.post(f"/portal/personas/{added.pk}/", {"sees_dossier": "on", "has_access": "on"})
    added.refresh_from_db()
    assert added.sees_dossier
    assert client.post(f"/portal/personas/{stranger.pk}/", {}).status_code == 404
    client.post(f"/portal/personas/{added.pk}/baja/")
    added.refresh_from_db()
    assert not added.is_active
    Contact.objects.update(manages_people=False)
    assert client.get("/portal/personas/").status_code == 403
