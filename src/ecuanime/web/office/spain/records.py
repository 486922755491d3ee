"""Spain's register of invoice records: the chain, one record, and those that amend or take one back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.crediting.replacing import replaceable
from ecuanime.billing.models import FiscalRecord, Invoice
from ecuanime.billing.packs.es.paper import address_of
from ecuanime.billing.queries.records import chains, page_of_records
from ecuanime.billing.verifying.records import wrong_among
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import done, status_of
from ecuanime.web.downloads import XML, download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.invoices.common import billers, issued_of

MOST_REPLACED = 100
administrators = for_staff(Role.ADMINISTRATOR)


class ReasonForm(forms.Form):
    """Why a record is taken back."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)


class AmendForm(ReasonForm):
    """Why an invoice is registered anew, and what for."""

    description = forms.CharField(
        label=gettext_lazy("What the invoice is for"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As the record says it; empty leaves the texts of the lines."),
    )


class ReplaceForm(forms.Form):
    """Which simplified invoices the full one replaces."""

    invoices = forms.MultipleChoiceField(
        label=gettext_lazy("Simplified invoices"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one simplified invoice.")},
    )

    def __init__(self, data: Any = None, *, rows: Sequence[Invoice]) -> None:
        super().__init__(data)
        self._rows = {str(row.pk): row for row in rows}
        field: Any = self.fields["invoices"]
        field.choices = [(pk, row.number) for pk, row in self._rows.items()]

    def chosen(self) -> list[Invoice]:
        """Those that were marked."""
        return [self._rows[pk] for pk in self.cleaned_data["invoices"]]


@billers
@require_safe
def register(request: StaffRequest) -> HttpResponse:
    """The newest records of a chain, fifty at a time, with what their verification finds."""
    known = chains()
    chosen = next((each for each in known if str(each.pk) == request.GET.get("cadena", "")), None)
    chain = chosen or (known[0] if known else None)
    context: dict[str, object] = {"chains": known, "chain": chain}
    if chain is not None:
        page = page_of_records(chain, request.GET.get("antes", ""))
        context |= {"page": page, "faults": list(wrong_among(chain, page.rows))}
    return render(request, "office/spain/register.html", context)


@billers
@require_safe
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One record: what it says, what it follows, and whether it holds."""
    row = _row(pk)
    context = {
        "row": row,
        "faults": list(wrong_among(row.chain, [row])),
        "address": "" if row.is_cancellation else address_of(row, row.invoice),
        "following": FiscalRecord.objects.filter(previous=row).first(),
    }
    return render(request, "office/spain/record.html", context)


@billers
@require_safe
def record_xml(request: StaffRequest, pk: int) -> HttpResponse:
    """The record as it is kept and sent, as a download."""
    row = _row(pk)
    return download(row.xml, f"{row.chain.nif}-{row.position:06}-{row.kind}.xml", XML)


@billers
@require_http_methods(["GET", "POST"])
def amend(request: StaffRequest, key: str) -> HttpResponse:
    """Register an invoice anew for what is not printed on it."""
    issued, form = issued_of(key), AmendForm(request.POST or None)

    def act() -> None:
        actions.amend_registration(invoice=issued, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("The invoice is registered anew.")):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "form": form}
    return render(request, "office/spain/amend.html", context, status=status_of(form))


@billers
@require_http_methods(["GET", "POST"])
def replace(request: StaffRequest, key: str) -> HttpResponse:
    """Issue a full invoice in place of a simplified one and of others of its client."""
    issued = issued_of(key)
    rows = list(replaceable(issued.client).filter(currency=issued.currency)[:MOST_REPLACED])
    form = ReplaceForm(request.POST if request.method == "POST" else None, rows=rows)
    made: list[Invoice] = []

    def act() -> None:
        made.append(actions.replace_simplified(invoices=form.chosen(), by=request.user, now=read_clock()))

    if done(request, form, act, _("The full invoice is issued and leaves by mail. Nothing is charged anew.")):
        return redirect("invoice", made[0].key)
    context = {"invoice": issued, "key": key, "form": form, "rows": rows}
    return render(request, "office/spain/replace.html", context, status=status_of(form))


@administrators
@require_http_methods(["GET", "POST"])
def cancel(request: StaffRequest, key: str) -> HttpResponse:
    """Take back the record of an invoice that should never have existed, after saying what follows."""
    issued, form = issued_of(key), ReasonForm(request.POST or None)

    def act() -> None:
        actions.cancel_registration(invoice=issued, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("The record is taken back, and nothing of the invoice is owed.")):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "form": form}
    return render(request, "office/spain/cancel.html", context, status=status_of(form))


def _row(pk: int) -> FiscalRecord:
    return get_object_or_404(
        FiscalRecord.objects.select_related("chain", "invoice", "previous__invoice"), pk=pk
    )
