"""The ticket's page: what is shown to whom, what can be changed, and that a failing part leaves the rest whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import Role, User
from ecuanime.channels.email.reading.clean import clean_html
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import add_inbound_message, add_note, change_state, reply, set_priority
from ecuanime.tickets.models import State, Ticket
from ecuanime.web.desk import panels
from tests.factories import make_contact, make_contract, make_firm, make_mailbox, make_person
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_message, make_ticket
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


@pytest.fixture
def me(client: Client) -> User:
    person = make_person(language="en", name="Irene Maldonado")
    client.force_login(person)
    return person


def page(client: Client, ticket: Ticket, query: str = "") -> str:
    answer = client.get(f"/tickets/{ticket.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_thread_and_marks_it_read(client: Client, me: User) -> None:
    ticket = make_ticket(assignee=me)
    add_note(ticket=ticket, author=me, text="Nota <script>", now=timezone.now())
    shown = page(client, ticket)
    assert "No sale el correo." in shown
    assert "Nota &lt;script&gt;" in shown
    assert shown.count(">New</span>") == 1, "the message that nobody had read"
    assert ">New</span>" not in page(client, ticket)
    ticket.refresh_from_db()
    assert ticket.unread_count == 0


def test_there_is_no_such_ticket(client: Client, me: User) -> None:
    assert client.get("/tickets/999999/").status_code == 404
    assert client.get(f"/tickets/{10**25}/").status_code == 404


def test_mail_html_is_shown_as_cleaned_with_its_images_held_back(client: Client, me: User) -> None:
    cleaned = clean_html(
        '<p>Hola <b>todos</b><img src="https://x.example/a.png" alt="a"></p><script>x</script>'
    )
    message = make_message("Hola", html=cleaned.html, remote_images=1, quoted_html="<p>lo de ayer</p>")
    ticket = make_ticket(message=message)
    shown = page(client, ticket)
    assert "<b>todos</b>" in shown
    assert "<script>x" not in shown
    assert 'data-remote-src="/correo/imagen/?u=' in shown
    assert "https://x.example/a.png" not in shown.replace("&quot;", '"').split("/correo/imagen/")[0]
    assert "lo de ayer" in shown.split('class="quoted"')[1]
    first = ticket.messages.get()
    asked = page(client, ticket, f"?imagenes={first.pk}")
    assert 'src="/correo/imagen/?u=' in asked
    assert "data-remote-src=" not in asked


def test_markup_in_attributes_and_text_cannot_leave_them(client: Client, me: User) -> None:
    nasty = (
        '<p title="<img data-remote-src=x>">a &lt;img data-remote-src="'
        '</p><p title="><script>alert(1)</script>"></p>'
    )
    shown = page(client, make_ticket(message=make_message("a", html=clean_html(nasty).html)))
    assert "<script>alert" not in shown


def test_billing_reads_without_notes_and_writes_nothing(client: Client) -> None:
    clerk = make_person(Role.BILLING, language="en")
    client.force_login(clerk)
    ticket = make_ticket()
    add_note(ticket=ticket, author=make_person(), text="solo equipo", now=timezone.now())
    shown = page(client, ticket)
    assert "No sale el correo." in shown
    assert "solo equipo" not in shown
    assert "data-composer" not in shown
    ticket.refresh_from_db()
    version, unread = ticket.version, ticket.unread_count
    assert unread == 1, "only those who answer mark as read"
    for action in ("responder", "nota", "borrador", "estado", "asignar", "etiquetas", "horas"):
        posted = client.post(f"/tickets/{ticket.number}/{action}/", {"body": "x", "state": "solved"})
        assert posted.status_code == 403, action
    assert client.post(f"/cronometro/empezar/{ticket.number}/").status_code == 403
    ticket.refresh_from_db()
    assert ticket.version == version


def test_a_longer_thread_costs_no_more_queries(client: Client, me: User) -> None:
    contact = make_contact()
    make_lot(make_contract(contact.client), 60)
    ticket = make_ticket(contact=contact, assignee=me)

    def speak() -> None:
        add_inbound_message(ticket=ticket, message=make_message("más"), now=timezone.now())
        reply(ticket=ticket, author=me, text="vale", now=timezone.now())
        add_note(ticket=ticket, author=me, text="nota", now=timezone.now())
        set_priority(
            ticket=ticket, priority=2 if Ticket.objects.get().priority == 3 else 3, by=me, now=timezone.now()
        )

    speak()
    page(client, ticket)
    with CaptureQueriesContext(connection) as short:
        page(client, ticket)
    speak()
    speak()
    page(client, ticket)
    with CaptureQueriesContext(connection) as long:
        page(client, ticket)
    assert len(short) == len(long)


def test_a_panel_that_fails_leaves_the_page_whole(
    client: Client, me: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = make_ticket()

    def broken(*_: object) -> dict[str, object]:
        raise RuntimeError("no balance today")

    monkeypatch.setitem(panels.PANELS, "contrato", ("contract", broken))
    shown = whole_ticket(client, ticket.number)
    assert "This part could not be shown" in shown
    assert "no balance today" not in shown
    assert "No sale el correo." in shown
    assert "Start the timer" in shown
    monkeypatch.undo()
    again = client.get(f"/tickets/{ticket.number}/paneles/contrato/").content.decode()
    assert 'id="contrato"' in again
    assert client.get(f"/tickets/{ticket.number}/paneles/otro/").status_code == 404


def test_the_hours_panel_shows_lots_and_the_rest(client: Client, me: User) -> None:
    contact = make_contact()
    lot = make_lot(make_contract(contact.client), 90)
    shown = whole_ticket(client, make_ticket(contact=contact).number)
    assert lot.code in shown
    assert "would be left" in shown


def test_the_way_back_and_on_follows_the_list(client: Client, me: User) -> None:
    now = timezone.now()
    first, second, third = (make_ticket(assignee=me, now=now - timedelta(hours=n)) for n in (3, 2, 1))
    shown = page(client, second, "?vista=para-mi")
    assert f'href="/bandeja/para-mi/#t{second.number}" data-back' in shown
    assert f'href="/tickets/{first.number}/?vista=para-mi" data-key="k"' in shown
    assert f'href="/tickets/{third.number}/?vista=para-mi" data-key="j"' in shown
    assert 'href="/bandeja/" data-back' in page(client, second, "?vista=nada")


def test_solving_can_be_undone(client: Client, me: User) -> None:
    ticket = make_ticket(assignee=me)
    done = client.post(f"/tickets/{ticket.number}/estado/?vista=para-mi", {"state": "solved"}, follow=True)
    assert done.redirect_chain[-1][0] == f"/tickets/{ticket.number}/?vista=para-mi"
    assert f"/tickets/{ticket.number}/deshacer/?vista=para-mi" in done.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == State.SOLVED
    client.post(f"/tickets/{ticket.number}/deshacer/")
    ticket.refresh_from_db()
    assert ticket.state == State.NEW


def test_a_stale_change_is_refused_and_changes_nothing(client: Client, me: User) -> None:
    ticket = make_ticket(assignee=me)
    seen = ticket.version
    change_state(ticket=ticket, state=State.WAITING_THIRD, by=make_person(), now=timezone.now())
    posted = client.post(
        f"/tickets/{ticket.number}/estado/", {"state": "solved", "version": seen}, follow=True
    )
    assert "has changed while you were working on it" in posted.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING_THIRD


def test_menus_change_what_they_say(client: Client, me: User) -> None:
    contact = make_contact()
    ticket = make_ticket(contact=contact)
    contract = make_contract(contact.client)
    colleague, other = make_person(Role.CONSULTANT), make_contact(contact.client)
    base = f"/tickets/{ticket.number}"
    client.post(f"{base}/asignar/", {"assignee": colleague.pk})
    client.post(f"{base}/prioridad/", {"priority": "1"})
    client.post(f"{base}/etiquetas/", {"tags": "correo, SPF , "})
    client.post(f"{base}/contrato/", {"contract": contract.number})
    client.post(f"{base}/contacto/", {"contact": other.pk})
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority, ticket.contract, ticket.contact) == (
        colleague,
        1,
        contract,
        other,
    )
    assert sorted(tag.name for tag in ticket.tags.all()) == ["SPF", "correo"]
    client.post(f"{base}/asignar/", {"assignee": ""})
    ticket.refresh_from_db()
    assert ticket.assignee is None


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("asignar", {"assignee": "999999"}),
        ("prioridad", {"priority": "7"}),
        ("contrato", {"contract": "CT-9999"}),
        ("contacto", {"contact": "abc"}),
        ("area", {"area": "999999"}),
        ("sede", {"site": "abc"}),
        ("cola", {"queue": "999999"}),
        ("estado", {"state": "nonsense"}),
        ("estado", {"state": "closed"}),
    ],
)
def test_nonsense_is_refused_in_words(client: Client, me: User, action: str, data: dict[str, str]) -> None:
    ticket = make_ticket()
    area = ProductArea.objects.create(code="linux", name="Linux")
    Ticket.objects.filter(pk=ticket.pk).update(area=area)
    before = Ticket.objects.values().get(pk=ticket.pk)
    answer = client.post(f"/tickets/{ticket.number}/{action}/", data)
    assert answer.status_code == 302
    refused = [str(each) for each in client.get(answer.headers["Location"]).context["messages"]]
    assert refused
    after = Ticket.objects.values().get(pk=ticket.pk)
    assert after | {"unread_count": 0} == before | {"unread_count": 0}


def test_an_address_that_only_takes_posts_leads_back(client: Client, me: User) -> None:
    ticket = make_ticket()
    for action in ("responder", "nota", "estado"):
        answer = client.get(f"/tickets/{ticket.number}/{action}/?vista=para-mi")
        assert answer.headers["Location"] == f"/tickets/{ticket.number}/?vista=para-mi"
    assert client.get("/cronometro/parar/").headers["Location"] == "/bandeja/"


def test_news_on_the_page_name_who_wrote(client: Client, me: User) -> None:
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    address = f"/tickets/{ticket.number}/novedades/?desde={seen}"
    assert client.get(address).status_code == 204
    add_note(ticket=ticket, author=me, text="mía", now=timezone.now())
    assert client.get(address).status_code == 204, "one's own words are no news"
    add_note(ticket=ticket, author=make_person(name="Nuria Vidal"), text="de otra", now=timezone.now())
    assert "Nuria Vidal has written meanwhile" in client.get(address).content.decode()
    assert client.get(f"/tickets/{ticket.number}/novedades/?desde=x").status_code == 204


def test_the_frame_counts_own_tickets_in_three_queries(client: Client, me: User) -> None:
    for _ in range(3):
        make_ticket(assignee=me)
    client.get("/cronometro/")
    with CaptureQueriesContext(connection) as queries:
        shown = client.get("/cronometro/").content.decode()
    assert "3<span" in shown.split("/bandeja/")[1].replace('ec-pip">', "")
    assert len(queries) <= 7, "session, person, the firm twice, and three of the frame"


def test_a_ticket_of_nobody_known_asks_whose_it_is(client: Client, me: User) -> None:
    shown = page(client, make_ticket(client=None))
    assert "Say whose it is" in shown
    assert "Start the timer" not in shown
