"""Pages by key: every row once, and no cursor that somebody made up reaches the database."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ecuanime.clients.models import Client
from ecuanime.foundation.paging import UnreadableCursor, page_of
from ecuanime.tickets.models import Ticket
from tests.factories import make_client
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


def made_up(key: object) -> str:
    """A cursor nobody gave."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def test_every_row_stands_on_one_page_also_those_with_long_accented_names() -> None:
    wanted = {make_client(name=f"{'ñ' * 155} {number}").pk for number in range(5)}
    found: list[int] = []
    after = ""
    for _page in range(5):
        page = page_of(Client.objects.all(), order=("name", "id"), after=after, size=1, strict=True)
        found += [client.pk for client in page.rows]
        after = page.next
    assert (set(found), len(found), after) == (wanted, 5, "")


@pytest.mark.parametrize(
    "key",
    [
        ["not a moment", 1],
        [{"at": "2026-01-01T00:00:00"}, 1],
        [{"at": "2026-01-01T00:00:00Z"}, "one"],
        [{"at": "2026-01-01T00:00:00Z"}, 2**80],
        [{"at": "2026-01-01T00:00:00Z"}, True],
        [{"at": 5}, 1],
        [{"at": "2026-01-01T00:00:00Z"}],
        {"at": 1},
        7,
    ],
)
def test_a_made_up_cursor_is_the_first_page_or_refused(key: Any) -> None:
    make_ticket()
    order = ("-last_message_at", "-id")
    assert len(page_of(Ticket.objects.all(), order=order, after=made_up(key)).rows) == 1
    with pytest.raises(UnreadableCursor):
        page_of(Ticket.objects.all(), order=order, after=made_up(key), strict=True)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", 5])
def test_text_that_no_column_can_hold_is_not_asked_for(text: object) -> None:
    make_client()
    assert len(page_of(Client.objects.all(), order=("name", "id"), after=made_up([text, 1])).rows) == 1
    with pytest.raises(UnreadableCursor):
        page_of(Client.objects.all(), order=("name", "id"), after="ñ*", strict=True)
