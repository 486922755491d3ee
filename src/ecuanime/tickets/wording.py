"""The variables of a macro's texts. They are data: anything that is not one of these names stays as it is written."""

from __future__ import annotations

import re

from ecuanime.accounts.models import Language, User
from ecuanime.staff.queries import current_firm
from ecuanime.tickets.models import Macro, Ticket

VARIABLES = (
    *("contact.name", "contact.first_name", "client.name", "contract.number"),
    *("ticket.number", "ticket.subject", "agent.name", "firm.name"),
)
_VARIABLE = re.compile(r"\{\{\s*([a-z_.]{1,40})\s*\}\}")


def language_of(ticket: Ticket) -> str:
    """The language whoever asked reads: the contact's, else the client's, else that of the mailbox."""
    for one in (ticket.contact, ticket.client, ticket.mailbox):
        if one is not None:
            return one.language
    return Language.ES


def reply_of(macro: Macro, ticket: Ticket, author: User) -> str:
    """A macro's reply for a ticket, in the contact's language, or in the other one if it has only that."""
    texts = [macro.reply_es, macro.reply_en]
    if language_of(ticket) == Language.EN:
        texts.reverse()
    return filled(next(filter(None, texts), ""), ticket, author)


def note_of(macro: Macro, ticket: Ticket, author: User) -> str:
    """A macro's note for a ticket."""
    return filled(macro.note, ticket, author)


def filled(text: str, ticket: Ticket, author: User) -> str:
    """The text with its variables replaced in one pass: what a value contains is never read as a variable."""
    if not _VARIABLE.search(text):
        return text
    values = _values(ticket, author)
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _values(ticket: Ticket, author: User) -> dict[str, str]:
    name = ticket.contact.name if ticket.contact else ticket.requester_name
    firm = current_firm()
    return {
        "contact.name": name,
        "contact.first_name": name.split(" ")[0],
        "client.name": ticket.client.name if ticket.client else "",
        "contract.number": ticket.contract.number if ticket.contract else "",
        "ticket.number": str(ticket.number),
        "ticket.subject": ticket.subject,
        "agent.name": author.name,
        "firm.name": firm.name if firm else "",
    }
