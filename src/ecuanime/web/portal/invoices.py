"""Invoices in the portal: the list, one with its annex open, and its PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.billing.access import contact_sees_invoices, visible_to_contact
from ecuanime.billing.books.accounts import AccountStatement, held_money
from ecuanime.billing.books.handing import handed_over
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries import (
    ExplainedEntry,
    ExplainedTicket,
    InvoicePage,
    find_invoice,
    invoice_page,
    invoices_of_contact,
)
from ecuanime.billing.queries.cards import card_offer
from ecuanime.billing.queries.pdfs import current_pdf
from ecuanime.billing.queries.receipts import has_receipts, receipts_of_invoice
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.accounts import (
    ROWS,
    PeriodForm,
    account_of,
    asked_period,
    csv_of,
    paging_of,
    pdf_of,
    shown_rows,
)
from ecuanime.web.components.elsewhere import file_of
from ecuanime.web.components.hours import times_of
from ecuanime.web.components.invoice_data import data_of, data_response
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.components.traces import Teller
from ecuanime.web.downloads import PDF, kept_download
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.middleware import PAYS_AT_STRIPE
from ecuanime.web.portal.frame import in_their_zone, older_url, today_of
from ecuanime.worklog.words import Told


@dataclass(frozen=True)
class ShownEntry:
    """An entry of the annex with its clock times and its why."""

    explained: ExplainedEntry
    times: str
    steps: Sequence[Told]


@dataclass(frozen=True)
class ShownTicket:
    """The entries of one request on a line."""

    explained: ExplainedTicket
    entries: Sequence[ShownEntry]


@for_contacts
@in_their_zone
@require_safe
def invoices(request: PortalRequest) -> HttpResponse:
    """The issued documents of the contact's client, the newest first."""
    if not contact_sees_invoices(request.contact):
        raise Http404
    today = today_of(request, read_clock())
    page = invoices_of_contact(request.contact, today=today, after=request.GET.get("d", ""))
    context = {
        "rows": [
            {"invoice": row.invoice, "about": row.about, "tag": tag_for_client(row.invoice, today)}
            for row in page.rows
        ],
        "has_receipts": has_receipts(request.contact),
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, page.next),
    }
    return render(request, "portal/invoices/list.html", context)


@for_contacts
@in_their_zone
@require_safe
def account(request: PortalRequest) -> HttpResponse:
    """Every document and payment of the contact's client, with the balance after each."""
    form, statement = _account(request, size=ROWS)
    context = {
        "form": form,
        "statement": statement,
        "rows": shown_rows(statement) if statement else [],
        "held": sorted(held_money(request.contact.client).items()),
        "query": form.query,
        "paging": paging_of(request, statement),
    }
    return render(request, "portal/invoices/account.html", context, status=422 if form.errors else 200)


@for_contacts
@in_their_zone
@require_safe
def account_csv(request: PortalRequest) -> HttpResponse:
    """The same as a file."""
    _form, statement = _account(request)
    if statement is None:
        raise Http404
    return csv_of(statement)


@for_contacts
@in_their_zone
@require_safe
def account_pdf(request: PortalRequest) -> HttpResponse:
    """The same on paper."""
    _form, statement = _account(request)
    if statement is None:
        raise Http404
    try:
        return pdf_of(statement, request.contact.language)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("portal_account")


def _account(
    request: PortalRequest, *, size: int | None = None
) -> tuple[PeriodForm, AccountStatement | None]:
    if not contact_sees_invoices(request.contact):
        raise Http404
    client = request.contact.client
    form = asked_period(request, client, today_of(request, read_clock()))
    return form, account_of(client, form, after=request.GET.get("d", "") if size else "", size=size)


@for_contacts
@in_their_zone
@require_safe
def invoice(request: PortalRequest, number: str) -> HttpResponse:
    """One document: what is owed, each line with the work behind it, what was paid."""
    today = today_of(request, read_clock())
    page = invoice_page(theirs(request, number), today=today)
    teller = Teller(entry.rating.trace for ticket in _tickets(page) for entry in ticket.entries)
    offered = data_of(page.invoice)
    files = offered.files if offered else ()
    came = request.GET.get("tarjeta", "")
    offer = card_offer(page.invoice)
    context = {
        "page": page,
        "invoice": page.invoice,
        "offer": offer,
        "is_confirming": page.invoice.owed > 0
        and (came == "hecho" or (offer is not None and offer.is_pending)),
        "was_left": came == "sin-pagar",
        "data": offered if files else None,
        "data_urls": [
            (each.label, reverse("portal_invoice_data", args=[number, each.value])) for each in files
        ],
        "tag": tag_for_client(page.invoice, today),
        "elsewhere": handed_over(page.invoice),
        "receipts": receipts_of_invoice(page.invoice, request.contact),
        "lines": [
            {"line": each.line, "tickets": _shown(each.tickets, teller), "count": each.entry_count}
            for each in page.lines
        ],
        "covered": _shown(page.covered, teller),
    }
    response = render(request, "portal/invoices/invoice.html", context)
    if offer is not None:
        response.headers["Content-Security-Policy"] = PAYS_AT_STRIPE
    return response


@for_contacts
@require_safe
def data(request: PortalRequest, number: str, name: str) -> HttpResponse:
    """The document as a file for programs; what cannot be written says why on its page."""
    try:
        return data_response(theirs(request, number), name)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("portal_invoice", number)


@for_contacts
@require_safe
def elsewhere(request: PortalRequest, number: str) -> HttpResponse:
    """The PDF of the invoice that another program issued of it."""
    item = handed_over(theirs(request, number))
    if item is None:
        raise Http404
    return file_of(item)


@for_contacts
@require_safe
def pdf(request: PortalRequest, number: str) -> HttpResponse:
    """The document's PDF, as a download."""
    found = theirs(request, number)
    kept = current_pdf(found)
    if kept is None:
        raise Http404
    return kept_download(kept.sha256, f"{found.number}.pdf", PDF)


def tag_for_client(invoice: Invoice, today: date) -> tuple[str, str]:
    """How a document stands for whoever pays it: the state `invoice_tag` draws and the words for it."""
    if invoice.corrects_id:
        return "credit_note", ""
    if invoice.annulled_at:
        return "annulled", ""
    if invoice.is_replacement:
        return "replacement", _("Nothing to pay")
    if invoice.is_credited:
        return "credited", ""
    if invoice.owed <= 0:
        return ("written_off" if invoice.written_off else "paid"), ""
    if invoice.due_on is not None and invoice.due_on < today:
        return "overdue", ""
    return ("partly_paid", "") if invoice.paid else ("issued", _("To be paid"))


def theirs(request: PortalRequest, number: str) -> Invoice:
    """The issued document of this number, if it is the contact's to see; else there is nothing here."""
    found = find_invoice(number)
    if found is None or not visible_to_contact(request.contact).filter(pk=found.pk).exists():
        raise Http404
    return found


def _tickets(page: InvoicePage) -> Iterable[ExplainedTicket]:
    for line in page.lines:
        yield from line.tickets
    yield from page.covered


def _shown(tickets: Iterable[ExplainedTicket], teller: Teller) -> list[ShownTicket]:
    return [
        ShownTicket(
            ticket,
            [
                ShownEntry(
                    each,
                    times_of(each.rating.entry),
                    teller.steps(
                        each.rating.trace,
                        each.rating.contract.time_zone,
                        with_left=each.rating.contract.client_sees_hours,
                    ),
                )
                for each in ticket.entries
            ],
        )
        for ticket in tickets
    ]
