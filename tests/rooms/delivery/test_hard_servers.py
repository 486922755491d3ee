"""Servers that refuse, break off or dribble at every step: each mail is sent, waits or has failed; none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ecuanime.delivery import smtp
from ecuanime.delivery.models import Mailbox, OutgoingMail, Security
from ecuanime.delivery.outbox import send_due_mails, send_mail
from tests.factories import NOW
from tests.rooms.delivery.scripted import DRIBBLES, DROPS, Scripted, scripted
from tests.rooms.delivery.test_sending import ANA, BEA, again, queued

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
BEFORE_CONTENT = [
    {"CONNECT": "421 4.3.2 too busy"},
    {"CONNECT": "554 5.3.2 not today"},
    {"CONNECT": DROPS},
    {"EHLO": "502 what?", "HELO": "502 what?"},
    {"EHLO": DROPS},
    {"MAIL": "451 4.3.0 later"},
    {"MAIL": DROPS},
    {"RCPT": "450 4.2.0 later"},
    {"RCPT": DROPS},
    {"DATA": "451 4.3.0 later"},
    {"DATA": DROPS},
]
AFTER_CONTENT = [{".": "451 4.3.0 later"}, {".": DROPS}]


@pytest.fixture
def server() -> Iterator[Scripted]:
    """A server that fails as the test says."""
    with scripted() as running:
        yield running


@pytest.fixture
def box(server: Scripted) -> Mailbox:
    """The firm's mailbox, sending through that server."""
    return sending_through(server, "soporte@nodoalisio.example", is_default=True)


def sending_through(server: Scripted, address: str, *, is_default: bool = False) -> Mailbox:
    return Mailbox.objects.create(
        address=address,
        language="en",
        is_default=is_default,
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security=Security.NONE,
    )


@pytest.mark.parametrize("answers", [*BEFORE_CONTENT, *AFTER_CONTENT], ids=str)
def test_a_refusal_at_any_step_is_tried_again_with_the_same_message_id(
    box: Mailbox, server: Scripted, answers: dict[str, str]
) -> None:
    server.answers = answers
    mail = queued()
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.QUEUED
    assert mail.error.startswith(f"{ANA}: ")
    server.answers = {}
    send_mail(mail.pk, NOW + timedelta(minutes=1))
    assert (again(mail).state, mail.error, mail.accepted_recipients) == (State.SENT, "", [ANA])
    assert len(server.taken) == (2 if answers in AFTER_CONTENT else 1)
    assert all(mail.message_id.encode() in content for content in server.taken)


def test_only_when_the_content_was_whole_is_the_outcome_called_unknown(
    box: Mailbox, server: Scripted
) -> None:
    said = {}
    for step in ("RCPT", "."):
        server.answers = {step: DROPS}
        mail = queued()
        send_mail(mail.pk, NOW)
        said[step] = again(mail).error
    assert "it is not known whether it was taken" in said["."]
    assert "not known" not in said["RCPT"], "the control: nothing had been handed over"


def test_the_outbox_adds_up_whatever_the_server_says(box: Mailbox, server: Scripted) -> None:
    mails = []
    for answers in ({}, {"RCPT": "550 5.1.1 nobody"}, {"RCPT": "450 4.2.0 later"}, {".": "554 5.7.1 spam"}):
        server.answers = answers
        mails.append(queued())
        send_mail(mails[-1].pk, NOW)
    states = [again(mail).state for mail in mails]
    assert states == [State.SENT, State.FAILED, State.QUEUED, State.FAILED]
    assert OutgoingMail.objects.count() == len(states)


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "RCPT", "."])
def test_a_server_that_dribbles_is_cut_off_in_time(
    box: Mailbox, server: Scripted, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes well within the time of a step, so only the bound on the whole ends it."""
    monkeypatch.setattr(smtp, "WHOLE_SECONDS", 0.3)
    server.answers = {step: DRIBBLES}
    mail = queued(ANA, BEA)
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.QUEUED
    assert mail.attempts == 1
    assert ("not known" if step == "." else "so slowly") in mail.error
    assert not server.finished.is_set()


def test_control_without_the_bound_a_server_that_dribbles_is_waited_for(
    box: Mailbox, server: Scripted
) -> None:
    server.answers = {"RCPT": DRIBBLES}
    mail = queued()
    send_mail(mail.pk, NOW)
    assert server.finished.is_set()
    assert again(mail).state == State.QUEUED


@pytest.mark.parametrize("step", ["CONNECT", "."])
def test_a_slow_server_is_tried_once_a_round_and_others_mail_leaves(
    box: Mailbox, server: Scripted, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "WHOLE_SECONDS", 0.3)
    server.answers = {step: DRIBBLES}
    with scripted() as quick:
        other = sending_through(quick, "otro@nodoalisio.example")
        slow = [queued(mailbox=box), queued(mailbox=box)]
        good = queued(mailbox=other)
        assert send_due_mails(NOW) == 2
    assert [again(mail).attempts for mail in slow] == [1, 0]
    assert again(good).state == State.SENT
    assert len(quick.taken) == 1
