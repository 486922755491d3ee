"""The mails to the team about what was promised: that time runs out, or that it is up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.models import Deadline, DeadlineEvent


def mail_deadline(row: Deadline, kind: str, people: Iterable[User], *, now: datetime) -> list[str]:
    """Tell these people of the team, each in their language; returns the addresses that were written to."""
    told = []
    for person in people:
        if not person.email:
            continue
        with override(person.language):
            facts = _facts(row)
            queue_mail(
                kind=OutgoingMail.Kind.AUTOMATIC,
                purpose="deadline",
                to=[person.email],
                subject=_subject(kind) % facts,
                text="\n\n".join([_said(kind) % facts, _ticket(facts), facts["address"], the_firm().name]),
                subject_key=f"person:{person.pk}",
                idempotency_key=f"deadline:{row.pk}:{kind}:{row.due_at}:{person.pk}",
                now=now,
            )
        told.append(person.email)
    return told


def _facts(row: Deadline) -> dict[str, str]:
    ticket = row.ticket
    zone = ZoneInfo(ticket.client.time_zone) if ticket.client else the_firm().zone
    return {
        "number": str(ticket.number),
        "metric": str(row.get_metric_display()),
        "subject": ticket.subject,
        "client": ticket.client.name if ticket.client else _("nobody known yet"),
        "when": date_format(row.due_at.astimezone(zone), "SHORT_DATETIME_FORMAT") if row.due_at else "",
        "address": f"{settings.ECUANIME_URL}/tickets/{ticket.number}/",
    }


def _subject(kind: str) -> str:
    if kind == DeadlineEvent.Kind.BREACHED:
        return _("Ticket %(number)s: time is up (%(metric)s)")
    return _("Ticket %(number)s: time is running out (%(metric)s)")


def _said(kind: str) -> str:
    if kind == DeadlineEvent.Kind.BREACHED:
        return _("“%(metric)s” was promised by %(when)s and is not done.")
    return _("“%(metric)s” is promised by %(when)s.")


def _ticket(facts: dict[str, str]) -> str:
    return _("Ticket %(number)s of %(client)s: %(subject)s") % facts
