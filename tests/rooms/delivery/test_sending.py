"""Sending the outbox through a real SMTP server: what is taken, refused, deferred, dropped and captured."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.delivery import outbox
from ecuanime.delivery.actions import FileToSend, queue_mail, record_bounce, send_again
from ecuanime.delivery.models import Mailbox, OutgoingMail, Security
from ecuanime.delivery.outbox import send_due_mails, send_mail
from ecuanime.foundation import files
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import seal
from tests.factories import NOW, make_firm, make_mailbox
from tests.rooms.delivery.conftest import PostOffice

pytestmark = pytest.mark.django_db

State = OutgoingMail.State
ANA, BEA, CAI = "ana@uno.example", "bea@uno.example", "cai@dos.example"


def queued(*to: str, **fields: object) -> OutgoingMail:
    values: dict[str, object] = {
        "kind": "personal",
        "purpose": "reply",
        "subject": "Re: hola",
        "text": "Ya está.",
    }
    return queue_mail(to=to or (ANA,), now=NOW, **(values | fields))  # type: ignore[arg-type]


def again(mail: OutgoingMail) -> OutgoingMail:
    mail.refresh_from_db()
    return mail


def test_a_mail_is_sent_to_all_its_addresses_at_once(mailbox: Mailbox, post_office: PostOffice) -> None:
    mail = queued(ANA, cc=[CAI])
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.SENT
    assert mail.sent_at == NOW
    assert mail.next_due_at is None
    assert mail.accepted_recipients == [ANA, CAI]
    assert post_office.arrived[0][0] == [ANA, CAI]
    assert post_office.mail()["Message-ID"] == mail.message_id
    assert send_mail(mail.pk, NOW) is None, "a sent mail is not sent again"
    assert len(post_office.arrived) == 1


def test_only_a_refused_address_is_left_out_and_it_is_told(mailbox: Mailbox, post_office: PostOffice) -> None:
    post_office.answers[BEA] = "550 5.1.1 no such mailbox"
    mail = queued(ANA, BEA, CAI)
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.SENT
    assert mail.refused_recipients == [BEA]
    assert mail.error == f"{BEA}: 550 5.1.1 no such mailbox"


def test_only_a_deferred_address_is_tried_again_with_the_same_message_id(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    post_office.answers[BEA] = "451 4.7.1 greylisted"
    mail = queued(ANA, BEA)
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.QUEUED
    assert mail.next_due_at == NOW + timedelta(minutes=1)
    assert "greylisted" in mail.error
    assert send_mail(mail.pk, NOW + timedelta(seconds=59)) is None, "not due yet"
    del post_office.answers[BEA]
    send_mail(mail.pk, NOW + timedelta(minutes=1))
    assert again(mail).state == State.SENT
    assert mail.error == ""
    assert [to for to, _ in post_office.arrived] == [[ANA], [BEA]]
    assert post_office.mail(0)["Message-ID"] == post_office.mail(1)["Message-ID"]


def test_pauses_grow_and_after_three_days_it_is_given_up(mailbox: Mailbox, post_office: PostOffice) -> None:
    post_office.answers[ANA] = "452 4.2.2 mailbox full"
    mail, now, pauses = queued(ANA), NOW, []
    while again(mail).state == State.QUEUED:
        assert mail.next_due_at
        pauses.append(int((mail.next_due_at - now).total_seconds() // 60))
        now = mail.next_due_at
        send_mail(mail.pk, now)
    assert pauses[:7] == [0, 1, 5, 15, 60, 120, 240]
    assert max(pauses) == 360
    assert mail.state == State.FAILED
    assert timedelta(days=3) <= now - NOW <= timedelta(days=3, hours=6)
    assert mail.error == f"{ANA}: 452 4.2.2 mailbox full"
    assert mail.refused_recipients == [ANA]


@pytest.mark.parametrize("answer", ["554 5.7.1 looks like spam", "552 5.3.4 too big"])
def test_a_refused_content_fails_at_once(mailbox: Mailbox, post_office: PostOffice, answer: str) -> None:
    post_office.to_content = answer
    mail = queued(ANA)
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.FAILED
    assert mail.error == f"{ANA}: {answer}"
    assert mail.next_due_at is None


def test_a_refused_sender_fails_with_the_servers_words(mailbox: Mailbox, post_office: PostOffice) -> None:
    post_office.to_sender = "553 5.7.1 not your address"
    mail = queued(ANA)
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.FAILED
    assert "553 5.7.1 not your address" in mail.error


def test_a_connection_that_breaks_after_the_last_dot_is_repeated_with_the_same_id(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    post_office.drops_after_content = True
    mail = queued(ANA)
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.QUEUED
    post_office.drops_after_content = False
    send_mail(mail.pk, NOW + timedelta(minutes=1))
    assert again(mail).state == State.SENT
    assert post_office.mail(0)["Message-ID"] == post_office.mail(1)["Message-ID"] == mail.message_id


def test_one_server_that_is_away_holds_up_only_its_own_mail(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    away = Mailbox.objects.create(
        address="otro@nodoalisio.example",
        smtp_host="127.0.0.1",
        smtp_port=1,
        smtp_security=Security.NONE,
    )
    first, second, good = queued(mailbox=away), queued(mailbox=away), queued()
    assert send_due_mails(NOW) == 2
    assert (again(first).state, again(second).state, again(good).state) == (
        State.QUEUED,
        State.QUEUED,
        State.SENT,
    )
    assert first.attempts == 1
    assert second.attempts == 0
    assert "127.0.0.1" in first.error


def test_a_mail_whose_attachment_is_missing_waits_alone(mailbox: Mailbox, post_office: PostOffice) -> None:
    kept = files.store(b"%PDF-1.7")
    broken, good = queued(files=[FileToSend(kept, "factura.pdf", "application/pdf")]), queued()
    files.path_of(kept.pk).unlink()
    assert send_due_mails(NOW) == 2
    assert (again(broken).state, again(good).state) == (State.QUEUED, State.SENT)
    assert (broken.attempts, broken.next_due_at) == (0, NOW + outbox.WITHOUT_SERVER)
    assert "adjunto" in broken.error


def test_a_claim_whose_worker_died_is_due_again_and_nobody_else_takes_it_before(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    mail = queued()
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.SENDING, claimed_at=NOW, next_due_at=NOW + timedelta(minutes=15)
    )
    assert send_due_mails(NOW + timedelta(minutes=14)) == 0
    assert send_due_mails(NOW + timedelta(minutes=15)) == 1
    assert again(mail).state == State.SENT


def test_without_encryption_no_other_machine_is_spoken_to(mailbox: Mailbox) -> None:
    mailbox.smtp_host = "192.0.2.1"
    mailbox.save()
    mail = queued()
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.QUEUED
    assert "STARTTLS" in mail.error


@pytest.mark.parametrize("is_demo", [True, False])
def test_without_a_mailbox_a_demo_captures_and_a_firm_waits_and_says_why(is_demo: bool) -> None:
    make_firm(is_demo=is_demo)
    mail = queued()
    send_mail(mail.pk, NOW)
    assert again(mail).state == (State.CAPTURED if is_demo else State.QUEUED)
    assert bool(mail.error) is not is_demo
    assert mail.attempts == 0


def test_a_mail_that_waited_for_a_mailbox_leaves_through_it(post_office: PostOffice) -> None:
    mail = queued()
    send_mail(mail.pk, NOW)
    make_mailbox(
        captures=False, smtp_host="127.0.0.1", smtp_port=post_office.port, smtp_security=Security.NONE
    )
    send_mail(mail.pk, NOW + timedelta(hours=90))
    assert again(mail).state == State.SENT


def test_a_mailbox_that_captures_keeps_the_mail(post_office: PostOffice, mailbox: Mailbox) -> None:
    mailbox.captures = True
    mailbox.save()
    mail = queued()
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.CAPTURED
    assert post_office.arrived == []


def test_a_password_nobody_can_open_keeps_the_mail_waiting(mailbox: Mailbox, post_office: PostOffice) -> None:
    mailbox.smtp_username, mailbox.smtp_password_sealed = "irene", seal("x")[:-4] + "AAAA"
    mailbox.save()
    mail = queued()
    send_mail(mail.pk, NOW)
    assert again(mail).state == State.QUEUED
    assert mail.error
    assert post_office.arrived == []


def test_a_failed_mail_is_sent_again_by_hand_to_whom_it_did_not_reach(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    post_office.answers[BEA] = "550 no"
    mail = queued(ANA, BEA)
    send_mail(mail.pk, NOW)
    del post_office.answers[BEA]
    send_again(mail=mail, now=NOW + timedelta(hours=1))
    send_mail(mail.pk, NOW + timedelta(hours=1))
    assert again(mail).state == State.SENT
    assert [to for to, _ in post_office.arrived] == [[ANA], [BEA]]


def test_a_mail_that_arrived_is_not_sent_again(mailbox: Mailbox) -> None:
    mail = queued()
    send_mail(mail.pk, NOW)
    with pytest.raises(Refused) as refused:
        send_again(mail=mail, now=NOW)
    assert refused.value.code == "not_failed"
    assert again(mail).state == State.SENT


def test_a_bounce_is_noted_once_and_only_for_whom_it_was_written_to(mailbox: Mailbox) -> None:
    mail = queued(ANA, BEA)
    send_mail(mail.pk, NOW)
    for _ in range(2):
        noted = record_bounce(
            message_id=mail.message_id,
            addresses=["ANA@uno.example", "x@tres.example"],
            words="5.1.1\ngone",
            now=NOW,
        )
        assert noted == mail
    assert again(mail).state == State.BOUNCED
    assert mail.refused_recipients == [ANA]
    assert mail.error == f"{ANA}: 5.1.1 gone"


def test_a_bounce_of_nothing_of_ours_changes_nothing(mailbox: Mailbox) -> None:
    mail = queued()
    assert record_bounce(message_id="<x@otro.example>", addresses=[ANA], words="no", now=NOW) is None
    record_bounce(message_id=mail.message_id, addresses=["x@tres.example"], words="no", now=NOW)
    record_bounce(message_id=mail.message_id, addresses=[ANA], words="not even sent", now=NOW)
    assert again(mail).state == State.QUEUED
    assert mail.error == ""


def test_a_mail_that_cannot_be_built_keeps_no_other_waiting(
    mailbox: Mailbox, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = queued(), queued()
    build = outbox.build_message

    def build_or_fail(mail: OutgoingMail, box: Mailbox) -> object:
        if mail.pk == broken.pk:
            raise ValueError("broken")
        return build(mail, box)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "build_message", build_or_fail)
        assert send_due_mails(NOW) == 1
    assert (again(broken).state, again(whole).state) == (State.SENDING, State.SENT)
    assert send_due_mails(NOW + outbox.CLAIM_LASTS) == 1
    assert again(broken).state == State.SENT
