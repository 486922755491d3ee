"""Hours in the portal: lots and the ledger where the contract shows them, all work, and one entry with its why."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecuanime.billing.access import may_order_packs
from ecuanime.entitlements.queries import statement
from ecuanime.foundation.clock import read_clock
from ecuanime.web.components.fields import CommentForm
from ecuanime.web.components.hours import history_of
from ecuanime.web.components.lots import lot_rows
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.balances import cards_of, contracts_with_hours
from ecuanime.web.portal.frame import in_their_zone, older_url, today_of
from ecuanime.web.portal.ledger import movements_of
from ecuanime.web.portal.lines import days_of, work_lines
from ecuanime.worklog.access import may_approve_time, visible_to_contact
from ecuanime.worklog.queries import client_hours, lines_of, portal_entries
from ecuanime.worklog.rating import with_relations

MOVEMENTS = 20
WORK = 30


@for_contacts
@in_their_zone
@require_safe
def hours(request: PortalRequest) -> HttpResponse:
    """What is left of the packs, lot by lot, and every movement with its why."""
    contact = request.contact
    contracts = contracts_with_hours(contact)
    now = read_clock()
    found = client_hours(contact, contracts, now=now)
    cards = cards_of(contact, contracts, found)
    card = next((card for card in cards if card.contract.number == request.GET.get("contrato")), None)
    if card is None and "contrato" in request.GET:
        raise Http404
    card = card or next(iter(cards), None)
    context: dict[str, Any] = {
        "cards": cards,
        "to_buy": [contract for contract in contracts if may_order_packs(contact, contract)],
        "card": card,
        "days": days_of(contact, found.awaiting, today_of(request, now)),
        "is_first": "d" not in request.GET,
    }
    if card is not None:
        page = statement(card.contract, after=request.GET.get("d", ""), size=MOVEMENTS)
        context |= {
            "lots": lot_rows(card.balance, card.pending.by_lot),
            "movements": movements_of(contact, card.contract.time_zone, page.lines),
            "older_url": older_url(request, page.older),
            "first_url": f"?contrato={card.contract.number}",
        }
    return render(request, "portal/hours/hours.html", context)


@for_contacts
@in_their_zone
@require_safe
def work(request: PortalRequest) -> HttpResponse:
    """All work for the client from the notice on, the latest first."""
    page = portal_entries(request.contact, after=request.GET.get("d", ""), size=WORK)
    context = {
        "works": work_lines(request.contact, lines_of(page.rows)),
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, page.next),
    }
    return render(request, "portal/hours/work.html", context)


@for_contacts
@in_their_zone
@require_safe
def entry(request: PortalRequest, pk: int) -> HttpResponse:
    """One entry with what was decided over it and why it comes to what it does."""
    return entry_page(request, pk, CommentForm())


def entry_page(request: PortalRequest, pk: int, comment: CommentForm, status: int = 200) -> HttpResponse:
    """The page of an entry; `comment` is what was written about it and could not be sent."""
    rows = with_relations(visible_to_contact(request.contact).filter(pk=pk)).select_related("cut")
    found = rows.first()
    if found is None:
        raise Http404
    [shown] = work_lines(request.contact, lines_of([found]))
    decisions = found.decisions.select_related("user", "contact", "stands_for").order_by("id")
    context = {
        "work": shown,
        "entry": found,
        "history": history_of(found, list(decisions)),
        "may_approve": may_approve_time(request.contact, now=read_clock()),
        "comment": comment,
    }
    return render(request, "portal/hours/entry.html", context, status=status)
