"""The declaration of the program's producer, which the law wants readable inside the program and outside of it.

Source: RD 1007/2023, art. 13; Orden HAC/1177/2024, art. 15.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from ecuanime import __version__
from ecuanime.billing.packs.es.declared import DEMO_SYSTEM, spain_settings
from ecuanime.staff.queries import current_firm
from ecuanime.web.guards import public


@public
@require_safe
def declaration(request: HttpRequest) -> HttpResponse:
    """The declaration as it stands, in Spanish whoever reads it; a firm elsewhere has none."""
    firm = current_firm()
    if firm is None or firm.country != "ES":
        raise Http404
    settings = spain_settings()
    is_signed = settings is not None and bool(
        settings.producer_name and settings.producer_nif and settings.declared_on and not firm.is_demo
    )
    context = {
        "settings": settings,
        "version": __version__,
        "is_signed": is_signed,
        "demo_system": DEMO_SYSTEM,
    }
    with override("es"):
        return render(request, "public/declaration.html", context)
