"""`kill -9` at every step of intake: no mail is lost and none is filed twice."""

from __future__ import annotations

import hashlib
import imaplib
from datetime import timedelta

import pytest

from ecuanime.channels.actions import read_arrival
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.delivery.models import Security
from ecuanime.foundation.files import read
from ecuanime.foundation.secrets import seal
from ecuanime.tickets.models import Message, Ticket
from tests.crash import killed, run_script
from tests.factories import NOW, make_firm, make_mailbox
from tests.mailservers import dovecot
from tests.rooms.channels.mails import raw_mail

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

BEFORE_COMMIT = ("mail.fetched", "mail.raw_written")
AFTER_COMMIT = ("mail.committed", "mail.parsed", "mail.filed")
SCRIPT = """
from datetime import datetime
from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email.arrivals import store_arrival
now = datetime.fromisoformat({now!r})
arrival = store_arrival(raw={raw!r}, origin="pipe", now=now)
read_arrival(arrival_id=arrival.pk, now=now)
"""
FETCH = """
from datetime import datetime
from ecuanime.channels.email.imap import fetch
from ecuanime.channels.models import ImapSource
fetch(ImapSource.objects.select_related("mailbox").get(pk={pk}), now=datetime.fromisoformat({now!r}))
"""


@pytest.mark.parametrize("point", BEFORE_COMMIT + AFTER_COMMIT)
def test_a_kill_at_any_step_loses_nothing_and_doubles_nothing(point: str) -> None:
    """The mail server offers again what was not taken; what was taken is read in a later round."""
    make_firm()
    make_mailbox()
    raw = raw_mail()
    script = SCRIPT.format(now=NOW.isoformat(), raw=raw)
    assert killed(run_script(script, crash_at=point))
    assert IncomingMail.objects.count() == (0 if point in BEFORE_COMMIT else 1)
    assert Ticket.objects.count() == 0

    assert not killed(run_script(script))
    for arrival in IncomingMail.objects.filter(state=IncomingMail.State.STORED):
        read_arrival(arrival_id=arrival.pk, now=NOW + timedelta(hours=1))

    arrival = IncomingMail.objects.get()
    assert (arrival.state, arrival.raw_id) == (IncomingMail.State.FILED, hashlib.sha256(raw).hexdigest())
    assert read(arrival.raw_id) == raw
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.mailserver
@pytest.mark.parametrize("point", [*BEFORE_COMMIT, "mail.committed", "mail.flagged", "mail.expunged"])
def test_a_kill_while_fetching_leaves_every_mail_here_once_and_none_at_the_server(point: str) -> None:
    """A real Dovecot, a mailbox that is emptied as it is taken in, and a kill in the middle."""
    make_firm()
    with dovecot() as server:
        source = ImapSource.objects.create(
            mailbox=make_mailbox(),
            host=server.host,
            port=server.port,
            security=Security.NONE,
            username=point,
            password_sealed=seal(server.password),
            takes_existing=True,
            deletes_after_intake=True,
        )
        client = imaplib.IMAP4(server.host, server.port)
        client.login(point, server.password)
        mails = [raw_mail(text=f"mail {number}") for number in range(5)]
        for mail in mails:
            client.append("INBOX", None, None, mail)
        assert killed(run_script(FETCH.format(pk=source.pk, now=NOW.isoformat()), crash_at=point))
        assert not killed(run_script(FETCH.format(pk=source.pk, now=NOW.isoformat())))
        left = client.select("INBOX")[1]
        client.logout()
    for arrival in IncomingMail.objects.filter(state=IncomingMail.State.STORED):
        read_arrival(arrival_id=arrival.pk, now=NOW + timedelta(hours=1))
    assert left == [b"0"]
    stored = sorted(IncomingMail.objects.values_list("raw_id", flat=True))
    assert stored == sorted(hashlib.sha256(mail).hexdigest() for mail in mails)
    assert Message.objects.count() == len(mails)
