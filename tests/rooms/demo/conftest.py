"""A small demo, written once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker

from ecuanime.demo.actions import Size, fill_demo
from ecuanime.demo.removal import remove_demo
from ecuanime.foundation.jobs import forget_waiting_jobs

NOW = datetime(2026, 11, 10, 9, 45, tzinfo=UTC)
SMALL = Size(tickets=60, customers=18, pdfs=False)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The instant at which a small demo stands, committed; it is removed after the module."""
    with django_db_blocker.unblock():
        forget_waiting_jobs()  # of tests that have really committed: the queue's table is none that is emptied
        fill_demo(now=NOW, size=SMALL)
        yield NOW
        remove_demo()


@pytest.fixture
def nothing_noted(transactional_db: None) -> None:
    """No progress of an earlier test: the cache's table is none that the tests' framework empties."""
    cache.clear()
