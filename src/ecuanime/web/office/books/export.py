"""Issued documents as a file for the firm's accounting or invoicing program."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecuanime.billing.access import visible_invoices
from ecuanime.billing.books.export import invoices_csv
from ecuanime.billing.packs import pack_of
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import status_of
from ecuanime.web.downloads import CSV, download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today
from ecuanime.web.office.invoices.forms import ExportForm


@billers
@require_safe
def export(request: StaffRequest) -> HttpResponse:
    """Ask for the days, and give their documents as CSV when both are in the address."""
    today = firm_today()
    asked = {"desde", "hasta"} & set(request.GET)
    form = ExportForm(request.GET if asked else None, initial={"desde": today.replace(day=1), "hasta": today})
    if form.is_valid():
        return _file(request, form.cleaned_data["desde"], form.cleaned_data["hasta"])
    context = {"form": form, "why_proforma": pack_of(the_firm()).why_not}
    return render(request, "office/books/export.html", context, status=status_of(form))


def _file(request: StaffRequest, first: date, last: date) -> HttpResponse:
    found = visible_invoices(request.user).filter(issued_on__range=(first, last))
    return download(invoices_csv(found), f"ecuanime-{first.isoformat()}-{last.isoformat()}.csv", CSV)
