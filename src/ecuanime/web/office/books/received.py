"""Received invoices on screen: filed from a file, read as a book, charged again to a client."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial
from typing import cast

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.billing import actions
from ecuanime.billing.models import ReceivedInvoice
from ecuanime.billing.queries.received import received_csv, received_page, received_sums
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.files import path_of
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.downloads import CSV, download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.received_forms import BookForm, ChargeForm, FileForm
from ecuanime.web.office.invoices.common import billers, firm_today

logger = logging.getLogger(__name__)
PAGE = 50


@billers
@require_safe
def received(request: StaffRequest) -> HttpResponse:
    """The book of the days asked for, this year's else, and the form that files one more."""
    return _book(request, FileForm())


@billers
@require_POST
def file(request: StaffRequest) -> HttpResponse:
    """File an electronic invoice; the same file again leads to the one that is there."""
    form = FileForm(request.POST, request.FILES)
    kept: list[ReceivedInvoice] = []

    def act() -> None:
        content = form.cleaned_data["file"].read()
        kept.append(actions.file_received(content=content, by=request.user, now=read_clock()))

    if done(request, form, act, _("The invoice is filed.")):
        return redirect("received_invoice", kept[0].pk)
    return _book(request, form)


def _book(request: StaffRequest, form: FileForm) -> HttpResponse:
    days = _days(request)
    first, last = days.span
    page = received_page(first, last, after=request.GET.get("d", ""), size=PAGE)
    query = {"desde": first.isoformat(), "hasta": last.isoformat()}
    context = {
        "form": form,
        "days": days,
        "rows": page.rows,
        "sums": received_sums(first, last),
        "csv_url": f"{reverse('received_csv')}?{urlencode(query)}",
        "older_url": f"{reverse('received')}?{urlencode(query | {'d': page.next})}" if page.next else "",
    }
    return render(request, "office/books/received.html", context, status=status_of(form))


@billers
@require_safe
def received_invoice(request: StaffRequest, pk: int) -> HttpResponse:
    """One received invoice as its file says, and where a client pays it."""
    row = _row(pk)
    context = {"row": row, "taxes": row.taxes.order_by("pk"), "form": ChargeForm(row=row)}
    return render(request, "office/books/received_one.html", context)


@billers
@require_POST
def charge(request: StaffRequest, pk: int) -> HttpResponse:
    """Charge it to the client of a draft, on a contract of theirs."""
    row = _row(pk)
    form = ChargeForm(request.POST, row=row)
    if form.is_valid():
        draft, contract = form.chosen
        act = partial(
            actions.charge_received,
            received=row,
            contract=contract,
            draft=draft,
            by=request.user,
            now=read_clock(),
        )
        attempt(request, act, _("It stands on the draft as an expense."))
        return redirect("received_invoice", pk)
    context = {"row": row, "taxes": row.taxes.order_by("pk"), "form": form}
    return render(request, "office/books/received_one.html", context, status=422)


@billers
@require_safe
def received_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as it came."""
    row = _row(pk)
    try:
        stream = path_of(row.file_id).open("rb")
    except FileNotFoundError as error:
        logger.error("the file of received invoice %s is gone", row.pk)
        raise Http404 from error
    is_pdf = stream.peek(4).startswith(b"%PDF")
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=f"{row.pk}.{'pdf' if is_pdf else 'xml'}",
        content_type="application/pdf" if is_pdf else "application/xml",
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return cast(HttpResponse, response)


@billers
@require_safe
def book_csv(request: StaffRequest) -> HttpResponse:
    """The book of the days asked for, for the accounting program."""
    first, last = _days(request).span
    name = f"ecuanime-{first.isoformat()}-{last.isoformat()}.csv"
    return download(received_csv(first, last), name, CSV)


def _days(request: StaffRequest) -> BookForm:
    today: date = firm_today()
    asked = {"desde", "hasta"} <= set(request.GET)
    return BookForm(request.GET if asked else None, today=today)


def _row(pk: int) -> ReceivedInvoice:
    rows = ReceivedInvoice.objects.select_related("contract__client", "line__invoice", "filed_by")
    return get_object_or_404(rows, pk=pk)
