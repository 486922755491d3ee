"""How promised times were kept: all clients of a month, and one client's report as page, CSV and PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecuanime.clients.access import visible_clients
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.compliance import around, csv_response, month_asked, page_of, pdf_response
from ecuanime.web.guards import for_staff
from ecuanime.web.office.clients.common import client_of, person_of, show
from ecuanime.worklog.compliance import Compliance, compliance_of, kept_by_client

everybody = for_staff()


@everybody
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every client with promises settled in the month (`mes=2026-11`), the worst first."""
    month = month_asked(request.GET.get("mes", ""), the_firm().time_zone)
    rows = kept_by_client(visible_clients(person_of(request)), month)
    context = {
        "month": month,
        "rows": rows,
        "kept": sum(row.kept for _client, row in rows),
        "broken": sum(row.broken for _client, row in rows),
        **around(month),
    }
    return render(request, "office/promises/overview.html", context)


@everybody
@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    """A client's month: time, quantity and quality, with the list behind each figure."""
    found = _asked(request, code)
    return show(request, found.client, "compliance", page_of(found), template="office/promises/report.html")


@everybody
@require_safe
def report_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The lists behind the figures, for a spreadsheet."""
    return csv_response(_asked(request, code))


@everybody
@require_safe
def report_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper."""
    return pdf_response(_asked(request, code))


def _asked(request: HttpRequest, code: str) -> Compliance:
    client = client_of(request, code)
    return compliance_of(client, month_asked(request.GET.get("mes", ""), client.time_zone))
