"""Many openers at once get distinct numbers without a gap."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from ecuanime.tickets.actions import open_ticket, opening
from ecuanime.tickets.models import Channel, Ticket, TicketCounter
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

OPENERS = 8


def open_all() -> list[int | None]:
    """The numbers that openers at once got, None for one who failed on a number that was taken."""

    def opens(number: int) -> int | None:
        try:
            return open_ticket(subject=str(number), channel=Channel.STAFF, now=NOW).number
        except IntegrityError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(OPENERS) as pool:
        return list(pool.map(opens, range(OPENERS)))


def read_then_write() -> int:
    """The next number by a counter that dawdles between reading and writing."""
    counter = TicketCounter.objects.get(pk=1)
    time.sleep(0.05)
    counter.last_number += 1
    counter.save()
    return counter.last_number


def test_openers_at_once_get_distinct_numbers() -> None:
    assert sorted(number or 0 for number in open_all()) == list(range(1001, 1001 + OPENERS))


def test_by_reading_and_then_writing_they_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    TicketCounter.objects.create(pk=1, last_number=1000)
    monkeypatch.setattr(opening, "next_number", read_then_write)
    assert None in open_all()
    assert Ticket.objects.count() < OPENERS
