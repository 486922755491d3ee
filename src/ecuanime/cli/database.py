"""The database that a command works with: reachable, new enough, and Django set up on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from ecuanime.foundation import environment
from ecuanime.foundation.embedded import Hold
from ecuanime.foundation.environment import ConfigurationError

OLDEST_SERVER = 150000
SETTINGS = "ecuanime.config.settings"


@contextmanager
def database() -> Iterator[None]:
    """Django set up on a database that answers, for as long as the block lasts.

    The embedded server is shared with an `ecuanime run` of the same data folder, or else started for the block.
    Raises `ConfigurationError` with the remedy when there is no usable database.
    """
    with server():
        set_up_django()
        yield


@contextmanager
def server() -> Iterator[Hold | None]:
    """The database server alone, without Django; gives the hold on the embedded one, None for the firm's own."""
    _make_secrets()
    own = environment.own_database_url()
    if own is not None:
        check_server(own)
        yield None
        return
    hold = Hold(environment.data_folder())
    try:
        hold.acquire()
        yield hold
    finally:
        hold.release()


def set_up_django() -> None:
    """Loads the settings and the rooms; heavy, so only once a command knows that it needs them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def check_server(url: str) -> None:
    """Makes sure that the firm's own PostgreSQL can serve. Raises `ConfigurationError` if not."""
    import psycopg

    environment.django_database(url)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise ConfigurationError(
            f"Cannot connect to the database at {_shown(url)}: {reason}. Start it, or correct DATABASE_URL."
        ) from error
    if version < OLDEST_SERVER:
        major = OLDEST_SERVER // 10000
        raise ConfigurationError(
            f"The database at {_shown(url)} is PostgreSQL {version // 10000}: {major} or newer is needed. "
            "Upgrade it, or unset DATABASE_URL to use the embedded one."
        )
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The database at {_shown(url)} is encoded in {encoding}: create one with ENCODING 'UTF8'."
        )


def _shown(url: str) -> str:
    """The address without its password, which must not reach a log."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'the local socket'}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _make_secrets() -> None:
    """Before the database exists: afterwards a missing secret is an error, never a reason to make a new one."""
    environment.make_private_folder(environment.data_folder())
    for name in environment.SECRET_NAMES:
        environment.secret(name)
