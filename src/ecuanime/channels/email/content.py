"""What a thread shows of a mail: its words parted from the quoted ones, its HTML cleaned, its files stored."""

from __future__ import annotations

from urllib.parse import quote

from ecuanime.channels.email.authentication import Authentication
from ecuanime.channels.email.reading import Attachment, ParsedMail
from ecuanime.channels.email.reading.clean import clean_html
from ecuanime.channels.email.reading.filenames import safe_name
from ecuanime.channels.email.reading.quotes import split_html, split_text
from ecuanime.channels.email.reading.sealed import ENCRYPTED
from ecuanime.channels.email.reading.text import html_to_text
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.models import Contact
from ecuanime.foundation import files
from ecuanime.tickets.actions import FileGiven, MessageGiven
from ecuanime.tickets.models import Channel

INLINE_IMAGE = "/correo/{arrival}/imagenes/{content_id}"


def message_given(
    arrival: IncomingMail,
    mail: ParsedMail,
    authentication: Authentication,
    contact: Contact | None,
    *,
    wakes: bool | None = None,
) -> MessageGiven:
    """The mail as a message of a thread; its attachments are stored by hash on the way."""
    text = split_text(mail.body_text or html_to_text(mail.body_html))
    html = split_html(mail.body_html)
    pictures = _own_pictures(arrival, mail)
    visible = clean_html(html.visible, attachment_urls=pictures)
    quoted = clean_html(html.quoted, attachment_urls=pictures)
    return MessageGiven(
        text=text.visible.strip(),
        channel=Channel.EMAIL,
        from_name=mail.author.name if mail.author else "",
        from_email=mail.author.address if mail.author else "",
        contact=contact,
        to=[one.address for one in mail.to],
        cc=[one.address for one in mail.cc],
        quoted_text=text.quoted.strip(),
        html=visible.html,
        quoted_html=quoted.html,
        remote_images=visible.remote_images + quoted.remote_images,
        is_automatic=bool(mail.automatic.reasons),
        wakes=wakes,
        authenticity=authentication.verdict,
        authenticity_words=authentication.words,
        message_id=mail.message_id or "",
        written_at=mail.date,
        files=_files(arrival, mail),
    )


def _own_pictures(arrival: IncomingMail, mail: ParsedMail) -> dict[str, str]:
    """Our own addresses for the pictures that the mail brings along, by content id."""
    ids = [attachment.content_id for attachment in mail.attachments if attachment.content_id]
    return {each: INLINE_IMAGE.format(arrival=arrival.pk, content_id=quote(each, safe="")) for each in ids}


def _files(arrival: IncomingMail, mail: ParsedMail) -> list[FileGiven]:
    """The mail's files. Encrypted ones are given as the whole mail, which the program with the key can open."""
    open_files = [_stored(each) for each in mail.attachments if each.ambiguous != ENCRYPTED]
    return open_files if len(open_files) == len(mail.attachments) else [_whole(arrival, mail), *open_files]


def _whole(arrival: IncomingMail, mail: ParsedMail) -> FileGiven:
    name = safe_name(f"{mail.subject[:100].replace('/', '-')}.eml", "message/rfc822", 1)
    return FileGiven(file=arrival.raw, name=name, media_type="message/rfc822", ambiguous=ENCRYPTED)


def _stored(attachment: Attachment) -> FileGiven:
    return FileGiven(
        file=files.store(attachment.content),
        name=attachment.name,
        media_type=attachment.media_type,
        content_id=attachment.content_id or "",
        is_inline=attachment.inline,
        ambiguous=attachment.ambiguous or "",
    )
