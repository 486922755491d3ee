"""Reading a mail safely: bounds on the raw bytes, then parsing in a child process that may die without harm.

    read_mail(raw) -> ParsedMail | Refusal | Unreadable

Never raises for what a mail contains. `clean` makes its HTML fit to show, `text` turns text into HTML and HTML into
text, `quotes` parts what was written from what was quoted. No Django anywhere in this package: the child must start
light and hold no secrets.
"""

from ecuanime.channels.email.reading.limits import DEFAULT, Limits, check
from ecuanime.channels.email.reading.message import (
    LOOP_HEADER,
    Address,
    Attachment,
    Automatic,
    Bounce,
    FailedRecipient,
    ParsedMail,
    Reading,
    Refusal,
    Unreadable,
)
from ecuanime.channels.email.reading.sandbox import MailReader, read_mail

__all__ = [
    "DEFAULT",
    "LOOP_HEADER",
    "Address",
    "Attachment",
    "Automatic",
    "Bounce",
    "FailedRecipient",
    "Limits",
    "MailReader",
    "ParsedMail",
    "Reading",
    "Refusal",
    "Unreadable",
    "check",
    "read_mail",
]
