"""The client's hours as a statement: a page, a CSV and a PDF of any days, of all packs or one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.queries import statement
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.statement_files import csv_response, of_contract, pdf_response
from ecuanime.web.components.statement_form import StatementForm
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.balances import contracts_with_hours
from ecuanime.web.portal.frame import in_their_zone, older_url
from ecuanime.web.portal.ledger import movements_of

MOVEMENTS = 50


@for_contacts
@in_their_zone
@require_safe
def page(request: PortalRequest, number: str) -> HttpResponse:
    """Every movement of the days asked for with its why, between two balances."""
    contract = contract_with_hours(request, number)
    form = StatementForm(request.GET, contract=contract)
    after = request.GET.get("d", "")
    found = statement(contract, lot=form.lot, span=form.span, after=after, size=MOVEMENTS)
    context = {
        "contract": contract,
        "form": form,
        "statement": found,
        "movements": movements_of(request.contact, contract.time_zone, found.lines),
        "is_first": not after,
        "first_url": f"?{form.query}",
        "older_url": older_url(request, found.older),
    }
    return render(request, "portal/hours/statement.html", context, status=422 if form.errors else 200)


@for_contacts
@in_their_zone
@require_safe
def csv(request: PortalRequest, number: str) -> HttpResponse:
    """The same as a file for a spreadsheet."""
    contract = contract_with_hours(request, number)
    form = StatementForm(request.GET, contract=contract)
    return csv_response(of_contract(contract, lot=form.lot, span=form.span))


@for_contacts
@in_their_zone
@require_safe
def pdf(request: PortalRequest, number: str) -> HttpResponse:
    """The same on paper; too long a one leads back and says so."""
    contract = contract_with_hours(request, number)
    form = StatementForm(request.GET, contract=contract)
    try:
        return pdf_response(of_contract(contract, lot=form.lot, span=form.span), now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("portal_statement", number)


def contract_with_hours(request: PortalRequest, number: str) -> Contract:
    """The contract of this number, if its hours are the contact's to see; else there is nothing here."""
    for contract in contracts_with_hours(request.contact):
        if contract.number == number:
            return contract
    raise Http404
