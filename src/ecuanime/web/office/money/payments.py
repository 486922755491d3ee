"""Money of a document: payments, credit that is held, and payments that a bank withdrew."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.billing import actions
from ecuanime.billing.models import Dispute, Payment
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today, invoice_of, issued_of, keepers
from ecuanime.web.office.invoices.document import act_on
from ecuanime.web.office.money.forms import (
    CorrectPaymentForm,
    DisputeForm,
    DocumentRateForm,
    PaymentForm,
    SettleForm,
    WriteOffForm,
)


@billers
@require_POST
def record_payment(request: StaffRequest, key: str) -> HttpResponse:
    """Note money received, or given back."""
    issued = issued_of(key)
    form = PaymentForm(request.POST, currency=issued.currency)
    return act_on(
        request,
        issued,
        lambda: actions.record_payment(invoice=issued, by=request.user, now=read_clock(), **form.values()),
        _("The payment was noted."),
        payment_form=form,
    )


@billers
@require_http_methods(["GET", "POST"])
def correct_payment(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Take back a payment that was noted by mistake."""
    issued = issued_of(key)
    kinds = (Payment.Kind.RECEIVED, Payment.Kind.RETURNED, Payment.Kind.APPLIED)
    payment = get_object_or_404(Payment, pk=pk, invoice=issued, kind__in=kinds)
    form = CorrectPaymentForm(request.POST or None)
    if done(
        request,
        form,
        lambda: actions.correct_payment(
            payment=payment, by=request.user, now=read_clock(), **form.cleaned_data
        ),
        _("The payment was taken back. Both lines stay on the invoice."),
    ):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "payment": payment, "form": form}
    return render(request, "office/money/correct_payment.html", context, status=status_of(form))


@billers
@require_POST
def book_at(request: StaffRequest, key: str) -> HttpResponse:
    """Say at which rate a document in another currency is booked, a draft too."""
    issued = invoice_of(key)
    form = DocumentRateForm(request.POST, invoice=issued, today=firm_today())
    return act_on(
        request,
        issued,
        lambda: actions.note_rate_of_document(
            invoice=issued, by=request.user, now=read_clock(), **form.values()
        ),
        _("It is booked at this rate."),
        rate_form=form,
    )


@billers
@require_POST
def apply_held(request: StaffRequest, key: str) -> HttpResponse:
    """Pay a document with what is held for its client; the payments noted before make a double click count once."""
    issued = issued_of(key)
    attempt(
        request,
        lambda: actions.apply_held(
            invoice=issued,
            by=request.user,
            now=read_clock(),
            idempotency_key=f"apply:{issued.pk}:{issued.payments.count()}",
        ),
        _("The client's credit was applied."),
    )
    return redirect("invoice", key)


@billers
@require_POST
def hold(request: StaffRequest, key: str) -> HttpResponse:
    """Hold for the client what a document was paid beyond what it owes."""
    issued = issued_of(key)
    attempt(
        request,
        lambda: actions.hold_overpaid(invoice=issued, by=request.user, now=read_clock()),
        _("The money is held for the client. Apply it to another invoice, or give it back."),
    )
    return redirect("invoice", key)


@keepers
@require_http_methods(["GET", "POST"])
def write_off(request: StaffRequest, key: str) -> HttpResponse:
    """Give up as lost what an invoice still owes."""
    issued = issued_of(key)
    form = WriteOffForm(request.POST or None, owed=issued.owed, today=firm_today())
    if done(
        request,
        form,
        lambda: actions.write_off(invoice=issued, by=request.user, now=read_clock(), **form.cleaned_data),
        _("It is written off: nothing more of it is asked for."),
    ):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "form": form}
    return render(request, "office/money/write_off.html", context, status=status_of(form))


@keepers
@require_http_methods(["GET", "POST"])
def undo_write_off(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Take a write-off back."""
    issued = issued_of(key)
    written = get_object_or_404(Payment, pk=pk, invoice=issued)
    if written.kind != Payment.Kind.WRITE_OFF:
        say_refused(request, _("That is no write-off."))
        return redirect("invoice", key)
    form = CorrectPaymentForm(request.POST or None)
    if done(
        request,
        form,
        lambda: actions.undo_write_off(
            written=written, by=request.user, now=read_clock(), **form.cleaned_data
        ),
        _("The write-off is taken back: the invoice owes it again."),
    ):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "written": written, "form": form}
    return render(request, "office/money/undo_write_off.html", context, status=status_of(form))


@billers
@require_http_methods(["GET", "POST"])
def dispute(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Note that a bank withdrew a payment."""
    issued = issued_of(key)
    payment = get_object_or_404(Payment, pk=pk, invoice=issued)
    form = DisputeForm(request.POST or None, initial={"disputed_on": firm_today()})
    if done(
        request,
        form,
        lambda: actions.dispute_payment(
            payment=payment, by=request.user, now=read_clock(), **form.cleaned_data
        ),
        _("The payment is disputed, and the invoice owes it until the dispute is settled."),
    ):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "payment": payment, "form": form}
    return render(request, "office/money/dispute.html", context, status=status_of(form))


@billers
@require_http_methods(["GET", "POST"])
def settle(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Say how a dispute ended."""
    issued = issued_of(key)
    payment = get_object_or_404(Payment, pk=pk, invoice=issued)
    found = Dispute.objects.filter(payment=payment).first()
    if found is None:
        say_refused(request, _("This payment is not disputed."))
        return redirect("invoice", key)
    form = SettleForm(request.POST or None, initial={"settled_on": firm_today()})
    if done(
        request,
        form,
        lambda: actions.settle_dispute(dispute=found, by=request.user, now=read_clock(), **form.values()),
        _("The dispute is settled."),
    ):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "payment": payment, "dispute": found, "form": form}
    return render(request, "office/money/settle.html", context, status=status_of(form))
