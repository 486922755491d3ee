"""What is done with a document: changed while it is a draft, issued, sent, credited."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.billing import actions
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.documents.numbering import code_for
from ecuanime.billing.letters import recipients_of
from ecuanime.billing.models import Charge, InvoiceLine, LineSegment
from ecuanime.billing.packs import Status, pack_of
from ecuanime.billing.queries import find_invoice, key_of, leaning_on
from ecuanime.entitlements.words import price_words
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, draft_of, firm_today, issued_from, issued_of
from ecuanime.web.office.invoices.document import act_on
from ecuanime.web.office.invoices.forms import (
    CreditForm,
    DiscountForm,
    IssueForm,
    LineForm,
    PayBackForm,
    SendForm,
    TaxForm,
    TimeDiscountForm,
    WithholdingForm,
    kinds_for,
)
from ecuanime.web.office.invoices.page import title_of, vat_warning
from ecuanime.web.refusals import tell


@billers
@require_POST
def add_line(request: StaffRequest, key: str) -> HttpResponse:
    """Add a line by hand."""
    draft = draft_of(key)
    form = LineForm(request.POST, currency=draft.currency)
    return act_on(
        request,
        draft,
        lambda: actions.add_line(invoice=draft, by=request.user, now=read_clock(), **form.values()),
        _("The line was added."),
        line_form=form,
    )


@billers
@require_POST
def remove_line(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Take a line out that was added by hand."""
    line = get_object_or_404(draft_of(key).lines, pk=pk)
    attempt(
        request,
        lambda: actions.remove_line(line=line, by=request.user, now=read_clock()),
        _("The line was removed."),
    )
    return redirect("invoice", key)


