"""The rules of mailboxes written down, changed and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.channels.models import MailRule
from ecuanime.clients.models import Client
from ecuanime.delivery.models import Mailbox
from ecuanime.delivery.text import one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import tags_named
from ecuanime.tickets.models import Queue

MOST_RULES = 200
LONGEST_TAG = 40
_PLAIN = (
    "mailbox",
    "recipient",
    "words",
    "machines",
    "client",
    "area",
    "queue",
    "priority",
    "sets_aside",
    "is_silent",
)


@dataclass(frozen=True)
class RuleSettings:
    """A rule as a person writes it down: first its conditions, all of which must hold, then what it gives."""

    name: str
    position: int = 0
    is_active: bool = True
    mailbox: Mailbox | None = None
    recipient: str = ""
    senders: tuple[str, ...] = ()
    words: str = ""
    machines: str = ""
    client: Client | None = None
    area: ProductArea | None = None
    queue: Queue | None = None
    priority: int | None = None
    tags: tuple[str, ...] = ()
    sets_aside: bool = False
    is_silent: bool = False


@transaction.atomic
def write_rule(*, rule: MailRule | None, settings: RuleSettings, now: datetime) -> MailRule:
    """Write a rule down, a new one when `rule` is None.

    Refuses `no_name`, `no_effect` for a rule that gives nothing, `bad_sender`, `bad_tag`, and `too_many` (200).
    """
    name = one_line(settings.name, 80)
    if not name:
        raise Refused("no_name", _("Give the rule a name, so that people know what it is for."))
    if any("@" not in sender for sender in settings.senders):
        raise Refused("bad_sender", _("A sender is an address, or @ and a domain; one to a line."))
    if any(len(tag) > LONGEST_TAG for tag in settings.tags):
        raise Refused("bad_tag", _("A tag can have %(number)s characters at most.") % {"number": LONGEST_TAG})
    gives = (settings.client, settings.area, settings.queue, settings.priority, settings.tags)
    if not any((*gives, settings.sets_aside, settings.is_silent)):
        raise Refused("no_effect", _("This rule would change nothing. Say what fitting mail gets."))
    if rule is None and MailRule.objects.count() >= MOST_RULES:
        raise Refused("too_many", _("There can be %(number)s rules at most.") % {"number": MOST_RULES})
    kept = MailRule.objects.select_for_update().get(pk=rule.pk) if rule else MailRule()
    kept.name, kept.position, kept.is_active = name, settings.position, settings.is_active
    kept.senders = "\n".join(sender.lower() for sender in settings.senders)
    for field in _PLAIN:
        setattr(kept, field, getattr(settings, field))
    kept.save()
    kept.tags.set(tags_named(settings.tags))
    audit.record("mail_rule_written", kept, now=now, name=name)
    return kept


@transaction.atomic
def remove_rule(*, rule: MailRule, now: datetime) -> None:
    """Take a rule away; what it has given stays."""
    audit.record("mail_rule_removed", rule, now=now, name=rule.name)
    rule.delete()
