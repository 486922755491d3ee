"""Merging, splitting and linking at the desk, and that a client sees nothing of another's through them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.tickets.actions import add_inbound_message, add_note, link, set_parent
from ecuanime.tickets.models import State, Ticket, TicketLink
from ecuanime.tickets.queries import related_to
from ecuanime.web.desk.merging import merge_url
from ecuanime.worklog.actions import merge_tickets
from tests.factories import make_client, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(language="en", name="Irene Maldonado")
    client.force_login(person)
    return person


@pytest.fixture
def pair(me: User) -> tuple[Ticket, Ticket]:
    elvira = make_contact(name="Elvira", signs_in=True, language="en")
    return make_ticket(contact=elvira), make_ticket(contact=elvira, subject="Lo mismo")


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_ticket_is_merged_into_the_one_chosen_and_back(client: Client, pair: tuple[Ticket, Ticket]) -> None:
    into, ticket = pair
    chooser = shown(client, f"/tickets/{ticket.number}/vincular/")
    assert f'value="{into.number}"' in chooser
    answer = client.post(
        f"/tickets/{ticket.number}/unir/", {"chosen": into.number, "version": ticket.version}
    )
    assert answer["Location"] == f"/tickets/{into.number}/"
    page = shown(client, answer["Location"])
    assert f"/tickets/{ticket.number}/unir/deshacer/" in page
    assert f"merged #{ticket.number} into this one" in page
    merged = shown(client, f"/tickets/{ticket.number}/")
    assert f"This ticket goes on in #{into.number}" in merged
    assert "data-composer" not in merged
    client.post(f"/tickets/{ticket.number}/unir/deshacer/")
    assert Ticket.objects.get(pk=ticket.pk).merged_into is None
    again = client.post(f"/tickets/{ticket.number}/unir/deshacer/", follow=True).content.decode()
    assert "no merge that could be taken back" in again


def test_a_refusal_says_why_and_keeps_what_was_chosen(client: Client, pair: tuple[Ticket, Ticket]) -> None:
    other = make_ticket(contact=make_contact(make_client(name="Otra")))
    for number, words in ((other.number, "are of different clients"), (99999, "no ticket with that number")):
        answer = client.post(f"/tickets/{pair[0].number}/unir/", {"number": number})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{number}"' in answer.content.decode()


def test_messages_are_split_off_from_one_on(client: Client, me: User, pair: tuple[Ticket, Ticket]) -> None:
    ticket = pair[0]
    second = add_inbound_message(ticket=ticket, message=make_message("Y la impresora"), now=timezone.now())
    add_note(ticket=ticket, author=me, text="Otra cosa", now=timezone.now())
    form = shown(client, f"/tickets/{ticket.number}/separar/?desde={second.pk}")
    assert form.count(" checked") == 2
    answer = client.post(f"/tickets/{ticket.number}/separar/", {"message": second.pk, "subject": "Impresora"})
    other = Ticket.objects.latest("number")
    assert (answer["Location"], other.messages.get()) == (f"/tickets/{other.number}/", second)
    refused = client.post(f"/tickets/{ticket.number}/separar/", {"subject": "Nada"})
    assert refused.status_code == 422


def test_links_and_parents_come_and_go(client: Client, me: User, pair: tuple[Ticket, Ticket]) -> None:
    one, two = pair
    client.post(f"/tickets/{one.number}/enlazar/", {"number": f"#{two.number}"})
    assert TicketLink.objects.get().second == two
    assert two.subject in whole_ticket(client, one.number)
    client.post(f"/tickets/{one.number}/enlazar/", {"number": two.number, "remove": "1"})
    assert not TicketLink.objects.exists()
    client.post(f"/tickets/{two.number}/depende/", {"number": one.number})
    client.post(f"/tickets/{one.number}/estado/", {"state": "solved"})
    assert "Solve the 1 that hangs on it" in whole_ticket(client, one.number)
    client.post(f"/tickets/{one.number}/resolver-dependientes/")
    assert Ticket.objects.get(pk=two.pk).state == State.SOLVED
    client.post(f"/tickets/{two.number}/depende/", {"remove": "1"})
    assert Ticket.objects.get(pk=two.pk).parent is None


def test_what_hangs_together_takes_one_query(me: User, pair: tuple[Ticket, Ticket]) -> None:
    now = timezone.now()
    for _ in range(3):
        link(ticket=pair[0], other=make_ticket(), by=me, now=now)
        set_parent(ticket=make_ticket(), parent=pair[0], by=me, now=now)
    with CaptureQueriesContext(connection) as queries:
        assert len(related_to(pair[0])) == 6
    assert len(queries) == 1


def test_the_portal_shows_nothing_of_other_clients(
    client: Client, me: User, pair: tuple[Ticket, Ticket]
) -> None:
    into, ticket = pair
    secret = make_ticket(contact=make_contact(make_client(name="Otra SL")), subject="Secreto ajeno")
    now = timezone.now()
    link(ticket=ticket, other=secret, by=me, now=now)
    set_parent(ticket=ticket, parent=secret, by=me, now=now)
    merge_tickets(ticket=ticket, into=into, by=me, now=now)
    assert into.contact
    assert into.contact.user
    client.force_login(into.contact.user)
    page = shown(client, f"/portal/peticiones/{ticket.number}/")
    assert "It goes on in" in page
    for number in (ticket.number, into.number):
        page = shown(client, f"/portal/peticiones/{number}/")
        assert "Secreto" not in page
        assert f"#{secret.number}" not in page
    client.post(f"/portal/peticiones/{ticket.number}/responder/", {"body": "¿Y bien?"})
    assert into.messages.latest("pk").came_from == ticket
    assert "¿Y bien?" in shown(client, f"/portal/peticiones/{ticket.number}/")


def test_several_go_on_in_one_and_are_taken_back_together(client: Client, me: User) -> None:
    elvira = make_contact(name="Elvira", email="elvira@uno.example")
    into, *others = (make_ticket(contact=elvira) for _ in range(3))
    stranger = make_ticket(contact=make_contact(make_client(name="Otro")))
    chosen = [into.number, *(each.number for each in others), stranger.number]
    led = client.post("/bandeja/abiertos/varios/", {"ticket": chosen, "merge": "1"}).headers["Location"]
    assert led == "/bandeja/unir/?" + "&".join(f"t={number}" for number in sorted(chosen))
    shown = client.get(f"{led}&en={into.number}").content.decode()
    assert f"Merge 2 tickets into #{into.number}" in shown
    assert "are of different clients" in shown
    assert f'name="version{stranger.number}"' not in shown
    versions = {f"version{each.number}": each.version for each in others}
    done = client.post(f"{led}&en={into.number}", versions, follow=True).content.decode()
    assert {each.merged_into for each in Ticket.objects.filter(number__in=chosen)} == {None, into}
    assert Ticket.objects.get(pk=stranger.pk).merged_into is None
    undo = re.search(r'action="(/tickets/\d+/unir/deshacer/\?m=[^"]+)"', done)
    assert undo
    back = client.post(undo[1].replace("&amp;", "&"), follow=True).content.decode()
    assert "are tickets of their own again" in back
    assert not Ticket.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize("code", ["other_client", "stale", "one", "many", "hidden"])
def test_several_are_refused_and_nothing_changes(client: Client, me: User, code: str) -> None:
    elvira = make_contact()
    into, other = make_ticket(contact=elvira), make_ticket(contact=elvira)
    stranger = make_ticket(contact=make_contact(make_client(name="Otro")))
    numbers = {
        "other_client": [into.number, other.number, stranger.number],
        "one": [into.number],
        "many": [into.number, *(make_ticket().number for _ in range(20))],
        "hidden": [into.number, 999_999],
    }.get(code, [into.number, other.number])
    posted = {f"version{other.number}": 99 if code == "stale" else other.version}
    if code == "other_client":
        posted[f"version{stranger.number}"] = stranger.version
    before = list(Ticket.objects.order_by("pk").values())
    answer = client.post(merge_url(numbers) + f"&en={into.number}", posted)
    assert answer.status_code == (422 if code in ("other_client", "stale") else 302)
    assert list(Ticket.objects.order_by("pk").values()) == before


def test_what_merging_would_do_costs_the_same_for_two_and_for_four(client: Client, me: User) -> None:
    elvira = make_contact()
    costs = []
    for count in (2, 4):
        numbers = [make_ticket(contact=elvira).number for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(merge_url(numbers)).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
