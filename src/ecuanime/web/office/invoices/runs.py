"""Invoicing what is approved: what would be drafted, the run as it goes, and the drafts it made."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.actions import run_invoices
from ecuanime.billing.models import Run
from ecuanime.billing.packs import pack_of
from ecuanime.billing.queries import (
    OverBilled,
    PreviewRow,
    RunPreview,
    drafts_of_run,
    key_of,
    latest_runs,
    over_billed_lines,
    run_preview,
    unused_fees,
)
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today
from ecuanime.web.office.invoices.forms import RunForm
from ecuanime.web.office.invoices.listing import document_row

MOST_ROWS = 200


@billers
@require_http_methods(["GET", "POST"])
def prepare(request: StaffRequest) -> HttpResponse:
    """Show what would be drafted per client up to a day, and start the run when it is asked for."""
    today = firm_today()
    given = request.POST if request.method == "POST" else request.GET
    form = RunForm(given if "hasta" in given else {"hasta": today}, today=today)
    started: list[Run] = []

    def start() -> None:
        started.append(run_invoices(up_to=form.cleaned_data["hasta"], by=request.user, now=read_clock()))

    if done(request, form, start, _("Drafts are being made.")):
        return redirect("invoice_run", started[0].pk)
    up_to = form.cleaned_data["hasta"] if form.is_valid() else None
    context = {
        "form": form,
        "up_to": up_to,
        "runs": latest_runs(limit=5),
        "why_proforma": pack_of(the_firm()).why_not,
        "over_billed": [_beyond(row) for row in over_billed_lines()[:MOST_ROWS]],
        "unused": unused_fees()[:MOST_ROWS],
        **(_shown(run_preview(up_to)) if up_to else {}),
    }
    return render(request, "office/invoices/prepare.html", context, status=status_of(form))


def _beyond(over: OverBilled) -> dict[str, Any]:
    return {"over": over, "invoice": over.line.invoice, "key": key_of(over.line.invoice)}


def _shown(preview: RunPreview) -> dict[str, Any]:
    """The preview as the page shows it: at most so many clients, and the sums of all of them."""
    sums: dict[str, int] = {}
    for row in preview.rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount
    language = get_language()
    totals = [
        formats.money(amount, currency, formats.locale_for(language, currency))
        for currency, amount in sums.items()
    ]
    return {
        "rows": [_row(row) for row in preview.rows[:MOST_ROWS]],
        "more": max(0, len(preview.rows) - MOST_ROWS),
        "total": " + ".join(totals),
        "left_out": preview.left_out,
    }


def _row(row: PreviewRow) -> dict[str, Any]:
    hours = formats.hours_of_minutes(row.minutes, formats.locale_for(get_language())) if row.minutes else ""
    return {"row": row, "hours": hours}


@billers
@require_safe
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """A run: how far it is, and its drafts once it is done."""
    context = _progress(get_object_or_404(Run.objects.select_related("started_by"), pk=pk))
    return render(request, "office/invoices/run.html", context)


@billers
@require_safe
def run_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The part of that page that asks again until the run is done."""
    context = _progress(get_object_or_404(Run.objects.select_related("started_by"), pk=pk))
    return render(request, "office/invoices/run_progress.html", context)


def _progress(run: Run) -> dict[str, Any]:
    rows = drafts_of_run(run, today=firm_today(), limit=MOST_ROWS) if run.finished_at else []
    return {"run": run, "rows": [document_row(row) for row in rows], "most": MOST_ROWS}
