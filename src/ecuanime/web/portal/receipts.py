"""Payment receipts in the portal: the list beside the invoices, and each as PDF and as XML."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.billing.models import Cfdi
from ecuanime.billing.queries.receipts import receipts_of_contact, visible_receipts
from ecuanime.web.downloads import PDF, XML, download, kept_download
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone, older_url


@for_contacts
@in_their_zone
@require_safe
def receipts(request: PortalRequest) -> HttpResponse:
    """The receipts of what the contact's client paid, the newest first."""
    if not contact_sees_invoices(request.contact):
        raise Http404
    page = receipts_of_contact(request.contact, after=request.GET.get("d", ""))
    context = {
        "rows": page.rows,
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, page.next),
    }
    return render(request, "portal/invoices/receipts.html", context)


@for_contacts
@require_safe
def pdf(request: PortalRequest, pk: int) -> HttpResponse:
    """One as paper, as a download."""
    row = _theirs(request, pk)
    if row.pdf is None:
        raise Http404
    return kept_download(row.pdf.sha256, f"{row.file_name}-{row.uuid}.pdf", PDF)


@for_contacts
@require_safe
def xml(request: PortalRequest, pk: int) -> HttpResponse:
    """One as it was stamped, as a download."""
    row = _theirs(request, pk)
    return download(row.stamped, f"{row.file_name}-{row.uuid}.xml", XML)


def _theirs(request: PortalRequest, pk: int) -> Cfdi:
    return get_object_or_404(visible_receipts(request.contact), pk=pk)
