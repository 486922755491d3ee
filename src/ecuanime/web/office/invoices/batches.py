"""Issuing many drafts at once: which ones, the batch as it goes, and what became of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.actions import issue_drafts
from ecuanime.billing.models import Batch, BatchItem, Invoice
from ecuanime.billing.queries import key_of
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.fields import KeyField
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers

MOST_DRAFTS = 500


class BatchForm(forms.Form):
    """Which drafts are issued."""

    drafts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Drafts"),
        queryset=Invoice.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one draft.")},
    )
    idempotency_key = KeyField()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        drafts: Any = self.fields["drafts"]
        drafts.queryset = Invoice.objects.filter(state=Invoice.State.DRAFT)


@billers
@require_http_methods(["GET", "POST"])
def choose(request: StaffRequest) -> HttpResponse:
    """The drafts, to be issued together; each that cannot be issued says why afterwards."""
    known = Batch.objects.filter(idempotency_key=request.POST.get("idempotency_key", "")).first()
    if known is not None:
        return redirect("invoice_batch", known.pk)
    form = BatchForm(request.POST or None)
    started: list[Batch] = []

    def start() -> None:
        data = form.cleaned_data
        started.append(
            issue_drafts(
                invoices=list(data["drafts"]),
                by=request.user,
                now=read_clock(),
                idempotency_key=data["idempotency_key"],
            )
        )

    if done(request, form, start, _("The drafts are being issued.")):
        return redirect("invoice_batch", started[0].pk)
    drafts = Invoice.objects.filter(state=Invoice.State.DRAFT).select_related("client")
    found = list(drafts.order_by("client__name", "pk")[: MOST_DRAFTS + 1])
    context = {
        "form": form,
        "drafts": [{"invoice": draft, "key": key_of(draft)} for draft in found[:MOST_DRAFTS]],
        "more": len(found) > MOST_DRAFTS,
    }
    return render(request, "office/invoices/batch_choose.html", context, status=status_of(form))


@billers
@require_safe
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """A batch: how far it is, and what became of each draft."""
    return render(request, "office/invoices/batch.html", _progress(pk))


@billers
@require_safe
def batch_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The part of that page that asks again until the batch is done."""
    return render(request, "office/invoices/batch_progress.html", _progress(pk))


def _progress(pk: int) -> dict[str, Any]:
    found = get_object_or_404(Batch.objects.select_related("started_by"), pk=pk)
    items = list(found.items.select_related("invoice__client").order_by("pk")[:MOST_DRAFTS])
    waiting = sum(item.outcome == BatchItem.Outcome.WAITING for item in items)
    return {
        "batch": found,
        "items": [{"item": item, "key": key_of(item.invoice)} for item in items],
        "done": len(items) - waiting,
    }
