"""The mail servers that other tests speak to are real and keep what they are given."""

from __future__ import annotations

import smtplib
import time

import pytest
from imap_tools import MailBoxUnencrypted

from tests.mailservers import dovecot, opensmtpd

pytestmark = pytest.mark.mailserver

MESSAGE = (
    b"From: ana@cliente.example\r\nTo: soporte@firma.example\r\nSubject: Hola\r\n\r\nUna l\xc3\xadnea\r\n"
)


def test_dovecot_keeps_the_bytes_it_is_given() -> None:
    with (
        dovecot() as server,
        MailBoxUnencrypted(server.host, server.port).login("ana", server.password) as box,
    ):
        box.append(MESSAGE, "INBOX")
        [(uid, (raw,))] = [(uid, box.client.uid("fetch", uid, "(BODY.PEEK[])")[1][:1]) for uid in box.uids()]
        assert uid == "1"
        assert raw[1] == MESSAGE


def test_opensmtpd_takes_mail_for_any_address() -> None:
    with opensmtpd() as server, smtplib.SMTP(server.host, server.port, timeout=10) as client:
        client.sendmail("ana@cliente.example", ["soporte@firma.example"], MESSAGE)
        deadline = time.monotonic() + 10
        while not server.delivered() and time.monotonic() < deadline:
            time.sleep(0.05)
        [taken] = server.delivered()
    assert b"Subject: Hola" in taken
    assert "Una línea".encode() in taken
