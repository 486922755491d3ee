"""Invoices on screen: the list with what is owed both ways, one document with every line's why, and its PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.billing.access import may_administer, may_keep_books
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.books.handing import handed_over, issues_elsewhere
from ecuanime.billing.crediting.replacing import replaceable
from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.billing.packs import Status, pack_of
from ecuanime.billing.queries import find_invoice, invoice_page, key_of, leaning_on
from ecuanime.billing.queries.advances import advances_left
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
    return document(request, found, **{name: cast(Any, sent)})


def document(
    request: StaffRequest,
    invoice: Invoice,
    *,
    line_form: LineForm | None = None,
    discount_form: DiscountForm | None = None,
    tax_form: TaxForm | None = None,
    withholding_form: WithholdingForm | None = None,
    payment_form: PaymentForm | None = None,
    rate_form: DocumentRateForm | None = None,
    send_form: SendForm | None = None,
) -> HttpResponse:
    """The page of a document, with the form that has to be corrected if there is one (422)."""
    today, page = firm_today(), invoice_page(invoice, today=firm_today())
    issuer, customer = parties_of(invoice)
    annex, forms = (
        Annex(page),
        [line_form, discount_form, tax_form, withholding_form, payment_form, rate_form, send_form],
    )
    context = {
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
        "withheld": withheld_of(page.invoice),
        "at_home": home_of(page),
        "history": history_of(invoice, today=today),
        "why_proforma": _why_proforma(invoice),
        "offers": offers_of((explained.line for explained in page.lines), request.user),
        "iban": invoice.issuer.get("iban", ""),
    }
    if invoice.is_draft:
        context["advances"] = advances_left(invoice)
        context["line_form"] = line_form or LineForm(currency=invoice.currency)
        context["discount_form"] = discount_form or DiscountForm(invoice=invoice)
        context["tax_form"] = tax_form or TaxForm(chosen=invoice.tax_rate)
        context["vat_warning"] = vat_warning(leaning_on(invoice))
        context["other_taxes"] = other_taxes(invoice, today)
        if invoice.currency != the_firm().currency:
            context["booking"] = booking_of(invoice, today)
            context["may_note_rates"] = may_keep_books(request.user)
            context["rate_form"] = rate_form or DocumentRateForm(invoice=invoice, today=today)
        if invoice.withheld_why:
            context["withholding_form"] = withholding_form or WithholdingForm(
                chosen=invoice.chosen_withholding
            )
    else:
        context["handed"] = handed_over(invoice)
        is_spanish = invoice.texts.get("pack") == "ES"
        context["records"] = records_of(invoice.pk) if is_spanish else []
        context["may_replace"] = is_spanish and replaceable(invoice.client).filter(pk=invoice.pk).exists()
        if invoice.texts.get("pack") == "MX":
            cfdis = shown_cfdis(invoice)
            context |= {"cfdis": cfdis, "complements": shown_complements(invoice)}
            context["replaced_now"] = any(each.row.state == Cfdi.State.TO_STAMP for each in cfdis)
            context["may_cancel_cfdi"] = may_administer(request.user)
        context["may_cancel"] = may_administer(request.user) and (
            invoice.is_replacement or not invoice.credited
        )
        context["mail_state"] = mail_state(invoice, page.recipients)
        context["send_form"] = send_form or SendForm(to=page.recipients)
        context["data"] = offered = data_of(invoice)
        files = offered.files if offered else ()
        context["data_urls"] = [
            (each.label, reverse("invoice_data", args=[key_of(invoice), each.value])) for each in files
        ]
        context["may_write_off"] = may_keep_books(request.user)
        context["held"] = held_in(invoice.client, invoice.currency)
        context["home"] = home = the_firm().currency
        if invoice.currency != home:
            context["rate_form"] = rate_form or DocumentRateForm(invoice=invoice, today=today)
        context["payment_form"] = payment_form or PaymentForm(
            currency=invoice.currency, owed=invoice.owed, today=today
        )
    bound: list[Form] = [form for form in forms if form is not None]
    return render(request, "office/invoices/document.html", context, status=status_of(*bound))


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
