"""The service dossier as the client may read it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecuanime.clients.access import dossier_seen_by
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone

MOST = 200


@for_contacts
@in_their_zone
@require_safe
def dossier(request: PortalRequest) -> HttpResponse:
    """Its sections, for whoever has that right."""
    if not request.contact.sees_dossier:
        raise PermissionDenied
    sections = dossier_seen_by(request.contact)[:MOST]
    return render(request, "portal/dossier.html", {"sections": sections})
