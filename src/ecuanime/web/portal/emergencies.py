"""Emergencies in the portal: declaring one, reading and answering the answer, and following the work."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import emergencies_of_contact
from ecuanime.emergencies.conditions import conditions_for
from ecuanime.emergencies.models import Emergency
from ecuanime.emergencies.queries import (
    emergencies_in_portal,
    emergency_in,
    is_offered,
    is_open_now,
    opens_at,
)
from ecuanime.emergencies.timeline import Reader, evidence_for
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import product_areas
from ecuanime.web.components.client_case import Seat, act_on, page_of_case
from ecuanime.web.components.declare_form import DeclareForm
from ecuanime.web.components.emergencies import agreement_file, report_file
from ecuanime.web.components.emergency_room import stamp_of
from ecuanime.web.components.toasts import say
from ecuanime.web.downloads import PDF, kept_download
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone, older_url
from ecuanime.web.refusals import tell


@for_contacts
@in_their_zone
@require_safe
def emergencies(request: PortalRequest) -> HttpResponse:
    """The cases the contact may see, the newest first."""
    page = emergencies_in_portal(request.contact, after=request.GET.get("d", ""))
    context = {
        "rows": page.rows,
        "is_offered": is_offered(),
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, page.next),
    }
    return render(request, "portal/emergencies/list.html", context)


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Declare an emergency: the page says first what will happen, by when and at which rates."""
    if not is_offered():
        raise Http404
    form, now = DeclareForm(request.POST or None, auto_id="new_%s"), read_clock()
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.declare_in_portal(contact=request.contact, declared=form.declared(), now=now)
        except Refused as refusal:
            tell(form, refusal)
        else:
            says = (
                _("We have it: %(number)s. An expert is being alerted.")
                if is_open_now(now)
                else _("We have it: %(number)s. An expert is alerted when our Express hours begin.")
            )
            say(request, says % {"number": case.number})
            return redirect("portal_emergency", case.number)
    context = {
        "form": form,
        "is_open": is_open_now(now),
        "opens_at": opens_at(now),
        "rates": _rates(request),
    }
    return render(request, "portal/emergencies/new.html", context, status=422 if form.is_bound else 200)


def _rates(request: PortalRequest) -> list[dict[str, Any]]:
    """What it would cost in each product area."""
    found = []
    for area in product_areas()[:30]:
        try:
            conditions = conditions_for(request.contact.client, area, now=read_clock())
        except Refused:
            continue
        found.append({"area": area, "conditions": conditions})
    return found


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: PortalRequest, number: str) -> HttpResponse:
    """One case; `do` says which of its forms was sent."""
    case = _theirs(request, number)
    if request.method == "POST":
        try:
            act_on(request, _seat(request, case), case)
        except Refused as refusal:
            return _page(request, _theirs(request, number), refusal=str(refusal))
        return redirect("portal_emergency", number)
    return _page(request, case)


@for_contacts
@in_their_zone
@require_safe
def pulse(request: PortalRequest, number: str) -> HttpResponse:
    """Nothing while the room is as version `v` shows it; else its page, from which the browser takes what is new."""
    case = _theirs(request, number)
    is_same = request.GET.get("v") == stamp_of(case, Reader(contact=request.contact), now=read_clock())
    return HttpResponse(status=204) if is_same else _page(request, case)


@for_contacts
@require_safe
def evidence(request: PortalRequest, number: str, key: int) -> HttpResponse:
    """A file of the room whose line the client may read."""
    found = evidence_for(_theirs(request, number), Reader(contact=request.contact), key)
    if found is None:
        raise Http404
    return kept_download(found.file_id, found.name, found.media_type)


@for_contacts
@require_safe
def paper(request: PortalRequest, number: str) -> HttpResponse:
    """What was accepted, as it was."""
    accepted = getattr(_theirs(request, number), "acceptance", None)
    if accepted is None:
        raise Http404
    return kept_download(accepted.pdf_id, f"{number}.pdf", PDF)


@for_contacts
@require_safe
def agreement(request: PortalRequest, number: str) -> HttpResponse:
    """The client's own confidentiality agreement, as they sent it."""
    return agreement_file(_theirs(request, number))


@for_contacts
@require_safe
def report(request: PortalRequest, number: str) -> HttpResponse:
    """The technical report: the version that was sent last, or the one that `v` names."""
    return report_file(_theirs(request, number), request.GET.get("v", ""))


def _page(request: PortalRequest, case: Emergency, *, refusal: str = "") -> HttpResponse:
    context = page_of_case(request, _seat(request, case), case, refusal=refusal)
    return render(request, "portal/emergencies/case.html", context, status=422 if refusal else 200)


def _seat(request: PortalRequest, case: Emergency) -> Seat:
    issued = case.guarantee.number if case.guarantee and not case.guarantee.is_draft else None
    may_open = issued is not None and contact_sees_invoices(request.contact)
    return Seat(
        contact=request.contact,
        here=reverse("portal_emergency", args=[case.number]),
        paper_url=reverse("portal_emergency_paper", args=[case.number]),
        report_url=reverse("portal_emergency_report", args=[case.number]),
        agreement_url=reverse("portal_emergency_agreement", args=[case.number]),
        write_url=reverse("portal_request", args=[case.ticket.number]),
        guarantee_url=reverse("portal_invoice", args=[issued]) if may_open else "",
        list_url=reverse("portal_emergencies"),
        pulse_url=reverse("portal_emergency_pulse", args=[case.number]),
        files_url=f"{reverse('portal_emergency', args=[case.number])}archivos/",
        attachments_url="/adjuntos/",
    )


def _theirs(request: PortalRequest, number: str) -> Emergency:
    found = emergency_in(emergencies_of_contact(request.contact), number)
    if found is None:
        raise Http404
    return found
