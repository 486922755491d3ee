"""A mailbox's own rules: what a new request gets because of who wrote it, where to, and what its subject says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ecuanime.channels.email.reading import ParsedMail
from ecuanime.channels.models import MailRule
from ecuanime.clients.models import Client
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation.remembering import remembered
from ecuanime.foundation.words import fold
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Queue, Tag


@dataclass
class Ruled:
    """What the rules that fit say together; empty where none says anything."""

    client: Client | None = None
    area: ProductArea | None = None
    queue: Queue | None = None
    priority: int | None = None
    tags: list[Tag] = field(default_factory=list)
    set_aside_by: str = ""
    is_silent: bool = False


def ruled(mail: ParsedMail, mailbox: Mailbox | None) -> Ruled:
    """What the rules in use for `mailbox`, and those for every mailbox, say about a mail."""
    said = Ruled()
    for rule in rules_in_use():
        if rule.mailbox_id in (None, mailbox.pk if mailbox else None) and fits(rule, mail):
            _heed(rule, said)
    return said


@remembered
def rules_in_use() -> list[MailRule]:
    """The rules in use of all mailboxes, in their order."""
    rules = MailRule.objects.filter(is_active=True).select_related("client", "area", "queue")
    return list(rules.prefetch_related("tags"))


def fits(rule: MailRule, mail: ParsedMail) -> bool:
    """Whether every condition of the rule holds; capitals and accents make no difference."""
    return (
        _sent_to(rule.recipient, mail)
        and _written_by(rule.senders.split(), mail)
        and all(word in fold(mail.subject) for word in fold(rule.words).split())
        and _by_machine(rule.machines, mail)
    )


def _sent_to(recipient: str, mail: ParsedMail) -> bool:
    meant = [*mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc))]
    return not recipient or recipient.lower() in {address.lower() for address in meant}


def _written_by(senders: Iterable[str], mail: ParsedMail) -> bool:
    wanted = [sender.strip(",;").lower() for sender in senders]
    author = mail.author.address.lower() if mail.author else ""
    return not wanted or any(
        author.endswith(sender) if sender.startswith("@") else author == sender for sender in wanted if sender
    )


def _by_machine(machines: str, mail: ParsedMail) -> bool:
    is_automatic = bool(mail.automatic.reasons)
    return machines == MailRule.Machines.ANY or is_automatic == (machines == MailRule.Machines.ONLY)


def _heed(rule: MailRule, said: Ruled) -> None:
    said.client = said.client or (rule.client if rule.client and rule.client.is_active else None)
    said.area = said.area or rule.area
    said.queue = said.queue or (rule.queue if rule.queue and rule.queue.is_active else None)
    said.priority = said.priority or rule.priority
    said.tags += [tag for tag in rule.tags.all() if tag not in said.tags]
    said.set_aside_by = said.set_aside_by or (rule.name if rule.sets_aside else "")
    said.is_silent = said.is_silent or rule.is_silent
