from datetime import timedelta

import pytest
from django.test import Client

from ecuanime.accounts.models import Role
from ecuanime.contracts.actions import set_service_level
from ecuanime.tickets.actions import tell_due_deadlines
from ecuanime.tickets.models import Priority, Ticket
from tests.factories import NOW, make_firm, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(client: Client) -> Ticket:
    make_firm()
    targets = {(Priority.NORMAL, metric): 60 for metric in ("first_response", "normalisation", "solution")}
    set_service_level(targets=targets, now=NOW)  # type: ignore[arg-type]  # a priority is a number
    client.force_login(make_person(Role.SUPERVISOR, language="en"))
    return make_ticket()


def test_the_ticket_says_what_was_promised_and_why(client: Client, ticket: Ticket) -> None:
    tell_due_deadlines(now=NOW + timedelta(minutes=61))
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Promised times" in page
    assert "First response" in page
    assert "1 h 00 in the hours of 24x7" in page.replace("\xa0", " ")
    assert "Time is up: Solution" in page
    why = client.get(f"/tickets/{ticket.number}/plazos/").content.decode()
    assert "counts" in why
    assert "told: " in why
    assert "to answer" in client.get("/bandeja/abiertos/").content.decode()


def test_service_is_noted_as_normal_and_taken_back(client: Client, ticket: Ticket) -> None:
    address = f"/tickets/{ticket.number}/normal/"
    client.post(address, {"normal": "yes", "since": "nonsense"})
    ticket.refresh_from_db()
    assert ticket.normal_at is None
    client.post(address, {"normal": "yes"})
    ticket.refresh_from_db()
    assert ticket.normal_at is not None
    client.post(address, {"normal": "no"})
    ticket.refresh_from_db()
    assert ticket.normal_at is None
