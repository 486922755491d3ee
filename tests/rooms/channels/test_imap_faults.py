"""Fetching while everything else goes wrong: two at once, other programs at the same mailbox, broken connections and
servers that refuse, say nothing or dribble."""

from __future__ import annotations

import hashlib
import imaplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import connections

from ecuanime.channels.actions import read_batch
from ecuanime.channels.email import connecting, imap
from ecuanime.channels.email.imap import fetch
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.channels.queries import intake_health
from ecuanime.tickets.models import Message
from tests.factories import NOW
from tests.mailservers import ImapServer
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.test_imap import connection, put, server, source

__all__ = ["server", "source"]
pytestmark = [pytest.mark.mailserver, pytest.mark.django_db(transaction=True)]


HANGS = b"hangs"
DRIBBLES = b"dribbles"


@contextmanager
def cut_after(port: int, count: int) -> Iterator[int]:
    """A port that leads to `port` and breaks each connection after so many bytes from the server."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening, port, count), daemon=True).start()
        yield listening.getsockname()[1]


def _serve(listening: socket.socket, port: int, count: int) -> None:
    for near, far in _met(listening, port):
        threading.Thread(target=_pass_on, args=(near, far, 1 << 40), daemon=True).start()
        threading.Thread(target=_pass_on, args=(far, near, count), daemon=True).start()


def _met(listening: socket.socket, port: int) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Whoever comes, each with a connection of their own to `port`."""
    with suppress(OSError):
        while True:
            near, _address = listening.accept()
            yield near, socket.create_connection(("127.0.0.1", port))


