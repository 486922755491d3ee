"""A world, and programs that ask with the tokens of its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from tests.factories.billing import MONTH_END
from tests.factories.world import World, make_world

Ask = Callable[..., Any]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The world of the walks, at the end of its month."""
    with time_machine.travel(MONTH_END, tick=False):
        yield make_world()


@pytest.fixture
def ask(world: World) -> Ask:
    """`ask("technician", "tickets", state="new")`: what the API answers to a program of that person."""

    def get(who: str, path: str, **parameters: Any) -> HttpResponse:
        headers = {"Authorization": f"Bearer {world.tokens[who][1]}"}
        return Client().get(f"/api/v1/{path}", parameters, headers=headers)

    return get
