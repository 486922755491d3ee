"""The hours ledger of a contract as a statement: a page, a CSV and a PDF of any days, of all lots or one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ecuanime.entitlements.queries import statement
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import status_of
from ecuanime.web.components.statement_files import csv_response, of_contract, pdf_response
from ecuanime.web.components.statement_form import StatementForm
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import for_staff
from ecuanime.web.office.contracts.common import contract_of
from ecuanime.web.office.contracts.ledger import ledger_rows

everybody = for_staff()


@everybody
@require_safe
def ledger(request: HttpRequest, number: str) -> HttpResponse:
    """Every movement of the days asked for, with the balance after it, between two balances."""
    contract = contract_of(request, number)
    form = StatementForm(request.GET, contract=contract)
    found = statement(contract, lot=form.lot, span=form.span, after=request.GET.get("d", ""))
    query = request.GET.copy()
    query["d"] = found.older
    context = {
        "contract": contract,
        "form": form,
        "statement": found,
        "movements": ledger_rows(found.lines),
        "is_first": "d" not in request.GET,
        "next_url": f"?{query.urlencode()}" if found.older else "",
    }
    return render(request, "office/contracts/ledger.html", context, status=status_of(form))


@everybody
@require_safe
def ledger_csv(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a file for a spreadsheet."""
    contract = contract_of(request, number)
    form = StatementForm(request.GET, contract=contract)
    return csv_response(of_contract(contract, lot=form.lot, span=form.span))


@everybody
@require_safe
def ledger_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same on paper; too long a one leads back and says so."""
    contract = contract_of(request, number)
    form = StatementForm(request.GET, contract=contract)
    try:
        return pdf_response(of_contract(contract, lot=form.lot, span=form.span), now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("contract_ledger", number)
