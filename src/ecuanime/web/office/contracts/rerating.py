"""Rating a contract's approved, not invoiced work again, or drawing it from a later pack: shown, then confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import rate_unbilled_again, reattach_unbilled
from ecuanime.billing.queries import unbilled_corrected, unbilled_uncorrected, unbilled_work
from ecuanime.contracts.models import Contract
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.money import round_half_up
from ecuanime.web.acting import done, status_of
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.contracts.common import contract_of, lot_of
from ecuanime.worklog.figures import Figures
from ecuanime.worklog.rerating import Change, changes_of, mark_of, reattachment

supervisors = for_staff(Role.SUPERVISOR)


class AgainForm(forms.Form):
    """Why it is rated again, and the mark of the comparison that the person saw."""

    shown = forms.CharField(max_length=64)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The client and the technician read it."),
    )


@supervisors
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Compare what was booked with what would come out now; once confirmed, exactly that is booked."""
    contract, now, by = contract_of(request, number), read_clock(), person_of(request)
    form = AgainForm(request.POST or None)
    said = _("Rated again as it was shown. What came out the same was left alone.")
    if done(
        request,
        form,
        lambda: rate_unbilled_again(contract=contract, by=by, now=now, **form.cleaned_data),
        said,
    ):
        return redirect("contract", number)
    entries = unbilled_work(contract)
    changes = changes_of(contract, entries)
    context = {"looked_at": len(entries), "form": form, **_compared(contract, changes)}
    return render(request, "office/contracts/again.html", context, status=status_of(form))


@supervisors
@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, code: str) -> HttpResponse:
    """Compare what was booked of uncovered work with what a pack would pay for, and book exactly that when told."""
    (lot, contract), now, by = lot_of(request, code), read_clock(), person_of(request)
    form = AgainForm(request.POST or None, initial={"reason": _("Covered by %(code)s") % {"code": code}})
    said = _("%(code)s pays for it, as it was shown.") % {"code": code}
    if done(request, form, lambda: reattach_unbilled(lot=lot, by=by, now=now, **form.cleaned_data), said):
        return redirect("contract", contract.number)
    found = reattachment(lot, unbilled_uncorrected(contract))
    context = {
        "lot": lot,
        "found": found,
        "is_usable": lot.usable_from is not None and lot.voided_at is None,
        "form": form,
        "corrected": unbilled_corrected(contract),
        **_compared(contract, found.changes),
    }
    return render(request, "office/contracts/cover.html", context, status=status_of(form))


def _compared(contract: Contract, changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "contract": contract,
        "currency": contract.version.currency,
        "changes": changes,
        "before": _sums([change.before for change in changes]),
        "after": _sums([change.after for change in changes]),
        "mark": mark_of(changes),
    }


def _sums(listed: Sequence[Figures]) -> dict[str, Any]:
    return {
        "drawn": sum(figures.drawn for figures in listed),
        "overage": sum(figures.overage for figures in listed),
        "held": sum(figures.held for figures in listed),
        "amount": round_half_up(sum(figures.amount for figures in listed)),
    }
