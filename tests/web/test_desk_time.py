"""The timer, entries by hand and my day; new tickets and triage."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import ClientDomain, Contact
from ecuanime.tickets.models import Channel, Message, Ticket
from ecuanime.web.components.durations import seconds_of, typed
from ecuanime.worklog.actions import record_time, start_timer
from ecuanime.worklog.models import TimeEntry, Timer
from tests.factories import (
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_mailbox,
    make_person,
    make_work_type,
)
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db

MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()
    make_work_type()


@pytest.fixture
def me(client: Client) -> User:
    person = make_person(language="en")
    client.force_login(person)
    return person


@pytest.fixture
def ticket() -> Ticket:
    contact = make_contact()
    make_lot(make_contract(contact.client), 600)
    return make_ticket(contact=contact)


def yesterday() -> date:
    return timezone.now().astimezone(MADRID).date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:30", 5400),
        ("0:05", 300),
        ("90", 5400),
        ("90 min", 5400),
        ("1 h 30", 5400),
        ("1h30m", 5400),
        ("1,5 h", 5400),
        ("1.25h", 4500),
        ("2 horas", 7200),
        ("1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05", 3900),
        ("0", 0),
        ("", None),
        ("1:75", None),
        ("mucho", None),
        ("-5", None),
        ("h", None),
    ],
)
def test_durations_as_people_type_them(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds
    if seconds is not None:
        assert seconds_of(typed(seconds)) == seconds


def test_the_timer_starts_and_stops_where_one_stands(client: Client, me: User, ticket: Ticket) -> None:
    started = client.post(f"/cronometro/empezar/{ticket.number}/", {"next": "/bandeja/para-mi/"})
    assert started.headers["Location"] == "/bandeja/para-mi/"
    Timer.objects.update(started_at=timezone.now() - timedelta(minutes=22))
    shown = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "0:22:0" in shown.split('id="timer-slot"')[1]
    stopped = client.post("/cronometro/parar/", {"note": "DNS"}, follow=True)
    assert "recorded on" in stopped.content.decode()
    entry = TimeEntry.objects.get()
    assert (entry.ticket, entry.note, entry.elapsed_seconds // 60) == (ticket, "DNS", 22)


def test_the_way_back_never_leaves_the_house(client: Client, me: User, ticket: Ticket) -> None:
    answer = client.post(f"/cronometro/empezar/{ticket.number}/", {"next": "https://evil.example/"})
    assert answer.headers["Location"] == f"/tickets/{ticket.number}/"


def test_a_forgotten_timer_is_asked_about(client: Client, me: User, ticket: Ticket) -> None:
    now = timezone.now()
    start_timer(user=me, ticket=ticket, now=now - timedelta(hours=6))
    asked = client.post("/cronometro/parar/")
    assert asked.headers["Location"] == "/cronometro/"
    assert not TimeEntry.objects.exists()
    assert "more than four hours" in client.get("/cronometro/").content.decode()
    end = (now - timedelta(hours=5)).astimezone(MADRID)
    assert client.post("/cronometro/parar/", {"ended_at": "soon"}).headers["Location"] == "/cronometro/"
    client.post("/cronometro/parar/", {"ended_at": f"{end:%Y-%m-%dT%H:%M}"})
    entry = TimeEntry.objects.get()
    assert entry.ended_at == end.replace(second=0, microsecond=0)


def test_a_timer_that_the_cut_caught_is_confirmed_or_goes_on(
    client: Client, me: User, ticket: Ticket
) -> None:
    now = timezone.now()
    start_timer(user=me, ticket=ticket, now=now - timedelta(hours=3))
    caught = {"caught_at": now - timedelta(hours=1), "proposed_end": now - timedelta(hours=2)}
    Timer.objects.update(**caught)
    shown = client.get("/cronometro/").content.decode()
    assert "Was this timer forgotten?" in shown
    assert "forgotten?" in client.get("/horas/mi-dia/").content.decode()
    assert client.post("/cronometro/parar/").headers["Location"] == "/cronometro/"
    client.post("/cronometro/seguir/")
    assert Timer.objects.get().caught_at is None
    Timer.objects.update(**caught)
    client.post("/cronometro/parar/", {"ended_at": caught["proposed_end"].isoformat()})
    assert TimeEntry.objects.get().elapsed_seconds == 3600
    assert client.post("/cronometro/seguir/").headers["Location"] == "/cronometro/"


def test_a_timer_thrown_away_records_nothing(client: Client, me: User, ticket: Ticket) -> None:
    start_timer(user=me, ticket=ticket, now=timezone.now() - timedelta(minutes=5))
    client.post("/cronometro/descartar/")
    assert not Timer.objects.exists()
    assert not TimeEntry.objects.exists()
    again = client.post("/cronometro/descartar/", follow=True)
    assert "No timer is running" in again.content.decode()


def test_the_timer_that_comes_later_leads_back_to_its_ticket(
    client: Client, me: User, ticket: Ticket
) -> None:
    panels = client.get(f"/tickets/{ticket.number}/paneles/resto/?vista=para-mi").content.decode()
    assert f'name="next" value="/tickets/{ticket.number}/?vista=para-mi"' in panels


def test_recording_by_hand_from_when_to_when(client: Client, me: User, ticket: Ticket) -> None:
    work_type = make_work_type()
    data = {
        "work_type": work_type.pk,
        "work_on": yesterday(),
        "starts": "09:40",
        "ends": "10:05",
        "note": "DNS",
    }
    answer = client.post(f"/tickets/{ticket.number}/horas/?vista=para-mi", data)
    assert answer.headers["Location"] == f"/tickets/{ticket.number}/?vista=para-mi#tiempo"
    entry = TimeEntry.objects.get()
    assert entry.started_at == datetime.combine(yesterday(), datetime.min.time(), MADRID).replace(
        hour=9, minute=40
    )
    assert entry.elapsed_seconds == 25 * 60
    shown = whole_ticket(client, ticket.number)
    assert "Why 0\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}" in shown
    assert "This ticket would take" in shown


def test_work_past_midnight_ends_on_the_next_day(client: Client, me: User, ticket: Ticket) -> None:
    day = yesterday() - timedelta(days=1)
    data = {"work_type": make_work_type().pk, "work_on": day, "starts": "23:30", "ends": "00:45"}
    client.post(f"/tickets/{ticket.number}/horas/", data)
    assert TimeEntry.objects.get().elapsed_seconds == 75 * 60


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"starts": "10:00", "ends": "09:30"}, "The end is before the beginning"),
        ({"starts": "10:00"}, "Write both times"),
        ({"starts": "10:00", "ends": "11:00", "duration": "1:00"}, "not both"),
        ({}, "Write from when to when, or how long"),
        ({"duration": "mucho"}, "Write it as 1:30"),
        ({"duration": "1:00", "billable": "2:00"}, ""),
    ],
)
def test_times_that_do_not_fit_are_refused(
    client: Client, me: User, ticket: Ticket, times: dict[str, str], words: str
) -> None:
    data = {"work_type": make_work_type().pk, "work_on": yesterday()} | times
    answer = client.post(f"/tickets/{ticket.number}/horas/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not TimeEntry.objects.exists()


def entry_of(person: User, ticket: Ticket, start: str, end: str) -> TimeEntry:
    day = datetime.combine(yesterday(), datetime.min.time(), MADRID)
    at = [day + timedelta(hours=int(each[:2]), minutes=int(each[3:])) for each in (start, end)]
    return record_time(
        user=person,
        ticket=ticket,
        work_type=make_work_type(),
        now=timezone.now(),
        started_at=at[0],
        ended_at=at[1] + timedelta(seconds=17),
    )


def test_my_day_shows_gaps_and_overlaps(client: Client, me: User, ticket: Ticket) -> None:
    for start, end in (("09:00", "10:00"), ("09:30", "10:30"), ("12:00", "13:00")):
        entry_of(me, ticket, start, end)
    entry_of(make_person(), ticket, "09:00", "10:00")
    answer = client.get(f"/horas/mi-dia/{yesterday()}/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.count("overlaps #") == 2
    assert "10:30–12:00" in shown
    assert shown.count("Correct the entry") == 3
    assert client.get("/horas/mi-dia/").status_code == 200
    assert client.get("/horas/mi-dia/2026-02-31/").status_code == 404


def test_my_day_records_on_a_ticket_by_number(client: Client, me: User, ticket: Ticket) -> None:
    data = {
        "work_type": make_work_type().pk,
        "work_on": yesterday(),
        "duration": "0:20",
        "number": ticket.number,
    }
    address = f"/horas/mi-dia/{yesterday()}/"
    assert client.post(address, data | {"number": "999999"}).status_code == 422
    assert not TimeEntry.objects.exists()
    assert client.post(address, data | {"billable": "0"}).headers["Location"] == address
    assert TimeEntry.objects.get().billed_seconds == 0


def test_correcting_a_word_keeps_the_seconds(client: Client, me: User, ticket: Ticket) -> None:
    entry = entry_of(me, ticket, "09:00", "10:00")
    address = f"/horas/partes/{entry.pk}/"
    form = client.get(address).context["form"]
    data = {name: bound.value() or "" for name, bound in ((each.name, each) for each in form)}
    data |= {"work_on": yesterday().isoformat(), "starts": "09:00", "ends": "10:00", "is_urgent": ""}
    assert client.post(address, data | {"note": "otra palabra"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.note, entry.elapsed_seconds) == ("otra palabra", 3617)
    assert client.post(address, data | {"ends": "09:30"}).status_code == 302
    entry.refresh_from_db()
    assert entry.elapsed_seconds == 1800


def test_entries_of_others_are_not_found(client: Client, me: User, ticket: Ticket) -> None:
    entry = entry_of(make_person(), ticket, "09:00", "10:00")
    assert client.get(f"/horas/partes/{entry.pk}/").status_code == 404
    assert client.post(f"/horas/partes/{entry.pk}/borrar/").status_code == 404
    assert TimeEntry.objects.count() == 1


def test_an_entry_can_be_deleted_while_it_is_open(client: Client, me: User, ticket: Ticket) -> None:
    entry = entry_of(me, ticket, "09:00", "10:00")
    TimeEntry.objects.update(state="closed")
    client.post(f"/horas/partes/{entry.pk}/borrar/")
    assert TimeEntry.objects.count() == 1
    TimeEntry.objects.update(state="open")
    client.post(f"/horas/partes/{entry.pk}/borrar/")
    assert not TimeEntry.objects.exists()


def test_a_new_ticket_is_written_for_a_client(client: Client, me: User) -> None:
    contact = make_contact(name="Elvira Sotillo")
    found = client.get(f"/tickets/nuevo/?q={contact.client.name}").content.decode()
    address = f"/tickets/nuevo/?cliente={contact.client.code}"
    assert address in found
    assert client.post(address, {"subject": ""}).status_code == 422
    data = {"contact": contact.pk, "subject": "Pantalla azul", "body": "No arranca.", "priority": "2"}
    answer = client.post(address, data | {"is_mine": "on"})
    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == f"/tickets/{ticket.number}/"
    assert (ticket.channel, ticket.contact, ticket.assignee) == (Channel.STAFF, contact, me)
    assert ticket.messages.get().kind == Message.Kind.INBOUND


def test_a_contact_of_another_client_cannot_be_chosen(client: Client, me: User) -> None:
    stranger = make_contact()
    address = f"/tickets/nuevo/?cliente={make_client().code}"
    data = {"contact": stranger.pk, "subject": "x", "body": "y", "priority": "3"}
    assert client.post(address, data).status_code == 422
    assert not Ticket.objects.exists()


def test_triage_notes_the_sender_as_a_contact(client: Client, me: User) -> None:
    ticket = make_ticket(client=None)
    owner = make_client(name="Bodegas Tierra Parda")
    address = f"/tickets/{ticket.number}/identificar/"
    assert "Bodegas Tierra Parda" in client.get(address + "?q=bodegas").content.decode()
    chosen = f"{address}?cliente={owner.code}"
    form = client.get(chosen).content.decode()
    assert "confirm_domain" not in form, "confirming a domain takes more than being at the desk"
    assert client.post(chosen, {"who": "new", "name": "", "email": ""}).status_code == 422
    client.post(
        chosen, {"who": "new", "name": "Elvira", "email": "elvira@uno.example", "confirm_domain": "on"}
    )
    ticket.refresh_from_db()
    assert ticket.client == owner
    assert ticket.contact == Contact.objects.get(email="elvira@uno.example")
    assert not ClientDomain.objects.exists()
    assert client.get(address).headers["Location"] == f"/tickets/{ticket.number}/"


def test_a_supervisor_may_confirm_the_domain(client: Client) -> None:
    client.force_login(make_person(Role.SUPERVISOR, language="en"))
    ticket, owner = make_ticket(client=None), make_client()
    chosen = f"/tickets/{ticket.number}/identificar/?cliente={owner.code}"
    client.post(chosen, {"who": "nobody", "confirm_domain": "on"})
    assert ClientDomain.objects.get().domain == "uno.example"


def test_billing_sees_no_timer_and_records_nothing(client: Client, ticket: Ticket) -> None:
    client.force_login(make_person(Role.BILLING))
    for address in ("/cronometro/", "/horas/mi-dia/", "/tickets/nuevo/", f"/tickets/{ticket.number}/horas/"):
        assert client.get(address).status_code == 403, address
