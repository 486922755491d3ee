"""Paying an invoice by card: from the portal to Stripe's page and back."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ecuanime.billing.actions.cards.pages import start_checkout
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.invoices import theirs


@for_contacts
@require_POST
def pay(request: PortalRequest, number: str) -> HttpResponse:
    """Go to Stripe's page for what is owed. Coming back proves nothing: only Stripe's event notes the payment."""
    found = theirs(request, number)
    back = f"{settings.ECUANIME_URL}{reverse('portal_invoice', args=[number])}"
    try:
        url = start_checkout(
            invoice=found,
            contact=request.contact,
            paid_url=f"{back}?tarjeta=hecho",
            back_url=f"{back}?tarjeta=sin-pagar",
            language=request.user.language,
            now=read_clock(),
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("portal_invoice", number)
    response = redirect(url)
    response.status_code = 303
    return response
