"""The firm that the browser visits: one of everything, so that no page is without its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ecuanime.tickets.models import Opinion
from tests.browser.house import own_database
from tests.factories.world import make_world

FIRM_AT = datetime(2026, 12, 1, 9, 42, tzinfo=UTC)
"""When it is visited: the morning after the month that was billed."""


@contextmanager
def at_work(name: str) -> Iterator[str]:
    """A database with the firm in it, kept when this ends."""
    with own_database(name, keep=True) as made:
        world = make_world()
        Opinion.objects.create(ticket=world.ticket, contact=world.lead, asked_at=FIRM_AT)
        yield made
