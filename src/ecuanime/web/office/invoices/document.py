"""Invoices on screen: the list with what is owed both ways, one document with every line's why, and its PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_administer, may_keep_books
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.books.handing import handed_over, issues_elsewhere
from ecuanime.billing.crediting.replacing import replaceable
from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.billing.packs import Status, pack_of
from ecuanime.billing.queries import find_invoice, invoice_page, key_of, leaning_on
from ecuanime.billing.queries.advances import advances_left
from ecuanime.billing.queries.page import InvoicePage
from ecuanime.billing.queries.pdfs import current_pdf
from ecuanime.billing.queries.records import records_of
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.invoice_data import data_of, data_response
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.downloads import PDF, kept_download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today, invoice_of, issued_from
from ecuanime.web.office.invoices.forms import DiscountForm, LineForm, SendForm, TaxForm, WithholdingForm
from ecuanime.web.office.invoices.history import history_of, mail_state
from ecuanime.web.office.invoices.offers import offers_of
from ecuanime.web.office.invoices.page import (
    Annex,
    booking_of,
    home_of,
    other_taxes,
    parties_of,
    state_of,
    taxes_of,
    title_of,
    vat_warning,
    withheld_of,
)
from ecuanime.web.office.mexico.cfdis import shown_cfdis, shown_complements
from ecuanime.web.office.money.forms import DocumentRateForm, PaymentForm


@billers
@require_safe
def invoice(request: StaffRequest, key: str) -> HttpResponse:
    """One document; a draft that was issued meanwhile leads to its number."""
    found = find_invoice(key)
    if found is None:
        return redirect("invoice", issued_from(key))
    return document(request, found)


def act_on(
    request: StaffRequest, found: Invoice, act: Callable[[], object], said: str, **form: Form
) -> HttpResponse:
    """Act on a form of a document's page, named as `document` names it; refused, it is shown there."""
    ((name, sent),) = form.items()
    if done(request, sent, act, said):
        return redirect("invoice", key_of(found))
    return document(request, found, **{name: sent})


def document(request: StaffRequest, invoice: Invoice, **sent: Form) -> HttpResponse:
    """The page of a document, with a form that was `sent` and has to be corrected (422), named as the page names it."""
    today = firm_today()
    page = invoice_page(invoice, today=today)
    of_its_state = _draft if invoice.is_draft else _issued
    context = _shown(page, request.user, today) | of_its_state(page, request.user, today)
    context |= {name: form for name, form in sent.items() if name in context}
    return render(request, "office/invoices/document.html", context, status=status_of(*sent.values()))


def _shown(page: InvoicePage, user: User, today: date) -> dict[str, Any]:
    """What the page shows of every document."""
    invoice, annex = page.invoice, Annex(page)
    issuer, customer = parties_of(invoice)
    return {
        "page": page,
        "invoice": invoice,
        "key": key_of(invoice),
        "title": title_of(invoice),
        "state": state_of(page.tag),
        "issuer": issuer,
        "customer": customer,
        "attention": invoice.customer.get("attention", ""),
        "lines": annex.lines(),
        "covered": annex.covered(),
        "taxes": taxes_of(page),
        "withheld": withheld_of(invoice),
        "at_home": home_of(page),
        "history": history_of(invoice, today=today),
        "why_proforma": _why_proforma(invoice),
        "offers": offers_of((explained.line for explained in page.lines), user),
        "iban": invoice.issuer.get("iban", ""),
    }


def _draft(page: InvoicePage, user: User, today: date) -> dict[str, Any]:
    """What a draft is changed with."""
    invoice = page.invoice
    context: dict[str, Any] = {
        "advances": advances_left(invoice),
        "line_form": LineForm(currency=invoice.currency),
        "discount_form": DiscountForm(invoice=invoice),
        "tax_form": TaxForm(chosen=invoice.tax_rate),
        "vat_warning": vat_warning(leaning_on(invoice)),
        "other_taxes": other_taxes(invoice, today),
    }
    if invoice.currency != the_firm().currency:
        context["booking"] = booking_of(invoice, today)
        context["may_note_rates"] = may_keep_books(user)
        context["rate_form"] = DocumentRateForm(invoice=invoice, today=today)
    if invoice.withheld_why:
        context["withholding_form"] = WithholdingForm(chosen=invoice.chosen_withholding)
    return context


def _issued(page: InvoicePage, user: User, today: date) -> dict[str, Any]:
    """What an issued document is sent, paid and corrected with."""
    invoice, home = page.invoice, the_firm().currency
    offered = data_of(invoice)
    context: dict[str, Any] = {
        "handed": handed_over(invoice),
        "may_cancel": may_administer(user) and (invoice.is_replacement or not invoice.credited),
        "mail_state": mail_state(invoice, page.recipients),
        "send_form": SendForm(to=page.recipients),
        "data": offered,
        "data_urls": [
            (each.label, reverse("invoice_data", args=[key_of(invoice), each.value]))
            for each in (offered.files if offered else ())
        ],
        "may_write_off": may_keep_books(user),
        "held": held_in(invoice.client, invoice.currency),
        "home": home,
        "payment_form": PaymentForm(currency=invoice.currency, owed=invoice.owed, today=today),
    }
    if invoice.currency != home:
        context["rate_form"] = DocumentRateForm(invoice=invoice, today=today)
    return context | _of_its_law(invoice, user)


def _of_its_law(invoice: Invoice, user: User) -> dict[str, Any]:
    """What the law of Spain or Mexico keeps of an issued document, where it was issued under it."""
    pack = invoice.texts.get("pack")
    if pack == "ES":
        may_replace = replaceable(invoice.client).filter(pk=invoice.pk).exists()
        return {"records": records_of(invoice.pk), "may_replace": may_replace}
    if pack == "MX":
        cfdis = shown_cfdis(invoice)
        return {
            "cfdis": cfdis,
            "complements": shown_complements(invoice),
            "replaced_now": any(each.row.state == Cfdi.State.TO_STAMP for each in cfdis),
            "may_cancel_cfdi": may_administer(user),
        }
    return {}


def _why_proforma(invoice: Invoice) -> str:
    """Why a pro-forma is none but that, in the words of the country's pack."""
    if invoice.is_pro_forma and issues_elsewhere():
        return _("Your firm issues its invoices in another program: hand this one over to it.")
    pack = pack_of(the_firm())
    return pack.why_not if invoice.is_pro_forma and pack.status == Status.EXPORT_ONLY else ""


@billers
@require_safe
def data(request: StaffRequest, key: str, name: str) -> HttpResponse:
    """An issued document as a file for programs; what cannot be written says why on its page."""
    found = invoice_of(key)
    if found.is_draft:
        raise Http404
    try:
        return data_response(found, name)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("invoice", key)


@billers
@require_safe
def pdf(request: StaffRequest, key: str) -> HttpResponse:
    """The PDF of an issued document, as a download."""
    found = invoice_of(key)
    if found.is_draft:
        raise Http404
    kept = current_pdf(found)
    if kept is None:
        say_refused(request, _("The PDF is still being drawn. Try again in a moment."))
        return redirect("invoice", key)
    return kept_download(kept.sha256, f"{found.number}.pdf", PDF)
