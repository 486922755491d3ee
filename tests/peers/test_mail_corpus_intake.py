"""The public mails of other projects go in whole: offered = filed + noted + set aside + refused, each with its bytes.

They are not part of this repository: `ECUANIME_TEST_MAILS` names their folder.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import pytest

from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email.imap import BATCH, fetch
from ecuanime.channels.email.importing import Tally, import_mails, mails_of
from ecuanime.channels.email.reading import MailReader
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.delivery.models import OutgoingMail, Security
from ecuanime.foundation.files import is_whole
from ecuanime.foundation.secrets import seal
from ecuanime.tickets.models import Message
from tests.factories import NOW, make_firm, make_mailbox
from tests.mailservers import dovecot

FOLDER = os.environ.get("ECUANIME_TEST_MAILS", "")
STATE = IncomingMail.State

pytestmark = [
    pytest.mark.peers,
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER, reason="ECUANIME_TEST_MAILS names no folder of mails"),
]


def offered() -> list[bytes]:
    """Every file of the folder, as it is."""
    return [path.read_bytes() for path in sorted(Path(FOLDER).rglob("*")) if path.is_file()]


def account_for(raws: list[bytes]) -> Counter[str]:
    """Check the law over all arrivals; returns how many ended in which state."""
    arrivals = list(IncomingMail.objects.all())
    assert {arrival.raw_id for arrival in arrivals} == {hashlib.sha256(raw).hexdigest() for raw in raws}
    assert all(is_whole(arrival.raw_id) for arrival in arrivals)
    states = Counter(arrival.state for arrival in arrivals)
    assert states[STATE.STORED] == 0
    assert all(arrival.reason for arrival in arrivals if arrival.state not in (STATE.FILED,))
    assert states[STATE.FILED] == Message.objects.count()
    answered = OutgoingMail.objects.values_list("to", flat=True)
    automatic = Message.objects.filter(is_automatic=True).values_list("from_email", flat=True)
    assert not {address for to in answered for address in to} & {address.lower() for address in automatic}
    return states


def test_all_go_in_by_import() -> None:
    make_firm()
    make_mailbox()
    tally, raws = Tally(), []
    with MailReader() as reader:
        for path in sorted(Path(FOLDER).rglob("*")):
            if path.is_file():
                for raw in mails_of(path):
                    raws.append(raw)
                    tally.add(import_mails([raw], mailbox=None, now=NOW, using=reader)[0])
    assert tally.offered == len(raws) == sum(tally.states.values())
    states = account_for(raws)
    print("import:", len(raws), dict(states))  # noqa: T201  # the figures of the run
    assert states[STATE.FILED] > len(raws) // 2


@pytest.mark.mailserver
def test_all_go_in_by_imap() -> None:
    make_firm()
    raws = [raw for raw in offered() if raw.strip()]
    with dovecot() as server:
        source = ImapSource.objects.create(
            mailbox=make_mailbox(),
            host=server.host,
            port=server.port,
            security=Security.NONE,
            username="corpus",
            password_sealed=seal(server.password),
            takes_existing=True,
        )
        kept = deliver(raws, server.host, server.port, server.password)
        while fetch(source, now=NOW) == BATCH:
            pass
    assert source.last_error == ""
    with MailReader() as reader:
        for pk in IncomingMail.objects.filter(state=STATE.STORED).values_list("pk", flat=True):
            read_arrival(arrival_id=pk, now=NOW, using=reader)
    states = account_for(kept)
    print("imap:", len(kept), dict(states))  # noqa: T201  # the figures of the run
    assert sum(states.values()) == len(kept)


def deliver(raws: list[bytes], host: str, port: int, password: str) -> list[bytes]:
    """Put the mails into the mailbox and read back what the server then holds: it may end lines its own way."""
    import imaplib

    client = imaplib.IMAP4(host, port)
    client.login("corpus", password)
    client.select("INBOX")
    for raw in raws:
        status, words = client.append("INBOX", None, None, raw.replace(b"\x00", b""))
        assert status == "OK", words
    _status, parts = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
    client.logout()
    return [part[1] for part in parts if isinstance(part, tuple)]