def _pass_on(source: socket.socket, target: socket.socket, left: int) -> None:
    with suppress(OSError):
        while left > 0 and (data := source.recv(min(left, 1024))):
            target.sendall(data)
            left -= len(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def answering(port: int, command: bytes, answer: bytes) -> Iterator[int]:
    """A port that leads to `port`, where one command is not done but answered so, or not at all."""

    def serve() -> None:
        for near, far in _met(listening, port):
            threading.Thread(target=_pass_on, args=(far, near, 1 << 40), daemon=True).start()
            threading.Thread(target=_ask, args=(near, far, command, answer), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def _ask(near: socket.socket, far: socket.socket, command: bytes, answer: bytes) -> None:
    with suppress(OSError):
        for line in near.makefile("rb"):
            if command not in line:
                far.sendall(line)
            elif answer == DRIBBLES:
                _dribble(near)
            elif answer != HANGS:
                near.sendall(line.split()[0] + b" " + answer + b"\r\n")
    for each in (near, far):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _dribble(near: socket.socket) -> None:
    """An answer that never ends, though each of its bytes comes soon after the last."""
    near.sendall(b"* ")
    while True:
        near.sendall(b"x")
        threading.Event().wait(0.05)


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


def test_what_others_delete_and_deliver_meanwhile_costs_no_mail(
    source: ImapSource, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two mails of one batch another program takes the second away and delivers another."""
    mails = [raw_mail(text=f"mail {number}") for number in range(5)]
    late = raw_mail(text="meanwhile")
    put(source, server, *mails)
    real = imap._raw
    others: list[int] = []

    def interrupted(box: Any, uid: int) -> bytes | None:
        raw = real(box, uid)
        if not others:
            others.append(uid)
            other = connection(source, server)
            other.store("2", "+FLAGS", r"(\Deleted)")
            other.expunge()
            other.append("INBOX", None, None, late)
            other.logout()
        return raw

    monkeypatch.setattr(imap, "_raw", interrupted)
    source.deletes_after_intake = True
    source.save()
    fetch(source, now=NOW)
    fetch(source, now=NOW)
    assert others, "the control: somebody else was there"
    assert connection(source, server).select("INBOX")[1] == [b"0"]
    account_for([mails[0], *mails[2:], late])


def test_control_by_their_place_in_the_mailbox_every_second_mail_would_be_lost(
    source: ImapSource, server: ImapServer
) -> None:
    put(source, server, *(raw_mail(text=f"mail {number}") for number in range(6)))
    client = connection(source, server)
    read = 0
    with suppress(imaplib.IMAP4.error):  # there is no fourth place any more
        for place in range(1, 7):
            read += isinstance(client.fetch(str(place), "(BODY.PEEK[])")[1][0], tuple)
            client.store(str(place), "+FLAGS", r"(\Deleted)")
            client.expunge()
    client.logout()
    assert read == 3


def test_a_folder_put_aside_and_made_anew_is_numbered_anew_and_doubles_nothing(
    source: ImapSource, server: ImapServer
) -> None:
    mails = [raw_mail(text=f"mail {number}") for number in range(4)]
    source.folder = "Soporte"
    source.save()
    client = connection(source, server)
    client.create("Soporte")
    for mail in mails[:3]:
        client.append("Soporte", None, None, mail)
    fetch(source, now=NOW)
    numbered = source.uid_validity
    client.rename("Soporte", "Viejo")
    assert (fetch(source, now=NOW), source.failures) == (0, 1), "the folder is away"
    client.create("Soporte")
    for mail in mails:
        client.append("Soporte", None, None, mail)
    client.logout()
    fetch(source, now=NOW)
    assert source.failures == 0
    assert source.uid_validity != numbered, "the control: its numbers mean other mails now"
    while read_batch(now=NOW + timedelta(hours=1)):
        pass
    assert Message.objects.count() == len(mails)
    assert IncomingMail.objects.filter(state=IncomingMail.State.DUPLICATE).count() == 3


@pytest.mark.parametrize("command", [b"LOGIN", b"STATUS", b"SEARCH", b"FETCH", b"STORE"], ids=bytes.decode)
@pytest.mark.parametrize("answer", [b"NO later", b"BAD what"], ids=["no", "bad"])
def test_a_command_refused_is_said_in_words_and_loses_nothing(
    source: ImapSource, server: ImapServer, command: bytes, answer: bytes
) -> None:
    mails = [raw_mail(), raw_mail()]
    put(source, server, *mails)
    with answering(server.port, command, answer) as port:
        source.port = port
        fetch(source, now=NOW)
        assert source.failures == 1
        assert source.last_error
    source.port = server.port
    fetch(source, now=NOW)
    assert (source.failures, source.last_error) == (0, "")
    account_for(mails)


def test_a_server_that_keeps_refusing_is_asked_ever_less_often_and_told_of(
    source: ImapSource, server: ImapServer
) -> None:
    put(source, server, raw_mail())
    now, pauses = NOW, []
    with answering(server.port, b"SEARCH", b"NO busy") as port:
        source.port = port
        for _ in range(6):
            fetch(source, now=now)
            assert source.next_due_at
            pauses.append(int((source.next_due_at - now).total_seconds() // 60))
            now = source.next_due_at
    assert pauses == [2, 4, 8, 16, 30, 30]
    ((address, words),) = intake_health(now).failing
    assert address == source.mailbox.address
    assert "busy" in words
    source.port = server.port
    assert fetch(source, now=now) == 1
    assert intake_health(now).failing == ()


@pytest.mark.parametrize(
    ("answer", "module", "bound"),
    [(HANGS, connecting, "SECONDS"), (DRIBBLES, imap, "WHOLE_SECONDS")],
    ids=["h", "d"],
)
def test_a_server_that_says_nothing_or_never_ends_is_given_up_in_time(
    source: ImapSource,
    server: ImapServer,
    answer: bytes,
    module: ModuleType,
    bound: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each within its own bound: silence within that of a step, and a trickle within that of the whole round."""
    mails = [raw_mail()]
    put(source, server, *mails)
    with answering(server.port, b"FETCH", answer) as port, monkeypatch.context() as patch:
        patch.setattr(module, bound, 2)
        source.port = port
        assert fetch(source, now=NOW) == 0
    assert source.failures == 1
    source.port = server.port
    fetch(source, now=NOW)
    account_for(mails)
