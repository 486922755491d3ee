"""The client's hours over all its contracts as one statement: a page, a CSV and a PDF of any days."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ecuanime.entitlements.client_statements import client_statement
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.statement_files import Taken, csv_response, of_client, pdf_response
from ecuanime.web.components.statement_form import ClientStatementForm
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.balances import contracts_with_hours
from ecuanime.web.portal.frame import in_their_zone, older_url
from ecuanime.web.portal.ledger import movements_of


@for_contacts
@in_their_zone
@require_safe
def page(request: PortalRequest) -> HttpResponse:
    """What moved in all contracts whose hours the contact sees, with one balance of them all."""
    contact, contracts = request.contact, contracts_with_hours(request.contact)
    form = ClientStatementForm(request.GET, contracts=contracts)
    zone, after = contact.client.time_zone, request.GET.get("d", "")
    found = client_statement(contracts, zone=zone, unit=form.unit, span=form.span, after=after)
    context = {
        "form": form,
        "statement": found,
        "movements": movements_of(contact, zone, found.lines, names_contract=True),
        "is_first": not after,
        "first_url": f"?{form.query}",
        "older_url": older_url(request, found.older),
    }
    status = 422 if form.errors else 200
    return render(request, "portal/hours/client_statement.html", context, status=status)


@for_contacts
@in_their_zone
@require_safe
def csv(request: PortalRequest) -> HttpResponse:
    """The same as a file for a spreadsheet."""
    return csv_response(_taken(request))


@for_contacts
@in_their_zone
@require_safe
def pdf(request: PortalRequest) -> HttpResponse:
    """The same on paper; too long a one leads back and says so."""
    try:
        return pdf_response(_taken(request), now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("portal_client_statement")


def _taken(request: PortalRequest) -> Taken:
    contracts = contracts_with_hours(request.contact)
    form = ClientStatementForm(request.GET, contracts=contracts)
    return of_client(request.contact.client, contracts, unit=form.unit, span=form.span)
