"""Versions move with every change, and are settled once what moved them can be read by everybody."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from ecuanime.tickets.models import Queue
from ecuanime.tickets.queries import versions
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


def elsewhere() -> psycopg.Connection:
    """A connection of somebody else to the same database."""
    settings = {
        name: value for name, value in connection.get_connection_params().items() if name != "context"
    }
    known = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: settings[name] for name in known if name in settings})


def test_what_stands_around_tickets_has_a_version_of_its_own() -> None:
    before = versions()
    queue = Queue.objects.create(name="Web")
    after = versions()
    assert (after.tickets, after.around > before.around) == (before.tickets, True)
    queue.delete()
    assert versions().around > after.around
    assert versions().around == versions().around


def test_nothing_is_kept_by_a_transaction_that_may_be_rolled_back() -> None:
    seen = versions()
    assert seen.is_settled
    assert seen.of_all is None
    assert seen.of_around is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_not_committed_yet_unsettles_what_it_moved() -> None:
    ticket, before = make_ticket(), versions()
    assert before.of_all is not None
    with elsewhere() as other:
        other.execute("UPDATE tickets_ticket SET subject = 'x' WHERE id = %s", [ticket.pk])
        during = versions()
        assert during.tickets > before.tickets
        assert not during.is_settled
        assert during.of_all is None
        other.commit()
        assert versions().is_settled
        other.execute("UPDATE tickets_ticket SET subject = 'y' WHERE id = %s", [ticket.pk])
        other.rollback()
        assert versions().is_settled
