"""What a mail looks like when it leaves, whatever was written into it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.message import build_message
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from tests.factories import NOW, make_mailbox

pytestmark = pytest.mark.django_db

BREAKS = [
    "\r\nBcc: x@evil.example",
    "\nBcc: x@evil.example",
    "\rBcc: x",
    "\x00Bcc: x",
    "\u2028Bcc: x",
    "\x85Bcc: x",
]


def mail_with(**fields: object) -> OutgoingMail:
    values: dict[str, object] = {"kind": "personal", "purpose": "reply", "to": ["ana@uno.example"]}
    values |= {"subject": "Asunto", "text": "Hola\n", "now": NOW}
    return queue_mail(**(values | fields))  # type: ignore[arg-type]


def sent(mail: OutgoingMail, mailbox: Mailbox) -> EmailMessage:
    content = build_message(mail, mailbox).as_bytes()
    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("smuggled", BREAKS)
def test_no_field_smuggles_a_header_in(smuggled: str) -> None:
    mailbox = make_mailbox()
    mailbox.display_name = f"Soporte{smuggled}"
    file = FileToSend(store(b"x"), f"a{smuggled}.pdf", f"application/pdf{smuggled}")
    mail = mail_with(
        subject=f"Asunto{smuggled}",
        in_reply_to=f"<a@b>{smuggled}",
        references=f"<a@b>{smuggled}",
        files=[file],
    )
    message = sent(mail, mailbox)
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
        *("Content-Type", "MIME-Version"),
    }
    assert message["References"] == "<a@b>"


@pytest.mark.parametrize("smuggled", BREAKS)
@pytest.mark.parametrize("field", ["to", "cc", "reply_to"])
def test_an_address_with_a_line_break_is_refused_and_nothing_written(field: str, smuggled: str) -> None:
    value = f"ana{smuggled}@uno.example"
    with pytest.raises(Refused) as refused:
        mail_with(**{field: value if field == "reply_to" else [value]})
    assert refused.value.code == "bad_address"
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "address", ["", "ana", "a b@uno.example", "ana@uno.example,b@x.example", '"a"@b.example', "@x"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused) as refused:
        mail_with(to=[address])
    assert refused.value.code == "bad_address"
    assert not OutgoingMail.objects.exists()


def test_nobody_or_too_many_to_write_to_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        mail_with(to=[])
    assert refused.value.code == "no_address"
    with pytest.raises(Refused) as refused:
        mail_with(to=[f"a{number}@uno.example" for number in range(51)])
    assert refused.value.code == "too_many_addresses"
    assert not OutgoingMail.objects.exists()


def test_spanish_text_names_and_domains_arrive_as_written() -> None:
    mailbox = make_mailbox(display_name="Soporte «Ñandú», S.L.")
    mail = mail_with(
        subject="¿Por qué " + "señor " * 30 + "?", text="Año y 😀\n.\nfin\n", to=["ana@señal.example"]
    )
    message = sent(mail, mailbox)
    assert message["Subject"] == mail.subject
    assert message["From"].addresses[0].display_name == mailbox.display_name
    assert message["To"].addresses[0].addr_spec == "ana@xn--seal-hqa.example"
    assert message.get_content().splitlines() == ["Año y 😀", ".", "fin"]


def test_long_message_ids_are_neither_encoded_nor_broken() -> None:
    ids = [f"<{'x' * 150}.{number}@mail.example>" for number in range(15)]
    mail = mail_with(in_reply_to=ids[-1], references=" ".join(ids))
    content = build_message(mail, make_mailbox()).as_bytes()
    assert all(one.encode() in content for one in ids)
    assert b"=?" not in content


def test_automatic_mail_says_so_and_a_persons_does_not() -> None:
    mailbox = make_mailbox()
    automatic = sent(mail_with(kind="automatic", purpose="acknowledgement"), mailbox)
    assert automatic["Auto-Submitted"] == "auto-generated"
    assert automatic["X-Auto-Response-Suppress"] == "All"
    assert automatic["X-Ecuanime-Loop"] == "acknowledgement"
    answer = sent(mail_with(kind="automatic", in_reply_to="<a@b>"), mailbox)
    assert answer["Auto-Submitted"] == "auto-replied"
    personal = sent(mail_with(), mailbox)
    assert not {"Auto-Submitted", "X-Auto-Response-Suppress", "X-Ecuanime-Loop"} & set(personal.keys())


def test_html_goes_beside_the_text_and_files_under_their_names() -> None:
    files = [
        FileToSend(
            store(b"%PDF-1"),
            "factura del año nuevo, más larga que una línea.pdf",
            "application/pdf",
        ),
        FileToSend(store(b"texto\n"), "../notas.txt", "text/plain"),
    ]
    message = sent(mail_with(html="<p>Hola</p>", files=files), make_mailbox())
    body, *attached = list(message.iter_parts())
    assert body.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_filename() for part in attached] == [files[0].name, ".._notas.txt"]
    assert [part.get_content() for part in attached] == [b"%PDF-1", b"texto\n"]


def test_the_same_key_is_one_mail() -> None:
    first = mail_with(idempotency_key="invoice:1")
    assert mail_with(idempotency_key="invoice:1", text="otra") == first
    assert OutgoingMail.objects.count() == 1
