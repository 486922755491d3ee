"""The firm's mailboxes set up."""

from dataclasses import replace

import pytest

from ecuanime.channels.mailboxes import MailboxSettings, set_up_mailbox, start_fetching, stop_fetching
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import unseal
from tests.factories import NOW

pytestmark = pytest.mark.django_db
GIVEN = MailboxSettings(
    address="Soporte@Nodo.example",
    username="soporte",
    password="secreta",
    smtp_host="smtp.nodo.example",
    imap_host="imap.nodo.example",
)


def test_the_first_mailbox_is_the_default_and_is_not_fetched_before_it_is_started() -> None:
    first = set_up_mailbox(mailbox=None, settings=GIVEN, now=NOW)
    second = set_up_mailbox(mailbox=None, settings=replace(GIVEN, address="otro@nodo.example"), now=NOW)
    assert (first.address, first.is_default, second.is_default) == ("soporte@nodo.example", True, False)
    source = ImapSource.objects.get(mailbox=first)
    assert not source.is_active
    assert unseal(source.password_sealed) == "secreta"
    assert start_fetching(mailbox=first, now=NOW).next_due_at == NOW
    stop_fetching(mailbox=first, now=NOW)
    source.refresh_from_db()
    assert not source.is_active


def test_an_empty_password_keeps_the_one_kept_and_another_place_begins_anew() -> None:
    box = set_up_mailbox(mailbox=None, settings=GIVEN, now=NOW)
    start_fetching(mailbox=box, now=NOW)
    ImapSource.objects.update(uid_validity=7, last_uid=99)
    set_up_mailbox(mailbox=box, settings=replace(GIVEN, password="", display_name="Nodo"), now=NOW)
    source = ImapSource.objects.get()
    assert (source.is_active, source.last_uid, unseal(source.password_sealed)) == (True, 99, "secreta")
    set_up_mailbox(mailbox=box, settings=replace(GIVEN, imap_host="otro.nodo.example"), now=NOW)
    source.refresh_from_db()
    assert (source.is_active, source.uid_validity, source.last_uid) == (False, None, 0)


def test_another_port_is_the_same_place_and_old_mail_may_be_asked_for_later() -> None:
    box = set_up_mailbox(mailbox=None, settings=GIVEN, now=NOW)
    start_fetching(mailbox=box, now=NOW)
    ImapSource.objects.update(uid_validity=7, last_uid=99)
    set_up_mailbox(mailbox=box, settings=replace(GIVEN, imap_port=143), now=NOW)
    source = ImapSource.objects.get()
    assert (source.port, source.uid_validity, source.last_uid) == (143, 7, 99)
    set_up_mailbox(mailbox=box, settings=replace(GIVEN, takes_existing=True), now=NOW)
    source.refresh_from_db()
    assert (source.uid_validity, source.last_uid) == (7, 0)
    ImapSource.objects.update(last_uid=120)
    set_up_mailbox(mailbox=box, settings=replace(GIVEN, takes_existing=True), now=NOW)
    source.refresh_from_db()
    assert source.last_uid == 120, "asked for once"


def test_a_mailbox_is_refused_and_nothing_is_written() -> None:
    box = set_up_mailbox(mailbox=None, settings=GIVEN, now=NOW)
    before = list(Mailbox.objects.values())
    for address, code in (("no", "bad_email"), ("SOPORTE@nodo.example", "email_taken")):
        with pytest.raises(Refused, check=lambda refusal, code=code: refusal.code == code):
            set_up_mailbox(mailbox=None, settings=replace(GIVEN, address=address), now=NOW)
    assert list(Mailbox.objects.values()) == before
    ImapSource.objects.all().delete()
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "no_source"):
        start_fetching(mailbox=box, now=NOW)
    assert not ImapSource.objects.exists()
