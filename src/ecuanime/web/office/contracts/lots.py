"""Lots: voiding what is unused of a pack, moving it, and what becomes of expired hours; each page asks first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import order_revaluation
from ecuanime.billing.actions.prepaid.revaluations import RevaluationOrder
from ecuanime.billing.queries import key_of
from ecuanime.entitlements.actions import quote_revaluation, replace_expired, transfer_hours, void_unused
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import expired_of_lot
from ecuanime.entitlements.words import price_words, quantity_words
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import done, status_of
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.contracts.common import lot_of
from ecuanime.web.office.contracts.forms import ReplaceForm, RevalueForm, TransferForm, VoidForm
from ecuanime.web.office.invoices.common import billers


@for_staff(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, code: str) -> HttpResponse:
    """Cancel the unused hours of a pack, after saying what that means."""
    lot, contract = lot_of(request, code)
    form = VoidForm(request.POST or None)
    said = _("What was unused of %(code)s is void.") % {"code": lot.code}
    key = f"lot:{lot.pk}:void"
    if done(
        request,
        form,
        lambda: void_unused(lot=lot, now=read_clock(), idempotency_key=key, **form.cleaned_data),
        said,
    ):
        return redirect("contract", contract.number)
    context = {
        "lot": lot,
        "contract": contract,
        "form": form,
        "bonus": lot.bonuses.filter(left__gt=0, is_bonus=True).first(),
    }
    return render(request, "office/contracts/void.html", context, status=status_of(form))


@for_staff(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """Move unused hours to another contract of the client."""
    lot, contract = lot_of(request, code)
    form = TransferForm(request.POST or None, lot=lot)
    said = _("It stands on the other contract now.")
    if done(request, form, lambda: transfer_hours(lot=lot, now=read_clock(), **form.values()), said):
        return redirect("contract", contract.number)
    context = {
        "lot": lot,
        "contract": contract,
        "form": form,
        "has_others": bool(form["to"].subwidgets),
        "bonus": lot.bonuses.filter(left__gt=0, is_bonus=True).first(),
    }
    return render(request, "office/contracts/transfer.html", context, status=status_of(form))


@for_staff(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, code: str) -> HttpResponse:
    """Let expired hours go on in a lot with a new last day, at nobody's cost."""
    lot, contract = lot_of(request, code)
    form = ReplaceForm(request.POST or None, lot=lot)
    said = _("It can be used again, until its new last day.")
    if done(request, form, lambda: replace_expired(lot=lot, now=read_clock(), **form.values()), said):
        return redirect("contract", contract.number)
    context = {"lot": lot, "contract": contract, "form": form, "expired": expired_of_lot(lot)}
    return render(request, "office/contracts/replace.html", context, status=status_of(form))


@billers
@require_http_methods(["GET", "POST"])
def revalue(request: StaffRequest, code: str) -> HttpResponse:
    """Take expired hours over at today's price; what is to be paid is on a draft, which opens next."""
    lot, contract = lot_of(request, code)
    form = RevalueForm(request.POST or None)
    orders: list[RevaluationOrder] = []

    def order() -> None:
        orders.append(order_revaluation(lot=lot, by=request.user, now=read_clock(), **form.cleaned_data))

    said = _("What had expired of %(code)s goes on in a new lot.") % {"code": lot.code}
    if done(request, form, order, said):
        charge = orders[0].charge
        line = charge.lines.select_related("invoice").first() if charge else None
        return redirect("invoice", key_of(line.invoice)) if line else redirect("contract", contract.number)
    context = {"lot": lot, "contract": contract, "form": form, **_cost_of(lot)}
    return render(request, "office/contracts/revalue.html", context, status=status_of(form))


def _cost_of(lot: Lot) -> dict[str, Any]:
    """What revaluing comes to, in words, or why there is no price."""
    try:
        cost = quote_revaluation(lot=lot)
    except Refused as refusal:
        return {"why_not": str(refusal)}
    locale = formats.locale_for(get_language(), lot.currency)
    today = cost.price_paid + cost.surcharge
    return {
        "part": quantity_words(cost.hundredths, lot.unit),
        "paid": price_words(cost.price_paid, lot.unit, lot.currency),
        "today": price_words(today, lot.unit, lot.currency),
        "amount": formats.money(cost.amount, lot.currency, locale) if cost.amount else "",
    }
