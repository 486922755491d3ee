"""Fetching from a real Dovecot: nothing lost, nothing twice, whatever else happens to the mailbox."""

from __future__ import annotations

import errno
import hashlib
import imaplib
import re
from collections.abc import Iterator

import pytest

from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email import imap
from ecuanime.channels.email.imap import check_imap, fetch
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.channels.queries import left_behind
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
        username=re.sub(r"\W+", "-", request.node.name),
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
    assert (bad[-1].code, bad[-1].detail) == (
        "login.refused",
        "[AUTHENTICATIONFAILED] Authentication failed.",
    )
    missing = check_imap(username="x", password=server.password, **(here | {"folder": "Nada"}))
    assert (missing[-1].ok, missing[-1].code) == (False, "server.refused")
    nobody = check_imap(username="x", password="x", **(here | {"port": 1}))
    assert nobody[-1].code == "connect.refused"


def test_another_account_with_the_same_numbers_brings_its_own_mails(
    source: ImapSource, server: ImapServer
) -> None:
    put(source, server, raw_mail())
    fetch(source, now=NOW)
    arrival = IncomingMail.objects.get()
    numbered = arrival.arrival_key
    source.username, source.uid_validity, source.last_uid = f"{source.username}-otro", None, 0
    source.save()
    put(source, server, raw_mail(text="de la otra cuenta"))
    fetch(source, now=NOW)
    # As if that server, too, called its numbering by the same number.
    same = numbered.rsplit(":", 2)[1]
    source.uid_validity = int(same)
    assert source.numbering != numbered.rpartition(":")[0] + ":"
    assert IncomingMail.objects.count() == 2


def test_numbered_anew_what_was_left_alone_from_the_beginning_still_is(
    source: ImapSource, server: ImapServer
) -> None:
    source.takes_existing = False
    source.save()
    client = connection(source, server)
    client.append("INBOX", None, '"01-Oct-2026 10:00:00 +0000"', raw_mail(text="de hace un mes"))
    fetch(source, now=NOW)
    client.append("INBOX", None, '"10-Nov-2026 08:00:00 +0000"', raw_mail(text="de hoy"))
    client.logout()
    assert fetch(source, now=NOW) == 1
    for arrival in IncomingMail.objects.all():
        arrival.arrival_key = arrival.arrival_key.replace(f":{source.uid_validity}:", ":1:")
        arrival.save()
    source.uid_validity = 1
    source.save()
    assert fetch(source, now=NOW) == 1, "the one of today, which is known by its bytes"
    read_all()
    assert Message.objects.count() == 1


def test_a_mail_too_large_is_told_of_until_it_is_gone_from_the_server(
    source: ImapSource, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "LARGEST_BYTES", 2000)
    put(source, server, raw_mail(text="x" * 3000), raw_mail())
    fetch(source, now=NOW)
    assert IncomingMail.objects.count() == 1
    assert left_behind() == ((source.mailbox.address, 1),)
    assert any(b"\\Seen" not in each for each in flags(source, server)), "nobody has read it"
    client = connection(source, server)
    client.store("1", "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.logout()
    fetch(source, now=NOW)
    assert left_behind() == ()


def test_a_full_disk_is_not_blamed_on_the_server(
    source: ImapSource, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    put(source, server, raw_mail())
    monkeypatch.setattr(imap, "store_arrivals", full)
    assert fetch(source, now=NOW) == 0
    source.refresh_from_db()
    assert "No space left on device" in source.last_error
    assert server.host not in source.last_error
    monkeypatch.undo()
    assert fetch(source, now=NOW) == 1


def test_more_than_a_batch_left_unsettled_is_settled(source: ImapSource, server: ImapServer) -> None:
    put(source, server, *(raw_mail() for _ in range(imap.BATCH + 5)))
    assert [fetch(source, now=NOW) for _ in range(2)] == [imap.BATCH, 5]
    IncomingMail.objects.update(settled_at=None)
    client = connection(source, server)
    client.store("1:*", "-FLAGS", r"(\Seen)")
    client.logout()
    fetch(source, now=NOW)
    assert all(b"\\Seen" in each for each in flags(source, server))
