"""Old mail from files: how an mbox is parted, and that one mail that cannot be filed holds up no other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ecuanime.channels import actions, jobs
from ecuanime.channels.email import importing
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.email.importing import import_mail, mails_of
from ecuanime.channels.email.reader import reader
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import OutgoingMail
from tests.factories import NOW, make_firm, make_mailbox
from tests.rooms.channels.mails import raw_mail

FROM = b"From elvira@tierraparda.example Tue Nov 10 08:30:00 2026"
ONE = b"Subject: uno\n\nHola.\n"
TWO = b"Subject: dos\n\nOtra vez.\n"


def parted(tmp_path: Path, content: bytes) -> list[bytes]:
    """The mails of a file with that content."""
    path = tmp_path / "viejo.mbox"
    path.write_bytes(content)
    return list(mails_of(path))


@pytest.mark.parametrize(
    "separator",
    [
        FROM,
        b"From - Tue Nov 10 08:30:00 2026",
        b"From 1234@xxx Tue Nov 10 08:30:00 +0000 2026",
        b"From MAILER-DAEMON Tue Nov 10 08:30 2026 +0100",
    ],
)
def test_an_mbox_is_parted_at_its_separators(tmp_path: Path, separator: bytes) -> None:
    assert parted(tmp_path, separator + b"\n" + ONE + b"\n" + separator + b"\n" + TWO) == [ONE, TWO]


def test_the_last_mail_may_lack_its_line_end_and_lines_may_end_as_on_the_wire(tmp_path: Path) -> None:
    assert parted(tmp_path, FROM + b"\n" + ONE + b"\n" + FROM + b"\nSubject: dos\n\nfin") == [
        ONE,
        b"Subject: dos\n\nfin",
    ]
    wire = ONE.replace(b"\n", b"\r\n")
    assert parted(tmp_path, FROM + b"\r\n" + wire + b"\r\n" + FROM + b"\r\n" + wire + b"\r\n") == [wire, wire]


@pytest.mark.parametrize(
    "line",
    [b"From Juan, 12 de marzo de 2020", b"From: Elvira 10:30 2026", b">From x Tue Nov 10 08:30:00 2026"],
)
def test_a_line_of_the_text_parts_nothing(tmp_path: Path, line: bytes) -> None:
    mail = b"Subject: uno\n\nHola.\n\n" + line + b"\nAdios.\n"
    assert parted(tmp_path, FROM + b"\n" + mail) == [mail]


def test_a_file_of_one_mail_is_taken_whole(tmp_path: Path) -> None:
    assert parted(tmp_path, ONE + b"\n" + FROM + b"\n") == [ONE + b"\n" + FROM + b"\n"]
    assert parted(tmp_path, b"") == [b""]


@pytest.mark.django_db
def test_a_mail_that_cannot_be_filed_stays_stored_and_the_import_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_firm()
    make_mailbox()

    def broken(**_: object) -> None:
        raise RuntimeError("filing fails")

    monkeypatch.setattr(importing, "read_arrival", broken)
    stored = import_mail(raw_mail(), mailbox=None, now=NOW, using=reader())
    assert stored.state == IncomingMail.State.STORED
    monkeypatch.undo()
    assert import_mail(raw_mail(), mailbox=None, now=NOW, using=reader()).state == IncomingMail.State.FILED
    assert not OutgoingMail.objects.exists(), "nothing is answered"


@pytest.mark.django_db
def test_one_mail_that_fails_does_not_hold_up_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    make_firm()
    make_mailbox()
    first, second = (
        store_arrival(raw=raw_mail(), origin=IncomingMail.Origin.PIPE, now=NOW - timedelta(minutes=minutes))
        for minutes in (2, 1)
    )
    real = actions.read_arrival

    def fails_once(*, arrival_id: int, now: object) -> object:
        if arrival_id == first.pk:
            raise RuntimeError("filing fails")
        return real(arrival_id=arrival_id, now=NOW)

    monkeypatch.setattr(jobs, "read_clock", lambda: NOW)
    monkeypatch.setattr(actions, "read_arrival", fails_once)
    jobs.read_stored_mails(timestamp=0)
    second.refresh_from_db()
    assert second.state == IncomingMail.State.FILED
