"""Received invoices on screen: filed from a file, read as a book, stated at home, charged again to a client."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial
from typing import Any, cast

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.billing import actions
from ecuanime.billing.books.exchange import tax_currency_of
from ecuanime.billing.books.received import (
    declared_received,
    rate_of_received,
    waiting_received,
    waits_for_rate,
)
from ecuanime.billing.models import ReceivedInvoice, ReceivedTax, WaitingPaper
from ecuanime.billing.packs.es.purchases import LEAST_INVESTMENT
from ecuanime.billing.queries.received import received_csv, received_page, received_sums
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import path_of
from ecuanime.foundation.media_types import EXTENSIONS, media_type_of
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say
from ecuanime.web.downloads import CSV, download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.received_forms import (
    BookForm,
    ChargeForm,
    FileForm,
    InvestmentForm,
    ReceivedRateForm,
    TakeBackForm,
)
from ecuanime.web.office.invoices.common import billers, firm_today
from ecuanime.web.refusals import tell

logger = logging.getLogger(__name__)
PAGE = 50
MOST_WAITING = 50


@billers
@require_safe
def received(request: StaffRequest) -> HttpResponse:
    """The book of the days asked for, this year's else, and the form that files one more."""
    return _book(request, FileForm())


@billers
@require_POST
def file(request: StaffRequest) -> HttpResponse:
    """File an electronic invoice, the same again leads to the one that is there; a plain paper is kept to be typed."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _book(request, form)
    sent = form.cleaned_data["file"]
    given = {"content": sent.read(), "by": request.user, "now": read_clock()}
    try:
        row = actions.file_received(**given)
    except Refused as refusal:
        if refusal.code != "plain_paper":
            tell(form, refusal)
            return _book(request, form)
    else:
        say(request, _("The invoice is filed."))
        return redirect("received_invoice", row.pk)
    return _keep(request, form, name=sent.name, **given)


def _keep(request: StaffRequest, form: FileForm, **given: Any) -> HttpResponse:
    """To where what a paper says is typed."""
    try:
        paper = actions.keep_paper(**given)
    except Refused as refusal:
        tell(form, refusal)
        return _book(request, form)
    say(request, _("It carries no data that a program could read. It is kept: type what it says."))
    return redirect("waiting_paper", paper.pk)


def _book(request: StaffRequest, form: FileForm) -> HttpResponse:
    days = _days(request)
    first, last = days.span
    page = received_page(first, last, after=request.GET.get("d", ""), size=PAGE)
    query = {"desde": first.isoformat(), "hasta": last.isoformat()}
    firm = the_firm()
    context = {
        "home": tax_currency_of(firm),
        "is_spain": firm.country == "ES",
        "waiting": waiting_received(tax_currency_of(firm))[:MOST_WAITING],
        "papers": WaitingPaper.objects.select_related("kept_by").order_by("pk")[:MOST_WAITING],
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
    """One received invoice as its file says, what it is stated as, and where a client pays it."""
    return received_page_of(request, received_row(pk))


def received_page_of(request: StaffRequest, row: ReceivedInvoice, **sent: Any) -> HttpResponse:
    """Its page; `sent` are the forms that were sent and have to be corrected, by name."""
    firm, taxes = the_firm(), list(row.taxes.order_by("pk"))
    home = tax_currency_of(firm)
    is_waiting = waits_for_rate(row, home)
    known = rate_of_received(row, home) if is_waiting else None
    rate_form = ReceivedRateForm(row=row, known=known, home=home) if is_waiting else None
    context = {
        "row": row,
        "taxes": taxes,
        "home": home,
        "is_spain": firm.country == "ES",
        "is_waiting": is_waiting,
        "why_waiting": "" if known or not is_waiting else _why_waiting(row),
        "least_investment": LEAST_INVESTMENT,
        "costs_enough": any(_is_costly(tax, home) for tax in taxes),
        "is_invested": any(tax.investment_base for tax in taxes),
        "form": ChargeForm(row=row),
        "rate_form": rate_form,
        "take_back_form": TakeBackForm(),
        "withdraw_form": TakeBackForm(auto_id="withdrawn_%s"),
        "investment_form": InvestmentForm(taxes=taxes, currency=row.currency),
    } | sent
    return render(request, "office/books/received_one.html", context, status=status_of(*sent.values()))


def _why_waiting(row: ReceivedInvoice) -> str:
    """Why no rate is known for it, and what to do."""
    if row.is_credit_note and row.corrects:
        return _(
            "It corrects %(number)s, whose rate holds for it too, and that one is not filed or waits for its rate. "
            "Give that one its rate first, or write the rate here."
        ) % {"number": row.corrects}
    if row.is_credit_note:
        return _("It corrects an earlier invoice and names none. Write the rate of that one.")
    day = formats.long_date(row.due_day, formats.locale_for(get_language()))
    return _(
        "No rate of the %(currency)s is noted for %(day)s. Write it here, or note it among the rates."
    ) % {"currency": row.currency, "day": day}


def _is_costly(tax: ReceivedTax, home: str) -> bool:
    """Whether its base is as much as an investment good costs at least, as far as that is known."""
    declared = declared_received(tax, home)
    return declared is not None and declared.base >= LEAST_INVESTMENT


@billers
@require_POST
def rate(request: StaffRequest, pk: int) -> HttpResponse:
    """State it at a rate."""
    row = received_row(pk)
    home = tax_currency_of(the_firm())
    form = ReceivedRateForm(request.POST, row=row, known=None, home=home)

    def act() -> None:
        actions.note_rate_of_received(received=row, by=request.user, now=read_clock(), **form.values())

    if done(request, form, act, _("It is stated at this rate.")):
        return redirect("received_invoice", pk)
    return received_page_of(request, row, rate_form=form)


@billers
@require_POST
def rate_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Take its rate back, so that another can be given."""
    row, form = received_row(pk), TakeBackForm(request.POST)

    def act() -> None:
        actions.take_back_rate_of_received(
            received=row, by=request.user, now=read_clock(), **form.cleaned_data
        )

    if done(request, form, act, _("Its rate is taken back: it waits for another.")):
        return redirect("received_invoice", pk)
    return received_page_of(request, row, take_back_form=form)


@billers
@require_POST
def charge(request: StaffRequest, pk: int) -> HttpResponse:
    """Charge it to the client of a draft, on a contract of theirs."""
    row = received_row(pk)
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
    return received_page_of(request, row, form=form)


@billers
@require_safe
def received_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as it came."""
    row = received_row(pk)
    return kept_file(row.file_id, str(row.pk))


def kept_file(digest: str, name: str) -> HttpResponse:
    """A supplier's file as an inert download, called by what it is: a PDF, JPEG or PNG, or else XML."""
    try:
        stream = path_of(digest).open("rb")
    except FileNotFoundError as error:
        logger.error("the supplier's file %s is gone", name)
        raise Http404 from error
    media_type = media_type_of(stream.peek(8)) or "application/xml"
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=f"{name}.{EXTENSIONS.get(media_type, 'xml')}",
        content_type=media_type,
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


def received_row(pk: int) -> ReceivedInvoice:
    """The received invoice, or 404."""
    rows = ReceivedInvoice.objects.select_related("contract__client", "line__invoice", "filed_by")
    return get_object_or_404(rows, pk=pk)
