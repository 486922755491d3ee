"""Browser journeys: a real Chromium before the real server. Set ECUANIME_TEST_CHROMIUM to its program to run them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from ecuanime.accounts.models import Role
from tests.browser.firm import FIRM_AT, at_work
from tests.browser.house import SECONDS, Clock, House, chromium_path, drop_database, open_house
from tests.factories import make_firm, make_person

# Playwright is installed for these tests alone; where it is not, they are not even read.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # nothing gets to another host
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if not chromium_path():
                item.add_marker(pytest.mark.skip(reason="ECUANIME_TEST_CHROMIUM names no Chromium"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run; each visit has a context of its own."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SECONDS * 1000)
    # The ORM is called from the thread in which Playwright keeps its loop; nothing else runs in that loop.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as started:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = started.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def migrated(
    django_db_setup: None, django_db_keepdb: bool, django_db_createdb: bool, django_db_blocker: Any
) -> Iterator[None]:
    """The usual test database, whose copies the browser sees.

    The plugin makes none for tests that work past its fixtures, as these do; then it is made here.
    """
    if connection.settings_dict["NAME"] == connection.creation._get_test_db_name():
        yield
        return
    keeps = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"], keepdb=keeps)
    yield
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            teardown_databases(made, verbosity=0)


@pytest.fixture
def empty_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    """The product just installed, with nothing in it."""
    with django_db_blocker.unblock(), open_house("empty") as house:
        yield house


@pytest.fixture(scope="session")
def furnished(migrated: None, django_db_blocker: Any) -> Iterator[str]:
    """A database with a firm at work, made once; each module copies it."""
    with django_db_blocker.unblock(), at_work("furnished") as name:
        pass
    yield name
    with django_db_blocker.unblock():
        drop_database(name)


@pytest.fixture(scope="module")
def house(furnished: str, django_db_blocker: Any) -> Iterator[House]:
    """A firm at work, the module's own."""
    with django_db_blocker.unblock(), open_house("house", copy_of=furnished, clock=Clock(FIRM_AT)) as opened:
        yield opened


@pytest.fixture(scope="module")
def windows(house: House, chromium: Any) -> Iterator[Any]:
    """The windows of those who look at the firm at work."""
    from tests.browser.axe import Windows

    opened = Windows(house, chromium)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bare_windows(bare_house: House, chromium: Any) -> Iterator[Any]:
    """The windows of those who look at the firm that has nothing yet."""
    from tests.browser.axe import Windows

    opened = Windows(bare_house, chromium)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bare_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    """A firm that has just been set up: an administrator, and not a single row more."""
    with django_db_blocker.unblock(), open_house("bare") as opened:
        make_firm()
        make_person(Role.ADMINISTRATOR, name="Adela Ríos")
        yield opened
