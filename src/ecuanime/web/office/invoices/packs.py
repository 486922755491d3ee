"""Selling a pack of hours: what it costs while the hours are typed, then its advance document."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.actions import order_pack
from ecuanime.billing.models import Charge
from ecuanime.billing.packs import pack_of
from ecuanime.billing.queries import key_of
from ecuanime.contracts.models import PACKS, Contract
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.pack_price import quote_of
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.contracts.common import contract_of
from ecuanime.web.office.invoices.common import billers
from ecuanime.web.office.invoices.forms import PackForm


@billers
@require_http_methods(["GET", "POST"])
def order(request: StaffRequest, number: str) -> HttpResponse:
    """Sell hours on a contract; they are charged by an advance document, whose draft opens next."""
    contract, now = _pack_of(request, number), read_clock()
    grant = contract.version.grants.get()
    today = local_date(now, contract.time_zone)
    price_url = reverse("pack_price", args=[number])
    initial = {"quantity": grant.quantity, "starts_on": today}
    form = PackForm(request.POST or None, initial=initial, unit=grant.unit, price_url=price_url)
    charges: list[Charge] = []

    def sell() -> None:
        charges.append(order_pack(contract=contract, by=request.user, now=now, **form.cleaned_data))

    said = _("The pack is on this draft. Issue it, and the hours can be used.")
    if done(request, form, sell, said):
        line = charges[0].lines.select_related("invoice").order_by("pk").first()
        return redirect("invoice", key_of(line.invoice)) if line else redirect("contract", number)
    context = {
        "contract": contract,
        "form": form,
        "grant": grant,
        "tiers": list(contract.version.tiers.order_by("from_quantity")),
        "currency": contract.version.currency,
        "why_proforma": pack_of(the_firm()).why_not,
        "quote": quote_of(contract, str(form["quantity"].value() or "")),
    }
    return render(request, "office/invoices/pack_order.html", context, status=status_of(form))


@billers
@require_safe
def price(request: StaffRequest, number: str) -> HttpResponse:
    """What so many hours grant and cost: the part of that page that follows what is typed."""
    contract = _pack_of(request, number)
    context = {
        "quote": quote_of(contract, request.GET.get("quantity", "")),
        "currency": contract.version.currency,
    }
    return render(request, "components/pack_price.html", context)


def _pack_of(request: StaffRequest, number: str) -> Contract:
    """The contract, if packs are sold on it and it runs; else there is nothing here."""
    contract = contract_of(request, number)
    if contract.version.plan.kind not in PACKS or contract.state != Contract.State.ACTIVE:
        raise Http404
    return contract
