"""The public form and what protects it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ecuanime.channels.models import WebRequest
from ecuanime.delivery.models import OutgoingMail
from ecuanime.staff.models import Firm
from ecuanime.tickets.models import Ticket
from tests.factories import make_firm, make_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> Firm:
    cache.clear()
    make_mailbox()
    return make_firm(takes_public_requests=True)


def asks(client: Client, *, after: float = 10, **changes: Any) -> Any:
    seen = client.get("/pedir/").content.decode().split('name="seen" value="')[1].split('"')[0]
    values = {
        "name": "Ana",
        "email": "ana@fuera.example",
        "subject": "No va",
        "text": "Nada va",
        "seen": seen,
    }
    with time_machine.travel(timezone.now() + timedelta(seconds=after), tick=True):
        return client.post("/pedir/", values | changes)


def test_the_way_from_the_form_to_the_ticket(client: Client) -> None:
    assert asks(client).headers["Location"] == "/pedir/enviado/"
    link = OutgoingMail.objects.get().text.split("http://testserver")[1].split()[0]
    assert client.get(link).status_code == 200
    assert not Ticket.objects.exists(), "a scanner that opens links sends nothing"
    shown = client.post(link).content.decode()
    assert str(Ticket.objects.get().number) in shown
    assert client.post("/pedir/guessed/").status_code == 410


@pytest.mark.parametrize(
    "changes",
    [{"website": "http://malo.example"}, {"after": 1}, {"after": 13 * 3600}, {"seen": "made:up:mark"}],
)
def test_programs_are_thanked_and_forgotten(client: Client, changes: dict[str, Any]) -> None:
    assert asks(client, **changes).headers["Location"] == "/pedir/enviado/"
    assert not WebRequest.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_what_is_missing_is_said_and_kept(client: Client) -> None:
    answer = asks(client, subject="")
    assert answer.status_code == 422
    assert "Nada va" in answer.content.decode()


def test_one_address_may_ask_so_often_and_no_more(client: Client) -> None:
    answers = [asks(client, email=f"x{number}@fuera.example").status_code for number in range(12)]
    assert answers == [302] * 10 + [429] * 2


def test_it_is_closed_unless_the_firm_opens_it(client: Client, firm: Firm) -> None:
    Firm.objects.update(takes_public_requests=False)
    assert client.get("/pedir/").status_code == 404
    assert client.get("/pedir/enviado/").status_code == 404
