"""One statement over all contracts of a client: a page, a CSV and a PDF of any days."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contracts_of
from ecuanime.entitlements.client_statements import client_statement
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import status_of
from ecuanime.web.components.statement_files import Taken, csv_response, of_client, pdf_response
from ecuanime.web.components.statement_form import ClientStatementForm
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import for_staff
from ecuanime.web.office.clients.common import client_of, show
from ecuanime.web.office.contracts.ledger import ledger_rows

everybody = for_staff()


@everybody
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """What moved in all contracts in the days asked for, with one balance of them all."""
    client, contracts, form = _asked(request, code)
    after = request.GET.get("d", "")
    found = client_statement(contracts, zone=client.time_zone, unit=form.unit, span=form.span, after=after)
    query = request.GET.copy()
    query["d"] = found.older
    context = {
        "form": form,
        "statement": found,
        "movements": ledger_rows(found.lines, names_contract=True),
        "is_first": not after,
        "first_url": f"?{form.query}",
        "next_url": f"?{query.urlencode()}" if found.older else "",
    }
    return show(
        request, client, "ledger", context, template="office/clients/statement.html", status=status_of(form)
    )


@everybody
@require_safe
def csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a file for a spreadsheet."""
    return csv_response(_taken(request, code))


@everybody
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper; too long a one leads back and says so."""
    try:
        return pdf_response(_taken(request, code), now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("client_statement", code)


def _asked(request: HttpRequest, code: str) -> tuple[Client, list[Contract], ClientStatementForm]:
    client = client_of(request, code)
    contracts = list(contracts_of(client))
    return client, contracts, ClientStatementForm(request.GET, contracts=contracts)


def _taken(request: HttpRequest, code: str) -> Taken:
    client, contracts, form = _asked(request, code)
    return of_client(client, contracts, unit=form.unit, span=form.span)
