"""Declaring an emergency, by a client in the portal or by staff on a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.contracts.numbering import next_number
from ecuanime.emergencies.actions.alerts import alert_next
from ecuanime.emergencies.conditions import conditions_for, the_service
from ecuanime.emergencies.models import Emergency, Happening
from ecuanime.emergencies.queries import express_hours
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import ANSWER_MINUTES, covered_after
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions import MessageGiven, open_ticket, set_area, set_priority
from ecuanime.tickets.models import Channel, Priority, Ticket
from ecuanime.worklog.actions import open_window


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What is said of an emergency when it is declared."""

    area: ProductArea
    facts: str
    desired: str
    since: str = ""
    critical: str = ""
    available: str = ""


@transaction.atomic
def declare_in_portal(*, contact: Contact, declared: Declared, now: datetime) -> Emergency:
    """A client declares an emergency: an urgent ticket is opened with what they say, and the first expert alerted.

    Outside the Express hours nobody is alerted before they begin, and so does the hour.
    Refused: `not_offered`, `not_set_up`, `no_facts`, `no_desired`.
    """
    refuse_unfit(contact, declared, now)
    ticket = open_ticket(
        subject=" ".join(declared.facts.split())[:120],
        channel=Channel.PORTAL,
        contact=contact,
        area=declared.area,
        priority=Priority.URGENT,
        message=MessageGiven(
            text=as_message(declared),
            channel=Channel.PORTAL,
            from_name=contact.name,
            from_email=contact.email,
            contact=contact,
        ),
        acknowledge=True,
        now=now,
    )
    return open_case(ticket, contact, declared, None, now)


@transaction.atomic
def declare_on_ticket(*, ticket: Ticket, declared: Declared, by: User, now: datetime) -> Emergency:
    """Somebody of the firm declares what a client tells them, during a call say; the hour runs from now.

    Outside the Express hours it can be declared too: the hour begins when they open, and nobody is alerted before.
    Refused: `not_allowed`, `no_contact` (the ticket has no contact of a client), `declared` (it hangs on one already),
    and as `declare_in_portal`.
    """
    if not works_at_desk(by):
        raise Refused("not_allowed", _("Only people who work on tickets do that."))
    row = Ticket.objects.select_for_update(of=("self",), no_key=True).select_related("contact")
    ticket = row.get(pk=ticket.pk)
    contact = ticket.contact
    if contact is None or ticket.client_id is None:
        raise Refused("no_contact", _("Say first whose ticket it is and who asks: they are to be answered."))
    if Emergency.objects.filter(ticket=ticket).exists():
        raise Refused("declared", _("This ticket is an emergency already."))
    refuse_unfit(contact, declared, now)
    if ticket.area_id != declared.area.pk:
        ticket = set_area(ticket=ticket, area=declared.area, by=by, now=now)
    if ticket.priority != Priority.URGENT:
        ticket = set_priority(ticket=ticket, priority=Priority.URGENT, by=by, now=now)
    return open_case(ticket, contact, declared, by, now)


def refuse_unfit(contact: Contact, declared: Declared, now: datetime) -> None:
    """Refuse what is no emergency that can be declared: see `declare_in_portal`."""
    if not the_service().is_offered:
        raise Refused("not_offered", _("Emergencies are not offered yet."))
    if not declared.facts.strip():
        raise Refused("no_facts", _("Say what has stopped working."))
    if not declared.desired.strip():
        raise Refused(
            "no_desired", _("Say when you would call it normal again: both sides are measured by it.")
        )
    conditions_for(contact.client, declared.area, now=now)


def open_case(
    ticket: Ticket, contact: Contact, declared: Declared, by: User | None, now: datetime
) -> Emergency:
    """Hang a case on a ticket: the hour begins, and the first expert is alerted if the Express hours are open."""
    emergency = Emergency.objects.create(
        number=next_number(Emergency, "number", "EX-"),
        ticket=ticket,
        client=contact.client,
        contact=contact,
        area=declared.area,
        facts=declared.facts.strip(),
        since=" ".join(declared.since.split())[:200],
        critical=declared.critical.strip(),
        desired=declared.desired.strip(),
        available=" ".join(declared.available.split())[:300],
        declared_at=now,
        declared_by=by,
        answer_due_at=covered_after(now, ANSWER_MINUTES, express_hours(now)),
    )
    Happening.objects.create(
        emergency=emergency, act="declare", at=now, user=by, contact=None if by else contact
    )
    audit.record("emergency_declared", emergency, now=now, number=emergency.number, ticket=ticket.number)
    open_window(ticket=ticket, since=now, contract=None, is_free=True, now=now)
    alert_next(emergency, now=now)
    return emergency


def as_message(declared: Declared) -> str:
    """What was declared, as the first message of its ticket."""
    said = [
        (_("What has stopped working"), declared.facts),
        (_("Since when"), declared.since),
        (_("What is critical meanwhile"), declared.critical),
        (_("When it is normal again"), declared.desired),
        (_("Who is available"), declared.available),
    ]
    return "\n\n".join(f"{label}: {text.strip()}" for label, text in said if text.strip())
