"""Invoices on screen: the list with what is owed both ways, one document with every line's why, and its PDF."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing.access import may_cancel_records, may_write_off
from ecuanime.billing.accounts import held_in
from ecuanime.billing.advances import advances_left
from ecuanime.billing.fiscal_queries import records_of
from ecuanime.billing.handing import handed_over, issues_elsewhere
from ecuanime.billing.models import DRAFT_KEY, Cfdi, Invoice
from ecuanime.billing.packs import Status, pack_of
from ecuanime.billing.queries import (
    InvoiceFilter,
    InvoiceRow,
    Receivables,
    counts_by_filter,
    find_invoice,
    invoice_page,
    invoices_in,
    key_of,
    receivables,
)
from ecuanime.billing.queries.pdfs import current_pdf
from ecuanime.billing.replacing import replaceable
from ecuanime.clients.models import Client
from ecuanime.entitlements.queries import UnusedHours, unused_hours
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import path_of
from ecuanime.foundation.models import StoredFile
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.invoice_data import data_of, data_response
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.clients.common import done, status_of
from ecuanime.web.office.invoices.cfdis import shown_cfdis, shown_complements
from ecuanime.web.office.invoices.forms import DiscountForm, LineForm, SendForm, TaxForm, WithholdingForm
from ecuanime.web.office.invoices.history import history_of, mail_state
from ecuanime.web.office.invoices.money_forms import DocumentRateForm, PaymentForm
from ecuanime.web.office.invoices.offers import offers_of
from ecuanime.web.office.invoices.page import (
    Annex,
    other_taxes,
    parties_of,
    state_of,
    taxes_of,
    title_of,
    withheld_of,
)

billers = for_staff(Role.BILLING, Role.SUPERVISOR)
logger = logging.getLogger(__name__)

TABS = {
    "todas": InvoiceFilter.ALL,
    "borradores": InvoiceFilter.DRAFTS,
    "por-cobrar": InvoiceFilter.UNPAID,
    "vencidas": InvoiceFilter.OVERDUE,
    "sin-entregar": InvoiceFilter.UNDELIVERED,
    "pagadas": InvoiceFilter.PAID,
    "incobrables": InvoiceFilter.WRITTEN_OFF,
    "rectificativas": InvoiceFilter.CORRECTIONS,
}
PAGE = 50


def firm_today() -> date:
    """The firm's date now."""
    return local_date(read_clock(), the_firm().time_zone)


@billers
@require_safe
def invoices(request: StaffRequest) -> HttpResponse:
    """Every document, the newest first, with what clients owe us and what work we owe them."""
    today, chosen = firm_today(), request.GET.get("ver", "todas")
    which = TABS.get(chosen, InvoiceFilter.ALL)
    code, text = request.GET.get("cliente", ""), request.GET.get("buscar", "").replace("\0", "").strip()[:100]
    client = get_object_or_404(Client, code=code) if code.isprintable() and code else None
    page = invoices_in(
        which, today=today, client=client, text=text, after=request.GET.get("d", ""), size=PAGE
    )
    counts = counts_by_filter(today=today, client=client)
    context = {
        "rows": [document_row(row) for row in page.rows],
        "tabs": _tabs(request, counts, which),
        "which": which,
        "client": client,
        "search": text,
        "kept": [
            (name, value)
            for name, value in (("ver", chosen), ("cliente", code))
            if value and value != "todas"
        ],
        "is_filtered": bool(text or client or which != InvoiceFilter.ALL),
        "facts": _facts(receivables(today=today), unused_hours(), today),
        "shown": "" if text else _shown(len(page.rows), counts[which]),
        "first_url": _query(request, d="") if "d" in request.GET else "",
        "next_url": _query(request, d=page.next) if page.next else "",
        "clear_url": reverse("invoices"),
    }
    return render(request, "office/invoices/list.html", context)


def document_row(row: InvoiceRow) -> dict[str, Any]:
    """A document as lists show it."""
    invoice, about = row.invoice, row.about
    if invoice.corrects:
        about = _("Corrects %(number)s: %(reason)s") % {
            "number": invoice.corrects.number,
            "reason": invoice.reason,
        }
    elif row.line_count > 1:
        more = ngettext("%(about)s and %(count)s more", "%(about)s and %(count)s more", row.line_count - 1)
        about = more % {"about": about, "count": row.line_count - 1}
    return {"invoice": invoice, "key": key_of(invoice), "state": state_of(row.tag), "about": about}


def _tabs(request: StaffRequest, counts: dict[str, int], which: str) -> list[dict[str, Any]]:
    labels = {
        InvoiceFilter.ALL: pgettext("documents", "All"),
        InvoiceFilter.DRAFTS: _("Drafts"),
        InvoiceFilter.UNPAID: _("Unpaid"),
        InvoiceFilter.OVERDUE: pgettext("documents", "Overdue"),
        InvoiceFilter.UNDELIVERED: _("Not delivered"),
        InvoiceFilter.PAID: pgettext("documents", "Paid"),
        InvoiceFilter.WRITTEN_OFF: pgettext("documents", "Written off"),
        InvoiceFilter.CORRECTIONS: _("Credit notes"),
    }
    return [
        {
            "label": labels[name],
            "count": counts[name],
            "url": _query(request, ver=slug, d=""),
            "current": name == which,
        }
        for slug, name in TABS.items()
    ]


