"""The inbox: where each role lands, what stands under which heading, paging, filters, news and the peek."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import Role, User
from ecuanime.tickets.actions import add_inbound_message, change_state, set_tags
from ecuanime.tickets.models import State
from ecuanime.web.desk import inbox as screens
from tests.factories import make_contact, make_contract, make_firm, make_mailbox, make_person
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


def signed_in(client: Client, *roles: str) -> User:
    person = make_person(*(roles or (Role.TECHNICIAN,)), language="en")
    client.force_login(person)
    return person


def page(client: Client, url: str, **extra: Any) -> str:
    answer = client.get(url, **extra)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "view"),
    [
        (Role.TECHNICIAN, "para-mi"),
        (Role.CONSULTANT, "para-mi"),
        (Role.SUPERVISOR, "sin-asignar"),
        (Role.BILLING, "abiertos"),
    ],
)
def test_each_role_lands_where_it_works(client: Client, role: str, view: str) -> None:
    signed_in(client, role)
    assert client.get("/bandeja/").headers["Location"] == f"/bandeja/{view}/"


def test_strangers_sign_in_and_contacts_stay_out(client: Client) -> None:
    assert client.get("/bandeja/para-mi/").headers["Location"].startswith("/cuenta/")
    contact = make_contact(signs_in=True)
    assert contact.user is not None
    client.force_login(contact.user)
    assert client.get("/bandeja/para-mi/").status_code == 403


def test_an_unknown_view_is_not_found(client: Client) -> None:
    signed_in(client)
    assert client.get("/bandeja/otra/").status_code == 404


def test_tickets_stand_under_how_long_the_client_has_waited(client: Client) -> None:
    me = signed_in(client)
    now = timezone.now()
    for waited in (timedelta(minutes=20), timedelta(hours=3), timedelta(days=2)):
        make_ticket(assignee=me, now=now - waited)
    shown = page(client, "/bandeja/para-mi/")
    places = [
        shown.index(f"waited for {words}") for words in ("more than a day", "more than an hour", "less")
    ]
    assert places == sorted(places)


def test_the_row_says_subject_client_and_hours_left(client: Client) -> None:
    me = signed_in(client)
    contact = make_contact(name="Elvira Sotillo")
    make_lot(make_contract(contact.client), 90)
    make_ticket(contact=contact, assignee=me, subject="<b>No sale</b>", now=timezone.now())
    shown = page(client, "/bandeja/para-mi/")
    assert "&lt;b&gt;No sale&lt;/b&gt;" in shown
    assert "<b>No sale" not in shown
    assert contact.client.name in shown
    assert "Pack · 1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in shown


def test_more_rows_cost_no_more_queries(client: Client) -> None:
    me = signed_in(client)

    def ticket() -> None:
        contact = make_contact()
        make_lot(make_contract(contact.client), 60)
        set_tags(
            ticket=make_ticket(contact=contact, assignee=me), names=["correo"], by=me, now=timezone.now()
        )

    ticket()
    page(client, "/bandeja/para-mi/")
    with CaptureQueriesContext(connection) as one:
        page(client, "/bandeja/para-mi/")
    ticket()
    ticket()
    with CaptureQueriesContext(connection) as three:
        shown = page(client, "/bandeja/para-mi/")
    assert shown.count("data-row") == 3
    assert len(one) == len(three) <= 20


def test_a_long_list_goes_on_by_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    me = signed_in(client)
    numbers = [make_ticket(assignee=me, now=timezone.now() - timedelta(hours=n)).number for n in (3, 2, 1)]
    monkeypatch.setattr(screens, "PAGE", 2)
    first = client.get("/bandeja/para-mi/")
    assert f"t{numbers[0]}" in first.content.decode()
    assert f'id="t{numbers[2]}"' not in first.content.decode()
    second = page(client, first.context["next_url"])
    assert f'id="t{numbers[2]}"' in second
    assert f'id="t{numbers[0]}"' not in second
    assert f"/tickets/{numbers[2]}/?vista=para-mi&amp;despues=" in second


def test_filters_of_the_address(client: Client) -> None:
    me = signed_in(client)
    one, other = make_ticket(assignee=me), make_ticket(assignee=me)
    assert one.client is not None
    set_tags(ticket=other, names=["spf"], by=me, now=timezone.now())
    by_client = page(client, f"/bandeja/para-mi/?q=client:{one.client.code}")
    assert f'id="t{one.number}"' in by_client
    assert f'id="t{other.number}"' not in by_client
    by_tag = page(client, "/bandeja/para-mi/?q=tag:SPF")
    assert f'id="t{other.number}"' in by_tag
    assert f'id="t{one.number}"' not in by_tag
    assert "Nothing here fits this filter" in page(client, "/bandeja/para-mi/?q=tag:nada")


def test_words_that_say_nothing_are_shown_where_they_stand(client: Client) -> None:
    signed_in(client)
    answer = client.get("/bandeja/abiertos/?q=is:open+colour:red")
    assert answer.status_code == 400
    assert "is:open <mark>colour:</mark>red" in answer.content.decode()


def test_an_empty_view_says_where_there_is_something_to_do(client: Client) -> None:
    signed_in(client)
    assert "What clients write appears here by itself" in page(client, "/bandeja/para-mi/")
    make_ticket()
    shown = page(client, "/bandeja/para-mi/")
    assert "Nothing is waiting here" in shown
    assert "/bandeja/sin-asignar/" in shown


def test_news_are_counted_and_nothing_is_said_without_any(client: Client) -> None:
    me = signed_in(client)
    ticket = make_ticket(assignee=me, now=timezone.now() - timedelta(hours=2))
    since = int((timezone.now() - timedelta(hours=1)).timestamp())
    address = f"/bandeja/para-mi/nuevos?desde={since}"
    assert client.get(address).status_code == 204
    add_inbound_message(ticket=ticket, message=make_message("otra cosa"), now=timezone.now())
    assert "1 ticket with news" in page(client, address)
    for nonsense in ("", "ayer", "9" * 40, "-1e9"):
        assert client.get(f"/bandeja/para-mi/nuevos?desde={nonsense}").status_code == 204


def test_the_peek_is_a_fragment_for_the_list_and_the_ticket_for_a_link(client: Client) -> None:
    me = signed_in(client)
    ticket = make_ticket(assignee=me)
    address = f"/tickets/{ticket.number}/vistazo/?vista=para-mi"
    fragment = page(client, address, headers={"HX-Request": "true"})
    assert "No sale el correo." in fragment
    assert "<html" not in fragment
    assert client.get(address).headers["Location"] == f"/tickets/{ticket.number}/?vista=para-mi"
    ticket.refresh_from_db()
    assert ticket.unread_count == 1, "looking is not opening"


def test_triage_and_solved_have_their_views(client: Client) -> None:
    me = signed_in(client)
    unknown = make_ticket(client=None)
    solved = make_ticket(assignee=me)
    change_state(ticket=solved, state=State.SOLVED, by=me, now=timezone.now())
    assert "Unknown sender" in page(client, "/bandeja/por-identificar/")
    assert f'id="t{unknown.number}"' in page(client, "/bandeja/por-identificar/")
    assert f'id="t{solved.number}"' in page(client, "/bandeja/resueltos/")


def test_search_leads_to_a_number_and_lists_words(client: Client) -> None:
    signed_in(client)
    ticket = make_ticket(contact=make_contact(name="Elvira Sotillo"), subject="Cámara sin señal")
    assert client.get(f"/buscar/?q=%23{ticket.number}").headers["Location"] == f"/tickets/{ticket.number}/"
    assert f'id="t{ticket.number}"' in page(client, "/buscar/?q=camara")
    assert "<mark>correo</mark>" in page(client, "/buscar/?q=correos+&orden=recientes")
    assert "Elvira Sotillo</a>" in page(client, "/buscar/?q=sotillo")
    assert "Nothing was found" in page(client, "/buscar/?q=zzzz")
    assert "in every text" in page(client, "/buscar/?q=de+la+")
    assert client.get("/buscar/?q=99999999999999").status_code == 200


def test_a_mail_without_text_says_so_in_the_list(client: Client) -> None:
    """As one that is encrypted, or that brings files alone."""
    person = signed_in(client)
    ticket = make_ticket(assignee=person)
    shown = page(client, "/bandeja/para-mi/")
    assert "no text to show" not in shown
    ticket.last_snippet = ""
    ticket.save()
    assert "no text to show" in page(client, "/bandeja/para-mi/")
