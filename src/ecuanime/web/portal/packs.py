"""Buying a pack in the portal: what it costs while the quantity is typed, then the order."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.access import may_order_packs
from ecuanime.billing.actions import order_pack_as_client
from ecuanime.contracts.access import contracts_seen_by
from ecuanime.contracts.models import Contract
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.pack_price import AskForPackForm, quote_of
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.portal.frame import in_their_zone


@for_contacts
@in_their_zone
@require_http_methods(["GET", "POST"])
def buy(request: PortalRequest, number: str) -> HttpResponse:
    """Order hours or incidents on a contract; the firm sends the document, and they can be used from then on."""
    contract = _pack_of(request, number)
    grant = contract.version.grants.get()
    price_url = reverse("portal_pack_price", args=[number])
    form = AskForPackForm(
        request.POST or None, initial={"quantity": grant.quantity}, unit=grant.unit, price_url=price_url
    )

    def order() -> None:
        order_pack_as_client(
            contract=contract, contact=request.contact, now=read_clock(), **form.cleaned_data
        )

    said = _("Your order is with us. We send you the document; what you bought can be used from then on.")
    if done(request, form, order, said):
        return redirect(f"{reverse('portal_hours')}?contrato={number}")
    context = {
        "contract": contract,
        "form": form,
        "grant": grant,
        "tiers": list(contract.version.tiers.order_by("from_quantity")),
        "currency": contract.version.currency,
        "quote": quote_of(contract, str(form["quantity"].value() or "")),
    }
    return render(request, "portal/hours/buy.html", context, status=status_of(form))


@for_contacts
@require_safe
def price(request: PortalRequest, number: str) -> HttpResponse:
    """What so many grant and cost: the part of that page that follows what is typed."""
    contract = _pack_of(request, number)
    context = {
        "quote": quote_of(contract, request.GET.get("quantity", "")),
        "currency": contract.version.currency,
    }
    return render(request, "components/pack_price.html", context)


def _pack_of(request: PortalRequest, number: str) -> Contract:
    """The contract of this number, if the contact may buy on it; else there is nothing here."""
    contract = contracts_seen_by(request.contact).filter(number=number).first()
    if contract is None or not may_order_packs(request.contact, contract):
        raise Http404
    return contract