def _query(request: StaffRequest, **changes: str) -> str:
    """The address of this list with some of its filters changed."""
    query = {**request.GET.dict(), **changes}
    kept = {name: value for name, value in query.items() if value and (name, value) != ("ver", "todas")}
    return f"{reverse('invoices')}?{urlencode(kept)}" if kept else reverse("invoices")


def _shown(rows: int, total: int) -> str:
    return _("%(rows)s of %(total)s") % {"rows": rows, "total": total}


def _facts(owed: Sequence[Receivables], unused: Sequence[UnusedHours], today: date) -> list[dict[str, Any]]:
    """What clients owe, what is late, what is still to be invoiced, and the work that we owe."""

    def each(amount_of: Callable[[Receivables], int]) -> str:
        known = [(amount_of(row), row.currency) for row in owed]
        return _sums([pair for pair in known if pair[0]] or known[:1])

    count = sum(row.owed_count for row in owed)
    found: list[dict[str, Any]] = [
        {
            "label": _("Owed to us"),
            "value": each(lambda row: row.owed),
            "note": ngettext("%(count)s document", "%(count)s documents", count) % {"count": count},
        },
        {
            "label": pgettext("an amount", "Overdue"),
            "value": each(lambda row: row.overdue),
            **_lateness(owed, today),
        },
        {
            "label": _("Approved, to invoice"),
            "value": each(lambda row: row.unbilled),
            "note": _clients(sum(row.unbilled_clients for row in owed)),
        },
        {
            "label": _("In drafts"),
            "value": each(lambda row: row.drafts),
            "note": _drafts(sum(row.draft_count for row in owed)),
        },
    ]
    if any(row.to_give_back for row in owed):
        note = _("clients paid more than they owe")
        found.append({"label": _("To give back"), "value": each(lambda row: row.to_give_back), "note": note})
    if unused:
        hours = formats.hours_of_hundredths(
            sum(row.hundredths for row in unused), formats.locale_for(get_language())
        )
        found.append(
            {
                "label": _("In packs, unused"),
                "value": _sums([(row.value, row.currency) for row in unused]),
                "note": _("%(hours)s that we owe in work") % {"hours": hours},
            }
        )
    return found


def _sums(amounts: Sequence[tuple[int, str]]) -> str:
    language = get_language()
    return " + ".join(
        formats.money(amount, currency, formats.locale_for(language, currency))
        for amount, currency in amounts
    )


def _lateness(owed: Sequence[Receivables], today: date) -> dict[str, str]:
    count = sum(row.overdue_count for row in owed)
    oldest = min((row.oldest_due_on for row in owed if row.oldest_due_on), default=None)
    if oldest is None:
        return {"note": _("nothing is late")}
    documents = ngettext("%(count)s document", "%(count)s documents", count) % {"count": count}
    days = (today - oldest).days
    late = ngettext("%(days)s day at most", "%(days)s days at most", days) % {"days": days}
    return {"note": f"{documents}, {late}", "tone": "bad"}


def _clients(count: int) -> str:
    return ngettext("%(count)s client, before tax", "%(count)s clients, before tax", count) % {"count": count}


def _drafts(count: int) -> str:
    return ngettext("%(count)s draft, with tax", "%(count)s drafts, with tax", count) % {"count": count}


@billers
@require_safe
def invoice(request: StaffRequest, key: str) -> HttpResponse:
    """One document; a draft that was issued meanwhile leads to its number."""
    found = find_invoice(key)
    if found is None:
        return redirect("invoice", issued_from(key))
    return document(request, found)


def issued_from(key: str) -> str:
    """The number that the draft of this key got; 404 when there is none."""
    draft = key.removeprefix(DRAFT_KEY)
    if draft == key or not (draft.isascii() and draft.isdigit()) or len(draft) > 17:
        raise Http404
    return get_object_or_404(Invoice, pk=int(draft), state=Invoice.State.ISSUED).number or ""


def invoice_of(key: str) -> Invoice:
    """The document of this key, or 404."""
    found = find_invoice(key)
    if found is None:
        raise Http404
    return found


def draft_of(key: str) -> Invoice:
    """The draft of this key, or 404; an issued document never changes."""
    found = invoice_of(key)
    if not found.is_draft:
        raise Http404
    return found


def issued_of(key: str) -> Invoice:
    """The issued document of this key, or 404."""
    found = invoice_of(key)
    if found.is_draft:
        raise Http404
    return found


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
        context["other_taxes"] = other_taxes(invoice, today)
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
            context["may_cancel_cfdi"] = may_cancel_records(request.user)
        context["may_cancel"] = may_cancel_records(request.user) and (
            invoice.is_replacement or not invoice.credited
        )
        context["mail_state"] = mail_state(invoice, page.recipients)
        context["send_form"] = send_form or SendForm(to=page.recipients)
        context["data"] = offered = data_of(invoice)
        files = offered.files if offered else ()
        context["data_urls"] = [
            (each.label, reverse("invoice_data", args=[key_of(invoice), each.value])) for each in files
        ]
        context["may_write_off"] = may_write_off(request.user)
        context["held"] = held_in(invoice.client, invoice.currency)
        context["home"] = home = the_firm().currency
        if invoice.currency != home:
            context["rate_form"] = rate_form or DocumentRateForm(currency=invoice.currency)
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
    return pdf_response(kept, f"{found.number}.pdf")


def pdf_response(kept: StoredFile, name: str) -> HttpResponse:
    """A PDF of ours, as a download; 404 when its file is gone."""
    try:
        stream = path_of(kept.sha256).open("rb")
    except FileNotFoundError as error:
        logger.error("the PDF %s is gone", name)
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=name, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return cast(HttpResponse, response)
