"""What a mail gives once parsed: headers, words, attachments, automatic mail and bounces, also when damaged."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest

from ecuanime.channels.email.reading.filenames import MAX_BYTES, safe_name
from ecuanime.channels.email.reading.headers import parse_addresses, parse_date
from ecuanime.channels.email.reading.message import LOOP_HEADER, Address, ParsedMail
from ecuanime.channels.email.reading.parse import parse


def _mail(headers: str = "", body: bytes = b"hola\r\n") -> ParsedMail:
    head = "From: Ana <ana@example.com>\r\nTo: soporte@example.org\r\n" + headers
    return parse(
        head.replace("\n", "\r\n").replace("\r\r", "\r").encode("latin-1", "surrogateescape") + b"\r\n" + body
    )


def _typed(content_type: str, body: bytes, encoding: str = "8bit") -> ParsedMail:
    return _mail(f"Content-Type: {content_type}\nContent-Transfer-Encoding: {encoding}\n", body)


def _multipart(kind: str, *parts: bytes) -> ParsedMail:
    body = b"".join(b"--=_b\r\n" + part + b"\r\n" for part in parts) + b"--=_b--\r\n"
    return _mail(f'Content-Type: multipart/{kind}; boundary="=_b"\n', body)


def test_the_ordinary_headers() -> None:
    mail = _mail(
        "Cc: Luis <luis@EXAMPLE.net>, eva@example.net\nReply-To: otra@example.com\nSender: sec@example.com\n"
        "Subject: =?utf-8?b?w4F1ZGlv?= roto\nMessage-ID: <1@x>\nIn-Reply-To: <0@x>\nReferences: <a@x>\n <b@x> <0@x>\n"
        "Date: Mon, 9 Nov 2026 10:00:00 +0100\nDelivered-To: soporte+abc@example.org\nX-Original-To: s@example.org\n"
        "Authentication-Results: mx.example.org; spf=pass\nReturn-Path: <ana@example.com>\n"
    )
    assert mail.author == Address("Ana", "ana@example.com")
    assert mail.author.local_part == "ana"
    assert mail.cc == (Address("Luis", "luis@example.net"), Address("", "eva@example.net"))
    assert mail.reply_to[0].address == "otra@example.com"
    assert mail.sender == Address("", "sec@example.com")
    assert mail.subject == "Áudio roto"
    assert (mail.message_id, mail.in_reply_to) == ("<1@x>", ("<0@x>",))
    assert mail.references == ("<a@x>", "<b@x>", "<0@x>")
    assert mail.date == datetime(2026, 11, 9, 10, tzinfo=timezone(timedelta(hours=1)))
    assert mail.delivered_to == ("soporte+abc@example.org", "s@example.org")
    assert mail.authentication_results == ("mx.example.org; spf=pass",)
    assert mail.return_path == "ana@example.com"
    assert mail.automatic.answerable
    assert mail.bounce is None
    assert mail.defects == ()


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"just words", b"\x00\xff\xfe", b":\r\n:\r\n\r\n", b"\xef\xbb\xbfSubject: x\n\n"]
)
def test_any_bytes_are_a_mail_of_some_kind(raw: bytes) -> None:
    assert isinstance(parse(raw), ParsedMail)


def test_a_mail_without_headers_keeps_its_words() -> None:
    mail = parse(b"Solo palabras\nsin cabeceras\n")
    assert "sin cabeceras" in mail.body_text
    assert "headers_missing" in mail.defects


def test_a_header_folded_over_a_blank_line_goes_on() -> None:
    assert _mail("Subject: uno\n \n\tdos\nX-After: y\n").subject.split() == ["uno", "dos"]


def test_a_separator_of_blanks_still_ends_the_headers() -> None:
    assert parse(b"Subject: uno\r\n \r\nHola a todos\r\n").body_text == "Hola a todos\n"


def test_two_from_headers_are_named_as_a_defect() -> None:
    mail = _mail("From: Jefe <jefe@example.org>\n")
    assert mail.author is not None
    assert mail.author.address == "ana@example.com"
    assert "from_repeated" in mail.defects


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Pérez, Ana" <a@x.es>, b@x.es', [("Pérez, Ana", "a@x.es"), ("", "b@x.es")]),
        ("a@x.es (Ana (de aquí))", [("Ana (de aquí)", "a@x.es")]),
        ("Equipo: a@x.es, b@x.es;, c@x.es", [("", "a@x.es"), ("", "b@x.es"), ("", "c@x.es")]),
        ("=?utf-8?q?a=40banco=2Ees?= <mal@x.es>", [("a@banco.es", "mal@x.es")]),
        ('"jefe@x.es" <mal@y.es>', [("jefe@x.es", "mal@y.es")]),
        ("undisclosed-recipients:;", []),
        ("<@a,@b:c@x.es>", [("", "c@x.es")]),
        ('"abierto <a@x.es>', [("abierto", "a@x.es")]),
        ("", []),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
    ],
)
def test_addresses_of_the_wild(value: str, expected: list[tuple[str, str]]) -> None:
    found = [(one.name, one.address) for one in parse_addresses(value)]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mañana",
        "Mon, 32 Nov 2026 99:99:99 +0100",
        "Thu, 1 Jan 1900 00:00:00 +0000",
        "9" * 10_000,
        "1 1 1 1 1 +99999999",
    ],
)
def test_a_broken_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_without_zone_counts_as_utc() -> None:
    assert parse_date("9 Nov 2026 10:00:00 -0000 (hora)") == datetime(2026, 11, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/plain; charset=utf-8", "año".encode(), "año"),
        ("text/plain; charset=utf-8", "año".encode("cp1252"), "año"),
        ("text/plain; charset=iso-8859-1", "año".encode(), "año"),
        ("text/plain; charset=iso-8859-1", "10 € “ya”".encode("cp1252"), "10 € “ya”"),
        ("text/plain; charset=us-ascii", "año".encode("cp1252"), "año"),
        ("text/plain; charset=unknown-8bit", "año".encode(), "año"),
        ("text/plain", "año".encode("cp1252"), "año"),
        ("text/plain; charset=gb2312", "镕體".encode("gb18030"), "镕體"),
        ("text/plain; charset=iso-2022-jp", "まみむ".encode("iso2022_jp"), "まみむ"),
        ("text/plain; charset=iso-2022-jp", "①".encode("iso2022_jp_2004"), "①"),
        ("text/plain; charset=shift_jis", "①㈱".encode("cp932"), "①㈱"),
        ("text/plain; charset=ks_c_5601-1987", "한국말".encode("cp949"), "한국말"),
        ("text/plain; charset=koi8-r", "привет".encode("koi8-r"), "привет"),
        ("text/plain; charset=iso-8859-8-i", "שלום".encode("iso8859-8"), "שלום"),
        ("text/plain; charset=windows-874", "สวัสดี".encode("cp874"), "สวัสดี"),
        ("text/plain; charset=x-mac-cyrillic", "привет".encode("mac-cyrillic"), "привет"),
        ("text/plain; charset=cp-850", "año".encode("cp850"), "año"),
        ("text/plain; charset=koi8-ru", "привіт".encode("koi8-u"), "привіт"),
        ("text/plain; charset=cn-gb", "你好".encode("gb18030"), "你好"),
        ("text/plain; charset=x-x-big5", "你好".encode("big5"), "你好"),
        ("text/plain; charset=windows-949", "똠방".encode("cp949"), "똠방"),
        ("text/plain; charset=no-such", b"hola", "hola"),
        ("text/plain; charset=idna", b"hola", "hola"),
        ("text/plain; charset=utf-16", "año".encode("utf-16"), "año"),
        ("text/plain; charset=utf-8", b"uno\x00dos\x0b", "unodos"),
        ("text/plain; charset=utf-8", b"\xef\xbb\xbfhola", "hola"),
    ],
)
def test_charsets_of_the_wild(content_type: str, body: bytes, expected: str) -> None:
    assert _typed(content_type, body).body_text == expected


def test_utf7_is_not_decoded() -> None:
    assert "<script>" not in _typed("text/html; charset=utf-7", b"+ADw-script+AD4-").body_html


def test_a_mostly_right_utf8_text_stays_utf8() -> None:
    broken = ("canción número año ".encode() * 5) + b"\xc3"
    assert "canción" in _typed("text/plain; charset=utf-8", broken).body_text


@pytest.mark.parametrize(
    ("encoding", "body", "expected", "doubt"),
    [
        ("base64", b"aG9sYQ==\r\n", b"hola", None),
        ("base64", b"aG9s!!YQ==", b"hola", "base64_damaged"),
        ("base64", b"aG9sYQ", b"hola", None),
        ("base64", b"aG9sYQ==aG9sYQ==", b"holahola", "base64_damaged"),
        ("base64", b"aG9sY", b"hol", "base64_damaged"),
        ("quoted-printable", b"a=F1o =\r\nsigue =ZZ", b"a\xf1o sigue =ZZ", None),
        ("x-uuencode", b"begin 644 a\n$:&]L80  \n`\nend\n", b"hola", None),
        ("x-nothing", b"hola", b"hola", "encoding_unknown"),
    ],
)
def test_transfer_encodings_also_when_damaged(
    encoding: str, body: bytes, expected: bytes, doubt: str | None
) -> None:
    mail = _multipart(
        "mixed",
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.bin\r\n"
        b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body,
    )
    (attachment,) = mail.attachments
    assert (attachment.content, attachment.ambiguous) == (expected, doubt)


def test_two_different_encodings_are_ambiguous() -> None:
    mail = _multipart(
        "mixed",
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n\r\naG9sYQ==",
    )
    assert mail.attachments[0].ambiguous == "encoding_repeated"


def test_alternatives_give_one_text_and_one_html() -> None:
    mail = _multipart(
        "alternative",
        b"Content-Type: text/plain\r\n\r\nhola",
        b"Content-Type: text/html\r\n\r\n<p>hola</p>",
        b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR",
    )
    assert (mail.body_text, mail.body_html) == ("hola", "<p>hola</p>")
    assert [(one.name, one.media_type) for one in mail.attachments] == [("text-3.ics", "text/calendar")]


def test_words_that_exist_only_as_html_are_not_half_hidden_behind_a_footer() -> None:
    mail = _multipart(
        "mixed", b"Content-Type: text/html\r\n\r\n<p>hola</p>", b"Content-Type: text/plain\r\n\r\n<lista>"
    )
    assert mail.body_text == ""
    assert mail.body_html == "<p>hola</p>\n<pre>&lt;lista&gt;</pre>"


def test_an_enclosed_mail_is_kept_byte_for_byte() -> None:
    inner = b"Subject: =?utf-8?q?a=C3=B1o?=\r\nFrom: x@y\r\n\r\n  raro =20\r\n"
    mail = _multipart("mixed", b"Content-Type: message/rfc822\r\n\r\n" + inner)
    (attachment,) = mail.attachments
    assert attachment.name == "año.eml"
    assert attachment.content == inner


def test_winmail_is_an_opaque_attachment() -> None:
    mail = _multipart("mixed", b'Content-Type: application/ms-tnef; name="winmail.dat"\r\n\r\n\x78\x9f')
    assert [(one.name, one.content) for one in mail.attachments] == [("winmail.dat", b"\x78\x9f")]


def test_an_inline_image_keeps_its_content_id() -> None:
    mail = _multipart(
        "related",
        b"Content-Type: text/html\r\n\r\n<img src='cid:a@b'>",
        b"Content-Type: image/png; name=l.png\r\nContent-ID: <a@b>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(b"png"),
    )
    assert [(one.content_id, one.inline, one.content) for one in mail.attachments] == [("a@b", True, b"png")]


def test_a_lost_boundary_and_a_missing_end_lose_no_words() -> None:
    body = b"--real\r\nContent-Type: text/plain\r\n\r\nhola\r\n"
    guessed = _mail('Content-Type: multipart/mixed; boundary="otra"\n', body)
    assert guessed.body_text.strip() == "hola"
    assert "boundary_missing" in guessed.defects
    assert "end_missing" in guessed.defects
    assert "sin partes" in _mail("Content-Type: multipart/mixed; boundary=x\n", b"sin partes").body_text


def test_flowed_text_is_joined_within_one_quote_depth() -> None:
    mail = _typed('text/plain; format="flowed"', b"uno \r\ndos\r\n> q \r\n> r\r\n-- \r\nfirma\r\n", "7bit")
    assert mail.body_text == "uno dos\n> q r\n-- \nfirma\n"


def test_two_thousand_levels_end_in_a_defect() -> None:
    levels = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(2_000)
    )
    mail = parse(b"Content-Type: multipart/mixed; boundary=b0\n\n" + levels)
    assert "nested_too_deep" in mail.defects


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\cmd.exe", "cmd.exe"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("a\x00b\r\n.txt", "ab .txt"),
        ("CON.txt", "_CON.txt"),
        ("...", "attachment-3.pdf"),
        ("", "attachment-3.pdf"),
        ('a"<b>|?.txt', "a__b___.txt"),
        ("año.pdf", "año.pdf"),
    ],
)
def test_file_names_are_made_safe(offered: str, expected: str) -> None:
    assert safe_name(offered, "application/pdf", 3) == expected


def test_a_long_file_name_keeps_its_extension() -> None:
    name = safe_name("ñ" * 400 + ".pdf", "application/pdf", 1)
    assert len(name.encode()) <= MAX_BYTES
    assert name.endswith("ñ.pdf")


@pytest.mark.parametrize(
    "disposition",
    [
        "filename*=UTF-8''a%C3%B1o.txt",
        "filename*0*=UTF-8''a%C3; filename*1*=%B1o; filename*2=.txt",
        'filename="=?utf-8?q?a=C3=B1o=2Etxt?="',
        "filename=\"ano.txt\"; filename*=iso-8859-1''a%F1o.txt",
    ],
)
def test_file_names_in_every_spelling(disposition: str) -> None:
    mail = _multipart(
        "mixed",
        b"Content-Type: text/plain\r\nContent-Disposition: attachment; "
        + disposition.encode()
        + b"\r\n\r\nx",
    )
    assert mail.attachments[0].name == "año.txt"


@pytest.mark.parametrize(
    ("headers", "reason", "is_reply"),
    [
        ("Auto-Submitted: auto-replied (vacation)\n", "auto_submitted", True),
        ("Auto-Submitted: auto-generated\n", "auto_submitted", False),
        ("Precedence: bulk\n", "precedence", False),
        ("Precedence: auto_reply\n", "precedence", True),
        ("List-Id: <x.example.org>\n", "list", False),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply\n", "response_suppressed", False),
        ("X-Autoreply: yes\n", "auto_reply_header", True),
        ("X-Loop: me\n", "x_loop", False),
        (f"{LOOP_HEADER}: abc\n", "own_loop", False),
        ("Return-Path: <>\n", "null_return_path", False),
        ("X-Failed-Recipients: a@b.example\n", "report", False),
        (
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n",
            "report",
            True,
        ),
        ("Subject: Respuesta automática: fuera\n".encode().decode("latin-1"), "subject", False),
    ],
)
def test_automatic_mail_is_known_and_never_answered(headers: str, reason: str, is_reply: bool) -> None:
    automatic = _mail(headers).automatic
    assert reason in automatic.reasons
    assert automatic.is_reply is is_reply
    assert not automatic.answerable


@pytest.mark.parametrize(
    ("local_part", "reason"),
    [
        ("no-reply", "no_reply"),
        ("noreply+7", "no_reply"),
        ("info-donotreply", "no_reply"),
        ("MAILER-DAEMON", "daemon"),
        ("postmaster", "daemon"),
    ],
)
def test_addresses_nobody_reads(local_part: str, reason: str) -> None:
    assert reason in parse(f"From: <{local_part}@x.example>\n\nhola".encode()).automatic.reasons


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: no\n",
        "Precedence: first-class\n",
        "X-Autoreply: no\n",
        "Subject: Automatizar respuestas\n",
        "",
    ],
)
def test_a_person_is_not_taken_for_a_machine(headers: str) -> None:
    assert _mail(headers).automatic.answerable


def test_our_own_mark_is_read_back() -> None:
    assert _mail(f"{LOOP_HEADER}: firma-7\n").loop_marks == ("firma-7",)


def test_a_bounce_names_the_mail_and_each_recipient() -> None:
    mail = _mail(
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n',
        b"--=_b\r\nContent-Type: text/plain\r\n\r\nno\r\n"
        b"--=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; eva@example.net\r\nAction: failed\r\nStatus: 5.1.1 (nobody)\r\n"
        b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        b"Final-Recipient: rfc822; luis@example.net\r\nAction: delayed\r\n"
        b"Status: 4.2.2\r\n\r\n"
        b"--=_b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@x>\r\n\r\n--=_b--\r\n",
    )
    assert mail.bounce is not None
    assert mail.bounce.original_message_id == "<ours@x>"
    found = [(one.address, one.action, one.status) for one in mail.bounce.recipients]
    assert found == [("eva@example.net", "failed", "5.1.1"), ("luis@example.net", "delayed", "4.2.2")]
    assert mail.bounce.final


def test_what_the_standard_library_writes_is_read_back() -> None:
    message = EmailMessage()
    message["From"] = "José Ñúñez <jose@example.com>"
    message["Subject"] = "Presupuesto nº 5 — revisión"
    message.set_content("Línea uno\n" * 50)
    message.add_alternative("<p>Línea</p>", subtype="html")
    message.add_attachment(b"\x00\xff" * 999, maintype="application", subtype="zip", filename="año ñandú.zip")
    mail = parse(message.as_bytes())
    assert mail.author == Address("José Ñúñez", "jose@example.com")
    assert mail.subject == "Presupuesto nº 5 — revisión"
    assert mail.body_text == "Línea uno\n" * 50
    assert mail.body_html == "<p>Línea</p>\n"
    assert [(one.name, one.content) for one in mail.attachments] == [("año ñandú.zip", b"\x00\xff" * 999)]
