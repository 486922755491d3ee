"""What every test may ask for."""

from __future__ import annotations

import fcntl
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.database import database_server
from tests.emptying import empty_quickly
from tests.static_files import list_once

BUILD = Path(__file__).parents[1] / "build"
NEW = (
    "browser",
    "mailserver",
    "peers",
    "crash",
    "race",
    "skipif",
)  # what `make test` leaves out or may have to skip
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """For a second run on another database, after everything was tried on the first."""
    told = "leave out tests that never meet the database, but for those that `make test` leaves out or skips"
    parser.addoption("--on-another-database", action="store_true", help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that neither ask for the database nor for a fixture that does are the same on every other one."""
    if not config.getoption("--on-another-database"):
        return
    same = [each for each in items if not (_meets_the_database(each) or _may_be_new(each))]
    config.hook.pytest_deselected(items=same)
    left_out = set(same)
    items[:] = [each for each in items if each not in left_out]


def _meets_the_database(item: pytest.Item) -> bool:
    asked = DATABASE.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def _may_be_new(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in NEW)


def pytest_configure() -> None:
    """Passwords of tests are hashed in no time; that the real hasher is strong is a matter of the settings."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    empty_quickly()
    list_once()


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: it is not searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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
