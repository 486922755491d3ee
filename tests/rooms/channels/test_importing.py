"""Old mail from files: how an mbox is parted, and that one mail that cannot be filed holds up no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ecuanime.channels import actions, jobs
from ecuanime.channels.actions import read_batch
from ecuanime.channels.email import settling
from ecuanime.channels.email.arrivals import Offered, store_arrival, store_arrivals
from ecuanime.channels.email.filing import Filed, Letter
from ecuanime.channels.email.importing import import_mails, mail_files, mails_of
from ecuanime.channels.email.reader import reader
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.tickets.models import Ticket
from tests.factories import NOW, make_firm, make_mailbox
from tests.rooms.channels.mails import raw_mail

State = IncomingMail.State
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


def test_a_maildir_is_taken_whole_and_half_written_mail_left_alone(tmp_path: Path) -> None:
    for place in ("cur/1:2,S", "new/2", "tmp/3", ".Viejo/cur/4:2,", "nota.txt"):
        path = tmp_path / "correo" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(place.encode())
    found = [path.relative_to(tmp_path / "correo").as_posix() for path in mail_files([tmp_path])]
    assert sorted(found) == [".Viejo/cur/4:2,", "cur/1:2,S", "new/2"]


@pytest.fixture
def firm() -> None:
    """A firm with its mailbox."""
    make_firm()
    make_mailbox()


def spoil(monkeypatch: pytest.MonkeyPatch, subject: str) -> None:
    """Let the filing of mails of that subject fail."""
    real = settling.file_mail

    def file_mail(*, letter: Letter, now: datetime) -> Filed:
        if letter.mail.subject == subject:
            raise RuntimeError("filing fails")
        return real(letter=letter, now=now)

    monkeypatch.setattr(settling, "file_mail", file_mail)


@pytest.mark.django_db
def test_one_mail_that_cannot_be_filed_holds_up_no_other_and_stays_stored(
    firm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raws = [raw_mail(subject=subject) for subject in ("uno", "roto", "dos")]
    spoil(monkeypatch, "roto")
    rows = import_mails(raws, mailbox=None, now=NOW, using=reader())
    assert [row.state for row in rows] == [State.FILED, State.STORED, State.FILED]
    monkeypatch.undo()
    later = NOW + timedelta(hours=1)
    rows = import_mails(raws, mailbox=None, now=later, using=reader())
    assert [row.state for row in rows] == [State.FILED] * 3
    assert Ticket.objects.count() == 3
    assert not OutgoingMail.objects.exists(), "nothing is answered"


@pytest.mark.django_db
def test_what_failed_before_is_taken_alone_and_set_aside_in_the_end(
    firm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = store_arrivals(
        offered=[Offered(raw_mail(subject="roto")), Offered(raw_mail())], origin="pipe", now=NOW
    )
    spoil(monkeypatch, "roto")
    assert read_batch(now=NOW) == [bad.pk, good.pk]
    for hour in range(1, 4):
        other = store_arrival(raw=raw_mail(), origin="pipe", now=NOW)
        at = NOW + timedelta(hours=hour)
        assert {tuple(read_batch(now=at)), tuple(read_batch(now=at))} == {(bad.pk,), (other.pk,)}
    bad.refresh_from_db()
    assert (bad.state, bad.reason) == (State.QUARANTINED, "failed_repeatedly")
    assert Ticket.objects.count() == 4


@pytest.mark.django_db
def test_a_slow_mail_does_not_keep_those_behind_it(firm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = store_arrivals(offered=[Offered(raw_mail()) for _ in range(3)], origin="pipe", now=NOW)
    monkeypatch.setattr(actions, "SLOW_SECONDS", -1.0)
    assert read_batch(now=NOW) == [rows[0].pk]
    assert list(IncomingMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]
    monkeypatch.undo()
    assert read_batch(now=NOW) == [rows[1].pk, rows[2].pk]


@pytest.mark.django_db
def test_the_sweep_asks_for_reading_only_when_something_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(actions, "read_soon", lambda: asked.append(True))
    monkeypatch.setattr(jobs, "read_clock", lambda: NOW)
    jobs.read_stored_mails(timestamp=0)
    assert not asked
    store_arrival(raw=raw_mail(), origin="pipe", now=NOW)
    jobs.read_stored_mails(timestamp=0)
    assert asked


@pytest.mark.django_db
def test_mails_of_one_batch_that_are_copies_of_each_other_make_one_ticket(firm: None) -> None:
    raw = raw_mail()
    rows = import_mails(
        [raw, b"Received: from a.example by b.example\r\n" + raw], mailbox=None, now=NOW, using=reader()
    )
    assert [row.state for row in rows] == [State.FILED, State.DUPLICATE]
