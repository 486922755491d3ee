"""A protected connection to an IMAP server, signed in within a bounded time: a server that dribbles is cut off."""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from ecuanime.delivery.models import Security
from ecuanime.delivery.servers import Server, cut, require_protection, tls_context

SECONDS = 30
"""For each answer of the server."""
SIGNED_IN_WITHIN = 120
"""Seconds from the connection to the open folder: each byte alone may come in time, and a greeting without end too."""


@contextmanager
def connected(server: Server, folder: str) -> Iterator[BaseMailBox]:
    """A protected connection, signed in, with the folder open. Raises `TimeoutError` when that takes too long."""
    require_protection(server)
    hurry = _Hurry()
    with hurry.until_signed_in():
        box = _connect(server, hurry)
        try:
            box.login(server.username, server.password, initial_folder=folder)
        except BaseException:
            _leave(box)
            raise
    try:
        yield box
    finally:
        _leave(box)


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        box.client.shutdown()


class _Hurry:
    """Cuts the connection it was shown when the time is over."""

    def __init__(self) -> None:
        self._timer = Timer(SIGNED_IN_WITHIN, self._cut)
        self._timer.daemon = True
        self._shown: socket.socket | None = None
        self._is_over = False

    @contextmanager
    def until_signed_in(self) -> Iterator[None]:
        """What takes longer ends with `TimeoutError`, whatever the library makes of a connection that was cut."""
        self._timer.start()
        try:
            yield
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            if self._is_over:
                raise TimeoutError from error
            raise
        finally:
            self._timer.cancel()
            if self._shown is not None:
                self._shown.close()

    def show(self, plain: socket.socket) -> socket.socket:
        """Watch this connection too once it is wrapped: what is cut is the connection, not one way to it."""
        self._shown = plain.dup()
        if self._is_over:  # before there was anything to cut
            cut(self._shown)
        return plain

    def _cut(self) -> None:
        self._is_over = True
        if self._shown is not None:
            cut(self._shown)


class _Plain(imaplib.IMAP4):
    """A conversation whose connection is watched from its first byte on."""

    def __init__(self, server: Server, hurry: _Hurry) -> None:
        self._hurry = hurry
        super().__init__(server.host, server.port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._hurry.show(socket.create_connection((self.host, self.port), timeout))


class _Tls(_Plain):
    """The same, encrypted from its first byte on."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return tls_context().wrap_socket(super()._create_socket(timeout), server_hostname=self.host)


class _Box(BaseMailBox):
    """A mailbox over a conversation that has begun."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._begun = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._begun


def _connect(server: Server, hurry: _Hurry) -> BaseMailBox:
    if server.security == Security.TLS:
        return _Box(_Tls(server, hurry))
    client = _Plain(server, hurry)
    if server.security == Security.STARTTLS:
        client.starttls(tls_context())
    return _Box(client)
