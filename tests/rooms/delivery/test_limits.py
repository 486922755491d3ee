"""How much the product writes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.limits import may_send_automatic
from tests.factories import NOW, make_mailbox

pytestmark = pytest.mark.django_db

ANA = "Ana@uno.example"


def send(at: datetime, key: str = "ticket:1", to: str = ANA, kind: str = "automatic") -> None:
    queue_mail(kind=kind, purpose="x", to=[to], subject="s", text="t", subject_key=key, now=at)


def allowed(now: datetime = NOW, key: str = "ticket:1", to: str = ANA) -> bool:
    return may_send_automatic(address=to, subject_key=key, now=now)


def test_three_an_hour_about_one_ticket_and_six_a_day() -> None:
    for _ in range(3):
        assert allowed()
        send(NOW)
    assert not allowed()
    assert allowed(key="ticket:2")
    later = NOW + timedelta(hours=2)
    for _ in range(3):
        assert allowed(later)
        send(later)
    assert not allowed(NOW + timedelta(hours=5))
    assert allowed(NOW + timedelta(days=1, hours=3))


def test_ten_an_hour_and_twenty_a_day_to_one_address_however_it_is_written() -> None:
    for number in range(10):
        assert allowed(key=f"ticket:{number}")
        send(NOW, f"ticket:{number}", to=ANA if number % 2 else ANA.lower())
    assert not allowed(key="ticket:99")
    assert allowed(key="ticket:99", to="otra@uno.example")
    later = NOW + timedelta(hours=2)
    for number in range(10):
        send(later, f"ticket:{20 + number}")
    assert not allowed(NOW + timedelta(hours=5), key="ticket:99")


def test_what_a_person_writes_does_not_count() -> None:
    for _ in range(30):
        send(NOW, kind="personal")
    assert allowed()


MACHINES = (
    "no-reply@uno.example noreply@uno.example ventas-noreply@x.example MAILER-DAEMON@uno.example postmaster@x.example "
    "bounces+x@uno.example no-responder@uno.example nadie soporte@nodoalisio.example Soporte+abc@nodoalisio.example"
)


@pytest.mark.parametrize("address", [*MACHINES.split(), "", "a\n@b.example"])
def test_never_to_machines_ourselves_or_nowhere(address: str) -> None:
    make_mailbox()
    assert not allowed(to=address)
    assert allowed(to="noelia@uno.example"), "a control"
