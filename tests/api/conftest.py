"""A world, and programs that ask with the tokens of its people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.factories.billing import MONTH_END
from tests.factories.world import World, make_world
from tests.web.walking import undone

Ask = Callable[..., Any]
Write = Callable[..., Any]


@pytest.fixture(scope="module")
def made_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of the walks, made once for a module, in a transaction that is taken back."""
    with django_db_blocker.unblock(), undone():
        with time_machine.travel(MONTH_END, tick=False):
            world = make_world()
        connection.check_constraints()  # what waits for a commit is done at once, not again after each test
        yield world


@pytest.fixture
def world(made_world: World, db: None) -> Iterator[World]:
    """That world as it was made, at the end of its month: a test has its own rows and objects of it."""
    with time_machine.travel(MONTH_END, tick=False):
        yield deepcopy(made_world)


@pytest.fixture
def ask(world: World) -> Ask:
    """`ask("technician", "tickets", state="new")`: what the API answers to a program of that person."""

    def get(who: str, path: str, **parameters: Any) -> HttpResponse:
        headers = {"Authorization": f"Bearer {world.tokens[who][1]}"}
        return Client().get(f"/api/v1/{path}", parameters, headers=headers)

    return get


@pytest.fixture
def write(world: World) -> Write:
    """`write("supervisor", "POST", "clients", {"name": "Uno"})`: what a writing program is answered.

    Each write has a key of its own unless `key` says another one, empty for none.
    """
    keys = count()

    def send(who: str, method: str, path: str, body: Any = None, *, key: str | None = None) -> HttpResponse:
        headers = {"Authorization": f"Bearer {world.tokens[who][1]}"}
        headers["Idempotency-Key"] = f"key-{next(keys)}" if key is None else key
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        browser = Client(raise_request_exception=False)
        return browser.generic(method, f"/api/v1/{path}", raw, "application/json", headers=headers)

    return send
