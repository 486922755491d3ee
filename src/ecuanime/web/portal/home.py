"""The portal's home: what waits for the contact, the hours left, their requests and invoices."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.billing.queries import invoices_of_contact
from ecuanime.contracts.access import offers_seen_by
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import offers_waiting
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.queries import outage_lines, portal_tickets
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.approvals import held_lines
from ecuanime.web.portal.balances import cards_of, contracts_with_hours
from ecuanime.web.portal.frame import in_their_zone, today_of
from ecuanime.web.portal.invoices import tag_for_client
from ecuanime.web.portal.lines import days_of
from ecuanime.web.portal.thread import state_of
from ecuanime.worklog.queries import client_hours

REQUESTS, INVOICES = 5, 3
NOON, NIGHTFALL = 12, 20


@for_contacts
@in_their_zone
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Everything that concerns the contact now, on one page."""
    contact, now = request.contact, read_clock()
    today = today_of(request, now)
    sees_invoices = contact_sees_invoices(contact)
    invoices = invoices_of_contact(contact, today=today, size=INVOICES).rows if sees_invoices else []
    contracts = _active(contracts_with_hours(contact))
    hours = client_hours(contact, contracts, now=now)
    context = {
        "greeting": _greeting(contact.name, now),
        "today": today,
        "outages": outage_lines(contact.client, get_language() or ""),
        "days": days_of(contact, hours.awaiting, today),
        "held": held_lines(contact),
        "offers": offers_waiting(offers_seen_by(contact), now=now) if contact.is_project_lead else [],
        "cards": cards_of(contact, contracts, hours),
        "requests": [
            {"ticket": ticket, "state": state_of(ticket)}
            for ticket in portal_tickets(contact, size=REQUESTS).rows
        ],
        "sees_invoices": sees_invoices,
        "invoices": [
            {"invoice": row.invoice, "about": row.about, "tag": tag_for_client(row.invoice, today)}
            for row in invoices
        ],
    }
    return render(request, "portal/home.html", context)


def _active(contracts: list[Contract]) -> list[Contract]:
    return [contract for contract in contracts if contract.state == Contract.State.ACTIVE]


def _greeting(name: str, now: datetime) -> str:
    """By the hour where they are, with the name they are called by."""
    hour = timezone.localtime(now).hour
    first = name.split()[0] if name.split() else ""
    if hour < NOON:
        return _("Good morning, %(name)s") % {"name": first}
    if hour < NIGHTFALL:
        return _("Good afternoon, %(name)s") % {"name": first}
    return _("Good evening, %(name)s") % {"name": first}
