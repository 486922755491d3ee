"""Fetching while everything else goes wrong: two at once, and a connection that breaks at every kilobyte."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.db import connections

from ecuanime.channels.actions import read_batch
from ecuanime.channels.email.imap import fetch
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.tickets.models import Message
from tests.factories import NOW
from tests.mailservers import ImapServer
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.test_imap import put, server, source

__all__ = ["server", "source"]
pytestmark = [pytest.mark.mailserver, pytest.mark.django_db(transaction=True)]


@contextmanager
def cut_after(port: int, count: int) -> Iterator[int]:
    """A port that leads to `port` and breaks each connection after so many bytes from the server."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening, port, count), daemon=True).start()
        yield listening.getsockname()[1]


def _serve(listening: socket.socket, port: int, count: int) -> None:
    with suppress(OSError):
        while True:
            near, _address = listening.accept()
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass_on, args=(near, far, 1 << 40), daemon=True).start()
            threading.Thread(target=_pass_on, args=(far, near, count), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, left: int) -> None:
    with suppress(OSError):
        while left > 0 and (data := source.recv(min(left, 1024))):
            target.sendall(data)
            left -= len(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def account_for(mails: list[bytes]) -> None:
    """Every mail is here once, byte for byte, and each is one message of a thread."""
    while read_batch(now=NOW + timedelta(hours=1)):
        pass
    stored = sorted(IncomingMail.objects.values_list("raw_id", flat=True))
    assert stored == sorted(hashlib.sha256(mail).hexdigest() for mail in mails)
    assert Message.objects.count() == len(mails)


def test_a_connection_that_breaks_at_any_kilobyte_loses_and_doubles_nothing(
    source: ImapSource, server: ImapServer
) -> None:
    mails = [raw_mail(text=f"{number} {'x' * 3000}") for number in range(3)]
    put(source, server, *mails)
    broke = 0
    for kilobytes in (1, 2, 3, 5, 8, 11):
        with cut_after(server.port, 1024 * kilobytes) as port:
            source.port = port
            fetch(source, now=NOW)
        broke += bool(source.last_error)
    assert broke > 2, "the control: it did break"
    source.port = server.port
    fetch(source, now=NOW)
    assert (source.failures, source.last_error) == (0, "")
    account_for(mails)


def test_two_who_fetch_one_mailbox_at_once_bring_each_mail_once(
    source: ImapSource, server: ImapServer
) -> None:
    mails = [raw_mail(text=f"mail {number}") for number in range(60)]
    put(source, server, *mails)
    together = threading.Barrier(2)

    def work() -> None:
        mine = ImapSource.objects.select_related("mailbox").get(pk=source.pk)
        together.wait()
        while fetch(mine, now=NOW) or mine.failures:
            mine.failures = 0
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    account_for(mails)
