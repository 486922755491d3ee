"""The client's door to a case, from the firm's side: their own agreement, and the links by which they follow it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.emergencies import actions
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.web.acting import attempt
from ecuanime.web.components.emergencies import agreement_file
from ecuanime.web.components.toasts import say
from ecuanime.web.desk.emergencies import case_or_404
from ecuanime.web.guards import StaffRequest, for_staff


@for_staff()
@require_safe
def agreement(request: StaffRequest, number: str) -> HttpResponse:
    """The confidentiality agreement that the client sent."""
    return agreement_file(case_or_404(request, number))


@for_staff(*DESK_ROLES)
@require_POST
def send_link(request: StaffRequest, number: str) -> HttpResponse:
    """Mail whoever declared a case their way to it once more."""
    case = case_or_404(request, number)
    attempt(
        request,
        lambda: actions.send_link_again(
            emergency=case, contact=case.contact, by=request.user, now=read_clock()
        ),
        _("The link is on its way to %(address)s.") % {"address": case.contact.email},
    )
    return redirect("emergency", number)


@for_staff(*DESK_ROLES)
@require_POST
def revoke_link(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """Take a link away."""
    case = case_or_404(request, number)
    given = case.links.select_related("emergency").filter(pk=pk).first()
    if given is not None:
        actions.revoke_link(link=given, by=request.user, now=read_clock())
        say(request, _("Taken away: that link opens nothing any more."))
    return redirect("emergency", number)
