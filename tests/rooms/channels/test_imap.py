"""Fetching from a real Dovecot: nothing lost, nothing twice, whatever else happens to the mailbox."""

from __future__ import annotations

import hashlib
import imaplib
from collections.abc import Iterator

import pytest

from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email.imap import check_imap, fetch
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.delivery.models import Security
from ecuanime.foundation.secrets import seal
from ecuanime.tickets.models import Message
from tests.factories import NOW, make_contact, make_firm, make_mailbox
from tests.mailservers import ImapServer, dovecot
from tests.rooms.channels.mails import raw_mail

pytestmark = [pytest.mark.mailserver, pytest.mark.django_db]


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    """A Dovecot of the module's own."""
    with dovecot() as running:
        yield running


@pytest.fixture
def source(server: ImapServer, request: pytest.FixtureRequest) -> ImapSource:
    """The firm's mailbox at that server, empty, under a user name of the test's own."""
    make_firm()
    make_contact(email="elvira@tierraparda.example")
    return ImapSource.objects.create(
        mailbox=make_mailbox(),
        host=server.host,
        port=server.port,
        security=Security.NONE,
        username=request.node.name,
        password_sealed=seal(server.password),
        takes_existing=True,
    )


def connection(source: ImapSource, server: ImapServer) -> imaplib.IMAP4:
    """Somebody else's program at the same mailbox."""
    client = imaplib.IMAP4(server.host, server.port)
    client.login(source.username, server.password)
    client.select("INBOX")
    return client


def put(source: ImapSource, server: ImapServer, *mails: bytes) -> None:
    """Deliver mails into the mailbox."""
    client = connection(source, server)
    for mail in mails:
        client.append("INBOX", None, None, mail)
    client.logout()


def flags(source: ImapSource, server: ImapServer) -> list[bytes]:
    """The flags of every mail that is still there."""
    client = connection(source, server)
    return [part for part in client.fetch("1:*", "(FLAGS)")[1] if isinstance(part, bytes)]


def read_all() -> None:
    """Do what the worker does with stored mail."""
    for pk in IncomingMail.objects.filter(state="stored").values_list("pk", flat=True):
        read_arrival(arrival_id=pk, now=NOW)


def test_mail_is_stored_byte_for_byte_then_marked_as_read(source: ImapSource, server: ImapServer) -> None:
    mails = [raw_mail(text=f"mail {number}") for number in range(3)]
    put(source, server, *mails)
    assert fetch(source, now=NOW) == 3
    read_all()
    stored = set(IncomingMail.objects.values_list("raw_id", flat=True))
    assert stored == {hashlib.sha256(mail).hexdigest() for mail in mails}
    assert Message.objects.count() == 3
    assert all(b"\\Seen" in each for each in flags(source, server))
    assert fetch(source, now=NOW) == 0


def test_mail_is_deleted_only_where_asked_and_only_what_was_taken(
    source: ImapSource, server: ImapServer
) -> None:
    source.deletes_after_intake = True
    source.save()
    put(source, server, raw_mail(), raw_mail())
    other = connection(source, server)
    put(source, server, raw_mail(text="marked by another program"))
    assert fetch(source, now=NOW) == 3
    other.logout()
    left = connection(source, server).select("INBOX")[1][0]
    assert (left, IncomingMail.objects.count()) == (b"0", 3)


def test_what_was_there_before_is_left_alone_unless_asked_for(source: ImapSource, server: ImapServer) -> None:
    source.takes_existing = False
    source.save()
    put(source, server, raw_mail())
    assert fetch(source, now=NOW) == 0
    put(source, server, raw_mail())
    assert fetch(source, now=NOW) == 1


def test_a_mail_that_vanished_meanwhile_disturbs_nobody(source: ImapSource, server: ImapServer) -> None:
    put(source, server, *(raw_mail() for _ in range(4)))
    other = connection(source, server)
    other.store("1,3", "+FLAGS", r"(\Deleted)")
    other.expunge()
    assert fetch(source, now=NOW) == 2
    read_all()
    assert Message.objects.count() == 2


def test_a_mailbox_numbered_anew_brings_copies_not_messages(source: ImapSource, server: ImapServer) -> None:
    put(source, server, raw_mail(), raw_mail())
    fetch(source, now=NOW)
    read_all()
    # As if the first round had been under another numbering.
    for arrival in IncomingMail.objects.all():
        arrival.arrival_key = arrival.arrival_key.replace(f":{source.uid_validity}:", ":1:")
        arrival.save()
    source.uid_validity = 1
    source.save()
    assert fetch(source, now=NOW) == 2
    read_all()
    assert Message.objects.count() == 2
    assert IncomingMail.objects.filter(state=IncomingMail.State.DUPLICATE).count() == 2


def test_what_was_committed_before_a_crash_is_settled_in_the_next_round(
    source: ImapSource, server: ImapServer
) -> None:
    put(source, server, raw_mail())
    fetch(source, now=NOW)
    IncomingMail.objects.update(settled_at=None)
    client = connection(source, server)
    client.store("1", "-FLAGS", r"(\Seen)")
    client.logout()
    assert fetch(source, now=NOW) == 0
    assert all(b"\\Seen" in each for each in flags(source, server))


def test_a_server_that_says_no_is_explained_and_asked_less_often(source: ImapSource) -> None:
    source.password_sealed = seal("wrong")
    assert fetch(source, now=NOW) == 0
    source.refresh_from_db()
    assert "user name and password" in source.last_error
    assert source.failures == 1
    assert source.next_due_at is not None
    assert source.next_due_at > NOW


def test_the_check_says_step_by_step_what_is_wrong(source: ImapSource, server: ImapServer) -> None:
    here = {"host": server.host, "port": server.port, "security": Security.NONE, "folder": "INBOX"}
    good = check_imap(username="x", password=server.password, **here)
    assert [line.ok for line in good] == [True, True, True]
    bad = check_imap(username="x", password="no", **here)
    assert bad[-1].code == "login.refused"
    missing = check_imap(username="x", password=server.password, **(here | {"folder": "Nada"}))
    assert (missing[-1].ok, missing[-1].code) == (False, "server.refused")
    nobody = check_imap(username="x", password="x", **(here | {"port": 1}))
    assert nobody[-1].code == "connect.refused"
