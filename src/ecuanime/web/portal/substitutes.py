"""A project lead names who approves in their name while they are away."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.clients.queries import substitutions_of
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.substitutes import SubstituteForm, change_substitutes
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone
from ecuanime.web.refusals import tell


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def substitutes(request: PortalRequest) -> HttpResponse:
    """One's own substitutes; posted, one is named or cancelled."""
    lead, now = request.contact, read_clock()
    if not lead.is_project_lead:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = SubstituteForm(posted if posted and "cancel" not in posted else None, lead=lead)
    if posted is not None:
        try:
            if change_substitutes(posted, lead, form, now):
                say(request, _("Saved."))
                return redirect("portal_substitutes")
        except Refused as refusal:
            tell(form, refusal)
    context = {"substitutions": substitutions_of(lead, now=now), "substitute_form": form}
    return render(request, "portal/hours/substitutes.html", context, status=422 if form.errors else 200)
