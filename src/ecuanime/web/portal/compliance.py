"""How what was promised to the client was kept, month by month, for its project leads."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecuanime.contracts.models import Contract
from ecuanime.web.components.compliance import csv_response, month_asked, page_of, pdf_response
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.balances import contracts_with_hours
from ecuanime.web.portal.frame import in_their_zone
from ecuanime.worklog.compliance import Compliance, compliance_of


@for_contacts
@in_their_zone
@require_safe
def report(request: PortalRequest) -> HttpResponse:
    """A month (`mes=2026-11`) of the client's own."""
    return render(request, "portal/compliance.html", page_of(_asked(request)))


@for_contacts
@in_their_zone
@require_safe
def report_csv(request: PortalRequest) -> HttpResponse:
    """The lists behind the figures, for a spreadsheet."""
    return csv_response(_asked(request))


@for_contacts
@in_their_zone
@require_safe
def report_pdf(request: PortalRequest) -> HttpResponse:
    """The same on paper."""
    return pdf_response(_asked(request))


def _asked(request: PortalRequest) -> Compliance:
    """The report, of the hours alone that the contact may see; nothing is here for who leads no project."""
    contact = request.contact
    if not contact.is_project_lead:
        raise Http404
    seen = Contract.objects.filter(pk__in=[each.pk for each in contracts_with_hours(contact)])
    month = month_asked(request.GET.get("mes", ""), contact.client.time_zone)
    return compliance_of(contact.client, month, contracts=seen)
