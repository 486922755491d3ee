"""How promised times were kept: all clients of a month, and one client's report as page, CSV and PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.clients.access import visible_clients
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt
from ecuanime.web.components.compliance import around, csv_response, month_asked, page_of, pdf_response
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of, show
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.actions import give_credits
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
    may_give = may_review_time(person_of(request)) and found.month.ends_at <= read_clock()
    context = page_of(found) | {"may_give": may_give and found.given_minutes < found.credit_minutes}
    return show(request, found.client, "compliance", context, template="office/promises/report.html")


@for_staff(Role.SUPERVISOR)
@require_POST
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Give the credit that the month (`mes`) proposes."""
    client = client_of(request, code)
    month = month_asked(request.POST.get("mes", ""), client.time_zone)

    def act() -> object:
        return give_credits(client=client, month=month, by=person_of(request), now=read_clock())

    attempt(request, act, _("The credit was given. The client sees it in their hours."))
    return redirect(f"{reverse('client_compliance', args=[client.code])}?mes={month.first:%Y-%m}")


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
