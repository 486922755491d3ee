"""Lots: voiding what is unused of a pack, with its reason."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.entitlements.actions import void_unused
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.clock import read_clock
from ecuanime.web.guards import for_staff
from ecuanime.web.office.clients_common import done, status_of
from ecuanime.web.office.contracts import contract_of
from ecuanime.web.office.contracts_forms import VoidForm


@for_staff(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, code: str) -> HttpResponse:
    """Cancel the unused hours of a pack, after saying what that means."""
    lot = get_object_or_404(Lot.objects.select_related("contract"), code=code)
    contract = contract_of(request, lot.contract.number)
    form = VoidForm(request.POST or None)
    said = _("The unused hours of %(code)s are void.") % {"code": lot.code}
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
        "bonus": lot.bonuses.filter(left__gt=0).first(),
    }
    return render(request, "office/contracts/void.html", context, status=status_of(form))
