"""What every test may ask for."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.database import database_server

BUILD = Path(__file__).parents[1] / "build"


def pytest_configure() -> None:
    """Passwords of tests are hashed in no time; that the real hasher is strong is a matter of the settings."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The database server, started for the first test that needs it."""
    with database_server():
        yield


@pytest.fixture(autouse=True)
def one_race_at_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each race opens fifty connections: one runs at a time over all processes, so that a server has enough."""
    if request.node.get_closest_marker("race") is None:
        yield
        return
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "races.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Texts are compared in the language of the source, unless a test asks for another."""
    with translation.override("en"):
        yield
