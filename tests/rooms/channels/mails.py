"""Mails as they come over the wire, built for the tests of intake."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from itertools import count

_numbers = count(1)


def raw_mail(
    *,
    sender: str = "Elvira Sotillo <elvira@tierraparda.example>",
    to: str = "soporte@nodoalisio.example",
    subject: str = "No salen las facturas",
    text: str = "Desde ayer no salen.",
    html: str = "",
    message_id: str = "",
    **headers: str,
) -> bytes:
    """A mail's bytes; each has a Message-ID of its own unless one is given. `x_y` becomes the header `X-Y`."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = message_id or f"<m{next(_numbers)}@tierraparda.example>"
    mail["Date"] = "Tue, 10 Nov 2026 08:30:00 +0000"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    # Written by hand: the library would encode a long id.
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return "".join(lines).encode() + mail.as_bytes()
