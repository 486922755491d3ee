"""Asking a contact what they thought once their ticket is closed, and keeping the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact
from ecuanime.delivery.limits import may_send_automatic
from ecuanime.delivery.text import keepable
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import current_firm
from ecuanime.tickets.actions.common import leave_line, lock
from ecuanime.tickets.letters import ask_opinion, subject_key
from ecuanime.tickets.models import Level, Message, Opinion, State, Ticket

ANSWERED_WITHIN = timedelta(days=60)
LONGEST_COMMENT = 2000


@transaction.atomic
def ask_satisfaction(*, ticket: Ticket, now: datetime, is_over: bool = False) -> Opinion | None:
    """Ask the contact of a closed ticket by mail; None when there is nothing to ask, or nobody.

    With `is_over` what it was about has ended although the ticket is still open: an emergency that is closed, say.

    A ticket is asked about once, a contact at most once in the firm's number of days, whatever runs at the same time.
    Not about one that was merged, that nobody answered or that a machine wrote, and never beyond the limits of
    automatic mail.
    """
    ticket = lock(ticket)
    firm = current_firm()
    contact = ticket.contact
    if (
        firm is None
        or not firm.satisfaction_every_days
        or contact is None
        or not _is_worth_asking(ticket, is_over)
    ):
        return None
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    since = now - timedelta(days=firm.satisfaction_every_days)
    if not contact.is_active or contact.opinions.filter(asked_at__gt=since).exists():
        return None
    if not contact.email or not may_send_automatic(
        address=contact.email, subject_key=subject_key(ticket), now=now
    ):
        return None
    opinion = Opinion.objects.create(ticket=ticket, contact=contact, asked_at=now)
    ask_opinion(ticket, opinion, now=now)
    leave_line(ticket, "opinion_asked", "", contact.name, by=None, now=now)
    return opinion


@transaction.atomic
def give_opinion(*, opinion: Opinion, level: int, comment: str, now: datetime) -> Opinion:
    """Keep what the contact answered; given again, the last one counts. Refuses `too_late` and `no_level`."""
    opinion = Opinion.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=opinion.pk)
    if now - opinion.asked_at > ANSWERED_WITHIN:
        raise Refused("too_late", _("This question was asked long ago and takes no answers any more."))
    if level not in Level.values:
        raise Refused("no_level", _("Choose one of the five."))
    opinion.level, opinion.comment = level, keepable(comment).strip()[:LONGEST_COMMENT]
    opinion.answered_at = now
    opinion.save(update_fields=["level", "comment", "answered_at"])
    leave_line(opinion.ticket, "opinion", "", level, by=None, now=now)
    audit.record("opinion_given", opinion, now=now, ticket=opinion.ticket.number, level=level)
    return opinion


def _is_worth_asking(ticket: Ticket, is_over: bool) -> bool:
    if (
        not (is_over or ticket.state == State.CLOSED)
        or ticket.merged_into is not None
        or hasattr(ticket, "opinion")
    ):
        return False
    public = ticket.messages.exclude(kind=Message.Kind.NOTE)
    return (
        public.filter(kind=Message.Kind.REPLY).exists()
        and public.filter(kind=Message.Kind.INBOUND, is_automatic=False).exists()
    )
