"""The product as it runs for a browser: the real web server, on a database of its own, at an hour of our choosing."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep, time
from unittest.mock import patch

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, connections
from procrastinate.contrib.django import app
from waitress.server import BaseWSGIServer, create_server

from ecuanime.accounts.models import User
from ecuanime.cli.too_large import Channel
from ecuanime.foundation.environment import max_upload_bytes
from ecuanime.foundation.witness import forget_sightings

TUESDAY = datetime(2026, 11, 10, 9, 42, tzinfo=UTC)
"""10:42 in Madrid: a working day, so that no figure depends on when the tests run."""

SECONDS = 30  # how long anything may take: a busy machine is slow, not broken
_open = False


@dataclass
class Clock:
    """What the product takes for the present: it goes on by itself and can be put forward."""

    start: datetime = TUESDAY
    _begun: float = field(default_factory=monotonic)

    def now(self) -> datetime:
        """The present instant."""
        return self.start + timedelta(seconds=monotonic() - self._begun)

    def forward(self, **span: float) -> None:
        """Let `span` (as of `timedelta`) pass."""
        self.start += timedelta(**span)


@dataclass(frozen=True)
class House:
    """A running product."""

    url: str
    clock: Clock

    def work(self) -> None:
        """Do all waiting jobs as the worker does: mail leaves, PDFs are drawn, arrivals are read."""
        # In a thread of its own, because Playwright keeps an event loop in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_work).result(timeout=120)

    def session_of(self, user: User, *, confirmed: bool = False) -> dict[str, str]:
        """The cookie of somebody who has signed in; `confirmed`: it was a moment ago, so nothing asks them again."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        if confirmed:
            at = time() + SECONDS * 120
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}]
        session.save()
        return {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": self.url}


def _work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    connections.close_all()


@contextmanager
def own_database(name: str, *, copy_of: str | None = None, keep: bool = False) -> Iterator[str]:
    """A copy of the migrated test database, or of `copy_of`, in whose place everything works until the end."""
    usual = connection.settings_dict["NAME"]
    made = f"{usual}_{name}"
    _stop_using()
    drop_database(made)
    _copy_database(copy_of or usual, made)
    connection.settings_dict["NAME"] = made
    try:
        yield made
    finally:
        _stop_using()
        connection.settings_dict["NAME"] = usual
        if not keep:
            drop_database(made)


def drop_database(name: str) -> None:
    """Remove a copy."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _copy_database(source: str, made: str) -> None:
    """Copy a database, after ending whatever still lingers in it: a connection that is closing, a vacuum."""
    for last in (False, False, True):
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source]
            )
            try:
                cursor.execute(f'CREATE DATABASE "{made}" TEMPLATE "{source}"')
                return
            except OperationalError:
                if last:
                    raise
                sleep(0.5)


def _stop_using() -> None:
    connections.close_all()
    connection.close_pool()


@contextmanager
def serving(clock: Clock) -> Iterator[House]:
    """The web server on a free port of loopback, as `ecuanime web` starts it, but in this process."""
    from ecuanime.config.wsgi import application

    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(
        application,
        sockets=[listening],
        threads=4,
        max_request_body_size=max_upload_bytes(),
        clear_untrusted_proxy_headers=True,
        ident=None,
    )
    assert isinstance(server, BaseWSGIServer)
    server.channel_class = Channel
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    usual = settings.ECUANIME_URL
    settings.ECUANIME_URL = url
    try:
        yield House(url, clock)
    finally:
        settings.ECUANIME_URL = usual
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(timeout=10)


@contextmanager
def open_house(name: str, *, copy_of: str | None = None, clock: Clock | None = None) -> Iterator[House]:
    """A running product on a database of its own; empty, or as `copy_of`. One at a time in a process."""
    global _open
    assert not _open, "another house is open in this process"
    clock = clock or Clock()
    with ExitStack() as stack:
        _open = True
        stack.callback(_close)
        stack.enter_context(patch("django.utils.timezone.now", clock.now))
        stack.enter_context(own_database(name, copy_of=copy_of))
        forget_sightings()  # of the audit trail of another house, whose data folder this one has
        yield stack.enter_context(serving(clock))


def _close() -> None:
    global _open
    _open = False


def chromium_path() -> str:
    """Where the Chromium of the tests is; empty if there is none."""
    return os.environ.get("ECUANIME_TEST_CHROMIUM", "")
