"""Mail that leaves, read by a second reader: plain lines of bytes, as a relay splits them, and the old email parser."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import compat32
from email.utils import getaddresses

import pytest

from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.message import build_message
from ecuanime.foundation.files import store
from tests.factories import NOW, make_mailbox

pytestmark = pytest.mark.django_db

BREAKS = (
    "\r\n",
    "\n",
    "\r",
    "\x00",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\r\n ",
    "=?utf-8?q?=0D=0A?=",
    ",",
    ";",
)
RECIPIENTS = {"ana@uno.example", "berta@uno.example"}
NAMES = {
    "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type",
}  # fmt: skip


def field_names(content: bytes) -> set[str]:
    """The names of the headers, as a relay finds them: lines up to the first empty one, folded ones apart."""
    head = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n")[0]
    return {
        line.split(b":")[0].decode().lower() for line in head.split(b"\n") if line[:1] not in (b" ", b"\t")
    }


def addresses(content: bytes) -> set[str]:
    """Who would get the mail, as the old parser reads it."""
    message = message_from_bytes(content, policy=compat32)
    lists = [message.get_all(name) or [] for name in ("To", "Cc", "Bcc", "Resent-To")]
    return {address for _name, address in getaddresses([str(each) for one in lists for each in one])}


@pytest.mark.parametrize("separator", BREAKS)
def test_another_reader_finds_the_same_recipients_and_headers(separator: str) -> None:
    smuggled = f"{separator}Bcc: eva@evil.example{separator}{separator}<b>"
    mailbox = make_mailbox()
    mailbox.display_name = f"Soporte{smuggled}"
    mail = queue_mail(
        kind="personal",
        purpose="reply",
        to=["ana@uno.example"],
        cc=["berta@uno.example"],
        subject=f"Asunto{smuggled}",
        text=f"Hola{smuggled}",
        in_reply_to=f"<a@b>{smuggled}",
        references=f"<a@b>{smuggled}",
        files=[FileToSend(store(b"x"), f"a{smuggled}.pdf", "application/pdf")],
        now=NOW,
    )
    content = build_message(mail, mailbox).as_bytes()
    assert addresses(content) == RECIPIENTS
    assert field_names(content) == NAMES


def test_control_the_other_reader_sees_a_smuggled_header() -> None:
    content = b"To: ana@uno.example\r\nSubject: x\r\nBcc: eva@evil.example\r\n\r\nHola"
    assert addresses(content) == {"ana@uno.example", "eva@evil.example"}
    assert field_names(content) == {"to", "subject", "bcc"}
