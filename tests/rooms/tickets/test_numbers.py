"""Many openers at once get distinct numbers without a gap."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from ecuanime.tickets.actions import open_ticket
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


@pytest.fixture(autouse=True)
def slow_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A counter that dawdles between reading and writing, so that openers without a lock do meet."""
    TicketCounter.objects.get_or_create(pk=1, defaults={"last_number": 1000})
    save = TicketCounter.save

    def dawdle(self: TicketCounter, *args: Any, **kwargs: Any) -> None:
        time.sleep(0.05)
        save(self, *args, **kwargs)

    monkeypatch.setattr(TicketCounter, "save", dawdle)


def test_openers_at_once_get_distinct_numbers() -> None:
    assert sorted(number or 0 for number in open_all()) == list(range(1001, 1001 + OPENERS))


def test_without_the_lock_they_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    assert None in open_all()
    assert Ticket.objects.count() < OPENERS
