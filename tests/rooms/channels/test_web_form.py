"""Requests by the public form: nothing opens before the address is proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ecuanime.channels.models import WebRequest
from ecuanime.channels.web.actions import (
    LINK_LASTS,
    confirm_request,
    forget_unproved,
    link_works,
    take_request,
)
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm, ProductArea
from ecuanime.tickets.models import Channel, Ticket
from tests.factories import NOW, make_contact, make_firm, make_mailbox

pytestmark = pytest.mark.django_db
TEXT = "Compre barato en http://malo.example"


@pytest.fixture(autouse=True)
def firm() -> Firm:
    make_mailbox()
    return make_firm(takes_public_requests=True)


def asks(**changes: Any) -> WebRequest | None:
    values: dict[str, Any] = {
        "name": "Ana",
        "email": "Ana@Fuera.example",
        "subject": "No va",
        "text": TEXT,
        "area": None,
        "language": "en",
        "now": NOW,
    }
    return take_request(**(values | changes))


def token_sent() -> str:
    mail = OutgoingMail.objects.filter(purpose="web_request").latest("pk")
    return mail.text.split("/pedir/")[1].split("/")[0]


def test_a_stranger_proves_the_address_and_stands_in_triage_once() -> None:
    linux = ProductArea.objects.create(code="linux", name="Linux")
    asks(area=linux)
    assert not Ticket.objects.exists()
    mail = OutgoingMail.objects.get(purpose="web_request")
    assert mail.to == ["ana@fuera.example"]
    assert not any(word in f"{mail.subject} {mail.text}" for word in ("malo", "No va", "Ana"))
    token = token_sent()
    assert token not in str(WebRequest.objects.values().get())
    assert link_works(token, NOW)
    ticket = confirm_request(token=token, now=NOW)
    assert (ticket.client, ticket.channel, ticket.area) == (None, Channel.WEB, linux)
    assert (ticket.requester_email, ticket.messages.get().text) == ("ana@fuera.example", TEXT)
    assert confirm_request(token=token, now=NOW + timedelta(days=3)) == ticket, "again it is the same"
    assert Ticket.objects.count() == 1


def test_a_known_address_is_its_clients() -> None:
    contact = make_contact()
    asks(email=contact.email)
    ticket = confirm_request(token=token_sent(), now=NOW)
    assert (ticket.client, ticket.contact) == (contact.client, contact)


def test_links_end_and_what_nobody_confirms_is_forgotten() -> None:
    asks()
    token = token_sent()
    late = NOW + LINK_LASTS
    assert not link_works(token, late)
    for given in (token, "guessed"):
        with pytest.raises(Refused) as refusal:
            confirm_request(token=given, now=late)
        assert refusal.value.code == "no_request"
    assert not Ticket.objects.exists()
    assert forget_unproved(now=NOW + timedelta(days=6)) == 0
    assert forget_unproved(now=NOW + timedelta(days=8)) == 1


def test_what_is_refused_leaves_nothing(firm: Firm) -> None:
    for changes, code in (({"text": " "}, "empty"), ({"email": "x@y\nBcc: z@z.example"}, "bad_address")):
        with pytest.raises(Refused) as refusal:
            asks(**changes)
        assert refusal.value.code == code
    Firm.objects.update(takes_public_requests=False)
    with pytest.raises(Refused) as refusal:
        asks()
    assert refusal.value.code == "not_offered"
    assert not WebRequest.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_nobody_is_flooded_with_links() -> None:
    sent = [asks() is not None for _each in range(6)]
    assert sent == [True] * 3 + [False] * 3
    assert OutgoingMail.objects.count() == 3
