"""Putting tickets off: until when, what brings them back, and that presets fall into the firm's hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Holiday
from ecuanime.tickets.actions import (
    add_inbound_message,
    change_state,
    snooze,
    wake_due_tickets,
    wake_ticket,
)
from ecuanime.tickets.models import State, Ticket
from ecuanime.tickets.queries import history_of
from ecuanime.tickets.snoozing import moment_of
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db

MADRID = ZoneInfo("Europe/Madrid")
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def me() -> User:
    make_firm()
    make_mailbox()
    return make_person(name="Irene")


@pytest.fixture
def put_off(me: User) -> Ticket:
    return snooze(ticket=make_ticket(), until=TOMORROW, by=me, now=NOW)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_it_comes_back_at_its_moment_and_once(put_off: Ticket) -> None:
    assert wake_due_tickets(now=NOW) == 0
    assert fresh(put_off).snoozed_until == TOMORROW
    assert (wake_due_tickets(now=TOMORROW), wake_due_tickets(now=TOMORROW)) == (1, 0)
    assert fresh(put_off).snoozed_until is None
    assert list(put_off.events.values_list("field", flat=True)) == ["snoozed", "woken"]


def test_what_the_client_writes_brings_it_back_and_a_machine_does_not(put_off: Ticket) -> None:
    add_inbound_message(ticket=put_off, message=make_message("auto", is_automatic=True), now=NOW)
    assert fresh(put_off).snoozed_until == TOMORROW
    add_inbound_message(ticket=put_off, message=make_message("¿Y bien?"), now=NOW)
    assert fresh(put_off).snoozed_until is None


def test_a_person_brings_it_back_and_solving_forgets_it(put_off: Ticket, me: User) -> None:
    version = wake_ticket(ticket=put_off, by=me, now=NOW).version
    assert wake_ticket(ticket=put_off, by=me, now=NOW).version == version
    snooze(ticket=put_off, until=TOMORROW, by=me, now=NOW)
    change_state(ticket=put_off, state=State.SOLVED, by=me, now=NOW)
    assert fresh(put_off).snoozed_until is None


def test_it_is_out_of_sight_till_then(put_off: Ticket, client: Client) -> None:
    client.force_login(make_person(language="en"))
    address = f"/tickets/{put_off.number}/"
    assert address not in client.get("/bandeja/sin-asignar/").content.decode()
    assert address in client.get("/bandeja/abiertos/").content.decode()
    wake_due_tickets(now=TOMORROW)
    assert address in client.get("/bandeja/sin-asignar/").content.decode()


@pytest.mark.parametrize(
    ("code", "until"),
    [("past", NOW), ("too_far", NOW + timedelta(days=400)), ("not_open", TOMORROW), ("stale", TOMORROW)],
)
def test_what_cannot_be_put_off_stays(me: User, code: str, until: datetime) -> None:
    ticket = make_ticket()
    if code == "not_open":
        ticket = change_state(ticket=ticket, state=State.SOLVED, by=me, now=NOW)
    with pytest.raises(Refused) as refusal:
        snooze(ticket=ticket, until=until, by=me, now=NOW, expected_version=9 if code == "stale" else None)
    assert (refusal.value.code, fresh(ticket).snoozed_until) == (code, None)
    assert fresh(ticket).version == ticket.version


@pytest.mark.parametrize(
    ("preset", "now", "back"),
    [
        ("later", "2026-11-10T10:30", "2026-11-10T12:30"),
        ("later", "2026-11-10T17:00", "2026-11-11T09:00"),
        ("later", "2026-11-10T05:00", "2026-11-10T09:00"),
        ("later", "2026-11-14T10:00", "2026-11-16T09:00"),
        ("tomorrow", "2026-11-10T10:00", "2026-11-11T09:00"),
        ("tomorrow", "2026-11-13T10:00", "2026-11-17T09:00"),
        ("next_week", "2026-11-10T10:00", "2026-11-17T09:00"),
        ("in_two_weeks", "2026-11-10T10:00", "2026-11-23T09:00"),
    ],
)
def test_presets_fall_into_the_firms_hours(preset: str, now: str, back: str) -> None:
    firm = make_firm()
    Holiday.objects.all().delete()
    if preset in ("tomorrow", "next_week"):
        Holiday.objects.create(on=date(2026, 11, 16), name="Fiesta")
    at = datetime.fromisoformat(now).replace(tzinfo=MADRID)
    assert moment_of(preset, firm=firm, now=at) == datetime.fromisoformat(back).replace(tzinfo=MADRID)


def test_the_history_says_who_did_what(put_off: Ticket) -> None:
    first = history_of(put_off, size=1)
    assert (first.rows[0].verb, first.rows[0].data["field"]) == ("ticket_changed", "snoozed")
    assert [change.verb for change in history_of(put_off, after=first.next).rows] == ["ticket_opened"]
