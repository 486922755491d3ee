"""A mail server that never comes to the point is left in time, and administrators hear of a mailbox that fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import monotonic

import pytest

from ecuanime.accounts.models import Role
from ecuanime.channels.email import connecting
from ecuanime.channels.email.connecting import connected
from ecuanime.channels.email.imap import fetch
from ecuanime.channels.models import ImapSource
from ecuanime.channels.notices import TOLD_AFTER, tell_works_again
from ecuanime.delivery.models import Security
from ecuanime.delivery.servers import Server
from ecuanime.notices.models import Notice
from tests.factories import NOW, make_firm, make_mailbox, make_person

GREETING, HANDSHAKE = b"* OK ", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"
WHOLE = b"* OK here\r\n"


@contextmanager
def dribbling(*begins: bytes) -> Iterator[int]:
    """A port where each of `begins` is said as soon as somebody writes, the first at once, then a byte at a time."""
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _address = listening.accept()
                threading.Thread(target=_say, args=(near, begins, over), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        over.set()


def _say(near: socket.socket, begins: tuple[bytes, ...], over: threading.Event) -> None:
    with suppress(OSError):
        for begin in begins[:-1]:
            near.sendall(begin)
            near.recv(1024)
        near.sendall(begins[-1])
        while not over.wait(0.02):
            near.sendall(b"x")


@pytest.mark.parametrize(
    ("security", "begins"),
    [
        (Security.NONE, (GREETING,)),
        (Security.NONE, (WHOLE, GREETING)),
        (Security.STARTTLS, (GREETING,)),
        (Security.TLS, (HANDSHAKE,)),
    ],
    ids=["greeting", "first answer", "greeting before STARTTLS", "handshake"],
)
def test_who_dribbles_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, security: str, begins: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(connecting, "SIGNED_IN_WITHIN", 0.3)
    begun = monotonic()
    with dribbling(*begins) as port:
        server = Server("127.0.0.1", port, security, "user", "word")
        with pytest.raises(TimeoutError), connected(server, "INBOX"):
            pass
    assert 0.2 < monotonic() - begun < 15


@pytest.fixture
def source(db: None) -> ImapSource:
    """A mailbox at whose address nobody listens."""
    make_firm()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return ImapSource.objects.create(
        mailbox=make_mailbox(), host="127.0.0.1", port=port, security=Security.NONE, username="soporte"
    )


def test_administrators_hear_once_of_a_mailbox_that_keeps_failing(source: ImapSource) -> None:
    adela, irene = make_person(Role.ADMINISTRATOR), make_person(Role.TECHNICIAN)
    counts = []
    for minutes in range(TOLD_AFTER + 3):
        fetch(source, now=NOW + timedelta(minutes=minutes))
        counts.append(Notice.objects.count())
    assert counts == [0, 0, 1, 1, 1, 1]
    notice = adela.notices.get()
    assert (notice.title, notice.text) == (
        f"The mailbox {source.mailbox.address} cannot be fetched",
        source.last_error,
    )
    assert notice.url == f"/ajustes/correo/{source.mailbox_id}/"
    assert not irene.notices.exists()


@pytest.mark.parametrize(("failures", "told"), [(0, 0), (TOLD_AFTER - 1, 0), (TOLD_AFTER, 1), (40, 1)])
def test_they_hear_that_it_works_again_if_they_heard_that_it_failed(
    source: ImapSource, failures: int, told: int
) -> None:
    make_person(Role.ADMINISTRATOR)
    tell_works_again(source, failures, now=NOW)
    assert Notice.objects.filter(title__endswith="is fetched again").count() == told