@billers
@require_http_methods(["GET", "POST"])
def discount_line(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Take a discount off one line of time, or end it."""
    draft = draft_of(key)
    line = get_object_or_404(draft.lines.select_related("invoice"), pk=pk)
    form = TimeDiscountForm(request.POST or None, line=line)
    if done(
        request,
        form,
        lambda: actions.discount_time(line=line, by=request.user, now=read_clock(), **form.values()),
        _("The discount of the line is as you said."),
    ):
        return redirect("invoice", key)
    context = {"invoice": draft, "key": key, "title": title_of(draft), "line": line, "form": form}
    return render(request, "office/invoices/line_discount.html", context, status=status_of(form))


@billers
@require_POST
def set_discount(request: StaffRequest, key: str) -> HttpResponse:
    """Take a discount off the whole draft, or end it."""
    draft = draft_of(key)
    form = DiscountForm(request.POST, invoice=draft)
    return act_on(
        request,
        draft,
        lambda: actions.set_discount(invoice=draft, by=request.user, now=read_clock(), **form.values()),
        _("The discount of the draft is as you said."),
        discount_form=form,
    )


@billers
@require_POST
def deduct(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Take an advance off a draft, as much as fits."""
    draft = draft_of(key)
    line = get_object_or_404(InvoiceLine, pk=pk, invoice__client=draft.client_id)
    attempt(
        request,
        lambda: actions.deduct_advance(invoice=draft, advance=line, by=request.user, now=read_clock()),
        _("The advance is taken off, with its tax."),
    )
    return redirect("invoice", key)


@billers
@require_POST
def set_tax(request: StaffRequest, key: str) -> HttpResponse:
    """Tax the whole draft in another way."""
    draft, form = draft_of(key), TaxForm(request.POST)
    return act_on(
        request,
        draft,
        lambda: actions.set_draft_tax(invoice=draft, by=request.user, now=read_clock(), **form.cleaned_data),
        _("The draft is taxed like that now; a line with a tax of its own keeps it."),
        tax_form=form,
    )


@billers
@require_POST
def set_withholding(request: StaffRequest, key: str) -> HttpResponse:
    """Say what the customer of a draft keeps back."""
    draft, form = draft_of(key), WithholdingForm(request.POST)
    return act_on(
        request,
        draft,
        lambda: actions.set_draft_withholding(
            invoice=draft, code=form.cleaned_data["withholding"], by=request.user, now=read_clock()
        ),
        _("What is withheld is noted. The total stays; what is to be paid changes."),
        withholding_form=form,
    )


@billers
@require_POST
def recompute(request: StaffRequest, key: str) -> HttpResponse:
    """Make the lines of time anew."""
    draft = draft_of(key)
    attempt(
        request,
        lambda: actions.recompute_draft(invoice=draft, by=request.user, now=read_clock()),
        _("The lines of time were made anew, with today's taxes and the client's language."),
    )
    return redirect("invoice", key)


@billers
@require_http_methods(["GET", "POST"])
def discard(request: StaffRequest, key: str) -> HttpResponse:
    """Throw a draft away, after saying what becomes of what stands on it."""
    draft = draft_of(key)
    if request.method == "POST":
        try:
            actions.discard_draft(invoice=draft, by=request.user, now=read_clock())
        except Refused as refusal:
            say_refused(request, str(refusal))
            return redirect("invoice", key)
        say(request, _("The draft is gone. Its time can be billed again."))
        return redirect("invoices")
    has_pack = draft.lines.filter(charge__lot__isnull=False).exists()
    context = {"invoice": draft, "key": key, "title": title_of(draft), "has_pack": has_pack}
    return render(request, "office/invoices/discard.html", context)


@billers
@require_http_methods(["GET", "POST"])
def issue(request: StaffRequest, key: str) -> HttpResponse:
    """Give a draft its number for ever, after saying what that means; refused, it says why and the way on."""
    draft = find_invoice(key)
    if draft is None:
        return redirect("invoice", issued_from(key))
    if not draft.is_draft:
        return redirect("invoice", key)
    refusal = None
    sent = request.POST if request.method == "POST" else None
    form = IssueForm(sent, kind=draft.kind, today=firm_today())
    if request.method == "POST" and form.is_valid():
        try:
            issued = actions.issue_invoice(
                invoice=draft, by=request.user, now=read_clock(), **form.cleaned_data
            )
        except Refused as refused:
            refusal = refused
        else:
            say(request, _("%(number)s is issued and leaves by mail.") % {"number": issued.number})
            return redirect("invoice", key_of(issued))
    pack = pack_of(the_firm())
    if refusal is None and not draft.is_pro_forma and pack.status == Status.EXPORT_ONLY:
        refusal = Refused("export_only", pack.why_not)
    context = {
        "invoice": draft,
        "key": key,
        "title": title_of(draft),
        "form": form,
        "series": code_for(draft.kind, pack.series_code(draft.kind)),
        "why_proforma": pack.why_not if draft.is_pro_forma else "",
        "recipients": recipients_of(draft.client),
        "has_pack": draft.lines.filter(charge__lot__isnull=False).exists(),
        "refusal": refusal,
        "meanwhile": pack.meanwhile,
        "vat_warning": vat_warning(leaning_on(draft)),
        "may_note_rates": may_keep_books(request.user),
    }
    refused_now = request.method == "POST"
    return render(request, "office/invoices/issue.html", context, status=422 if refused_now else 200)


@billers
@require_POST
def send(request: StaffRequest, key: str) -> HttpResponse:
    """Send an issued document once more."""
    issued, form = issued_of(key), SendForm(request.POST)
    said = _("%(number)s is on its way.") % {"number": issued.number}
    return act_on(
        request,
        issued,
        lambda: actions.send_invoice(invoice=issued, by=request.user, now=read_clock(), **form.values()),
        said,
        send_form=form,
    )


@billers
@require_http_methods(["GET", "POST"])
def credit(request: StaffRequest, key: str) -> HttpResponse:
    """Cancel an issued document by another, after saying what that means."""
    issued = issued_of(key)
    if not issued.can_be_credited:
        say_refused(request, _("%(number)s cannot be credited again.") % {"number": issued.number})
        return redirect("invoice", key)
    has_time = LineSegment.objects.filter(line__invoice=issued).exists()
    has_fee = Charge.objects.filter(lines__invoice=issued, lot=None).exists()
    form = CreditForm(request.POST or None, has_time=has_time or has_fee, kinds=kinds_for(issued))
    if request.method == "POST" and form.is_valid():
        try:
            note = actions.credit_invoice(invoice=issued, by=request.user, now=read_clock(), **form.values())
        except Refused as refusal:
            tell(form, refusal)
        else:
            said = _("%(number)s takes %(credited)s off and leaves by mail.")
            say(request, said % {"number": note.number, "credited": issued.number})
            return redirect("invoice", key_of(note))
    packs = Charge.objects.filter(lines__invoice=issued, lot__isnull=False, cancelled_at=None).exists()
    left = issued.payable - issued.credited
    context = {"invoice": issued, "key": key, "form": form, "has_pack": packs, "left": left}
    return render(request, "office/invoices/credit.html", context, status=status_of(form))


@billers
@require_http_methods(["GET", "POST"])
def pay_back(request: StaffRequest, code: str) -> HttpResponse:
    """Credit the unused hours of a pack, after saying how many and what that means."""
    charge = get_object_or_404(Charge.objects.select_related("lot", "contract__client"), lot__code=code)
    lot = charge.lot
    if lot is None:
        raise Http404
    form = PayBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            note = actions.pay_back_pack(
                charge=charge, by=request.user, now=read_clock(), **form.cleaned_data
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("%(number)s pays back what was unused.") % {"number": note.number})
            return redirect("invoice", key_of(note))
    line = charge.lines.filter(invoice__corrects=None).select_related("invoice").first()
    context = {
        "lot": lot,
        "charge": charge,
        "bonus": lot.bonuses.filter(left__gt=0, is_bonus=True).first(),
        "price": price_words(charge.price, lot.unit, charge.currency),
        "original": line.invoice if line else None,
        "back_url": reverse("invoice", args=[key_of(line.invoice)]) if line else reverse("invoices"),
        "form": form,
    }
    return render(request, "office/invoices/pay_back.html", context, status=status_of(form))
