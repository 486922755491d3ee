"""The bell, the list behind it, following a ticket, and how one wants to be told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.notices.models import Notice, Quiet, Target
from ecuanime.notices.notifiers.apprise import sending
from ecuanime.notices.queries import wishes_of
from ecuanime.tickets.actions import add_note
from ecuanime.tickets.models import Follower
from tests.factories import make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db
SECRET = "ntfys://la-clave-secreta@push.example/tema"


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


@pytest.fixture
def me(client: Client) -> User:
    person = make_person(name="Irene Maldonado")
    client.force_login(person)
    return person


def names(me: User, text: str = "@Irene, mira <b>esto</b>") -> Notice:
    add_note(ticket=make_ticket(), author=make_person(), text=text, now=timezone.now())
    return Notice.objects.filter(user=me).latest("pk")


def test_a_notice_rings_is_listed_and_is_read_by_following_it(client: Client, me: User) -> None:
    notice = names(me)
    shown = client.get("/avisos/").content.decode()
    assert '<span class="ec-pip">1<' in shown
    assert "names you in" in shown
    assert "mira &lt;b&gt;esto" in shown
    gone = client.post(f"/avisos/{notice.pk}/")
    assert gone.headers["Location"] == notice.url
    assert '<span class="ec-pip">1<' not in client.get("/avisos/").content.decode()
    other = Notice.objects.create(
        user=make_person(), kind="mention", event_id="x", title="x", url="/", created_at=timezone.now()
    )
    assert client.post(f"/avisos/{other.pk}/").status_code == 404, "somebody else's"


def test_opening_the_ticket_reads_what_was_told_of_it(client: Client, me: User) -> None:
    first, second = names(me), names(me)
    client.get(first.url.partition("#")[0])
    assert list(Notice.objects.filter(user=me, read_at=None)) == [second]
    client.post("/avisos/leidos/")
    assert not Notice.objects.filter(user=me, read_at=None).exists()


def test_the_list_costs_the_same_for_one_and_for_three(client: Client, me: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/avisos/").status_code == 200
        return len(queries)

    names(me)
    one = cost()
    names(me)
    names(me)
    assert cost() == one


def test_following_and_no_longer(client: Client, me: User) -> None:
    ticket, other = make_ticket(), make_person(name="Otra")
    client.post(f"/tickets/{ticket.number}/seguir/", {"follows": "yes"})
    client.post(f"/tickets/{ticket.number}/seguir/", {"person": other.pk})
    assert {row.user for row in Follower.objects.all()} == {me, other}
    shown = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Followed by you" in shown
    assert "Otra follows it" in shown
    client.post(f"/tickets/{ticket.number}/seguir/", {"follows": "no"})
    assert [row.user for row in Follower.objects.all()] == [other]


def test_wishes_quiet_hours_and_targets(client: Client, me: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/cuenta/avisos/", {"state:email": "on", "quiet_begins": "22:00", "quiet_ends": "07:00"})
    wishes = wishes_of(me)
    assert wishes["state", "email"]
    assert not wishes["mention", "email"]
    assert Quiet.objects.get(user=me).begins.hour == 22
    assert client.post("/cuenta/avisos/", {"quiet_begins": "22:00"}).status_code == 422
    wrong = client.post("/cuenta/avisos/destinos/", {"name": "x", "url": "file:///etc/passwd"})
    assert wrong.status_code == 422
    client.post("/cuenta/avisos/destinos/", {"name": "Móvil", "url": SECRET})
    target = Target.objects.get()
    assert "la-clave-secreta" not in client.get("/cuenta/avisos/").content.decode()
    monkeypatch.setattr(sending, "_handed_over", lambda text: "refused")
    client.post(f"/cuenta/avisos/destinos/{target.pk}/probar/")
    said = client.get("/cuenta/avisos/").content.decode()
    assert "leads into an internal network" in said
    assert "la-clave-secreta" not in said
    client.post(f"/cuenta/avisos/destinos/{target.pk}/quitar/")
    assert not Target.objects.exists()
