"""Crediting the days of a fee that its contract does not have."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from ecuanime.billing.actions import credit_unused_fee
from ecuanime.billing.models import Charge, Invoice
from ecuanime.billing.queries import key_of, unused_fees
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers
from ecuanime.web.office.invoices.forms import UnusedFeeForm


@billers
@require_http_methods(["GET", "POST"])
def credit_fee(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what would be credited of a fee and why; confirmed, the credit note is issued at once, and once only."""
    charge = get_object_or_404(Charge.objects.select_related("contract__client"), pk=pk, lot=None)
    found = next((each for each in unused_fees(charge.contract) if each.charge.pk == pk), None)
    form = UnusedFeeForm(request.POST or None, initial={"reason": _reason(charge)})
    notes: list[Invoice] = []

    def credit() -> None:
        facts = {"by": request.user, "now": read_clock(), **form.cleaned_data}
        notes.append(credit_unused_fee(charge=charge, **facts))

    if done(request, form, credit, _("The days that the contract does not have are credited.")):
        return redirect("invoice", key_of(notes[0]))
    if found is None:
        say_refused(request, _("Nothing of this fee is to be credited."))
        return redirect("contract", charge.contract.number)
    context = {
        "found": found,
        "contract": charge.contract,
        "invoice": found.line.invoice,
        "form": form,
        "back_url": reverse("invoice", args=[key_of(found.line.invoice)]),
    }
    return render(request, "office/invoices/credit_fee.html", context, status=status_of(form))


def _reason(charge: Charge) -> str:
    """Why, in the client's language, since the client reads it."""
    contract, language = charge.contract, charge.client.language
    if contract.ends_on is None:
        return ""
    day = formats.long_date(contract.ends_on, formats.locale_for(language, charge.currency))
    with override(language):
        return _("Contract %(number)s ended on %(day)s") % {"number": contract.number, "day": day}
