"""The world that walks over all addresses share: made once for a module, in a transaction that is taken back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from tests.factories.billing import MONTH_END
from tests.factories.world import make_world
from tests.web.walking import Walker, undone


@pytest.fixture(scope="module")
def walker(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walker]:
    """Everybody's browsers, in the world at the end of its month."""
    with django_db_blocker.unblock(), time_machine.travel(MONTH_END, tick=False), undone(), unlogged():
        walker = Walker(make_world())
        for who in walker.world.people:
            walker.browser(who)
        connection.check_constraints()  # what waits for a commit is done at once, not again after each request
        with transaction.atomic():
            yield walker


@contextmanager
def unlogged() -> Iterator[None]:
    """Thousands of requests are refused on purpose: to write a line of each, with its traceback, takes seconds."""
    logger = logging.getLogger("django.request")
    before, logger.disabled = logger.disabled, True
    yield
    logger.disabled = before
