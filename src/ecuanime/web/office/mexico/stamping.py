"""Mexico's stamping on screen: what waits, was stamped or rejected and why, and who a client is to the SAT."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import mexico as actions
from ecuanime.billing.models import Cfdi, CfdiCancellation, Payment, PublicSale
from ecuanime.billing.packs.mx.catalogues import FORMS, METHODS, REGIMES, USES
from ecuanime.billing.packs.mx.complements import to_complement
from ecuanime.billing.packs.mx.declared import gaps, mexico_settings
from ecuanime.billing.packs.mx.public import due_periods, payable_sales, unnamed
from ecuanime.billing.packs.mx.receivers import ReceiverFacts, facts_of, generic_rfc, proposed_facts
from ecuanime.clients.models import Client
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.paging import page_of
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.downloads import PDF, XML, download, kept_download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.clients.common import client_of
from ecuanime.web.office.invoices.common import billers, firm_today, issued_of
from ecuanime.web.office.mexico.cfdis import shown
from ecuanime.web.office.mexico.ways import hindrance_of

administrators = for_staff(Role.ADMINISTRATOR)
NEWEST_FIRST = ("-sealed_at", "-id")
PAGE = 50
MOST_WITHOUT = 20


def choices(keys: Any) -> list[tuple[str, str]]:
    """A catalogue as choices: key and words, as the SAT prints them."""
    return [(key, f"{key} {words}") for key, words in keys.items()]


class ReceiverForm(forms.Form):
    """What the Constancia de Situación Fiscal of a client says, and how it pays."""

    name = forms.CharField(
        label=gettext_lazy("Name by the SAT"),
        max_length=254,
        help_text=gettext_lazy(
            "In capitals as their Constancia has it, without “S.A. de C.V.” and the like."
        ),
    )
    postcode = forms.CharField(label=gettext_lazy("Postcode of their tax domicile"), max_length=5)
    regime = forms.ChoiceField(label=gettext_lazy("Tax regime"), choices=choices(REGIMES))
    use = forms.ChoiceField(label=gettext_lazy("Use of the invoices"), choices=choices(USES))
    method = forms.ChoiceField(label=gettext_lazy("When they pay"), choices=choices(METHODS))
    form = forms.ChoiceField(
        label=gettext_lazy("How they pay at once"),
        choices=choices(FORMS),
        help_text=gettext_lazy("It counts where they pay in one go, within the month of the invoice."),
    )


class CancelForm(forms.Form):
    """Why a CFDI is cancelled, and what takes its place."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason by the SAT"), choices=CfdiCancellation.Reason.choices
    )
    substitute = forms.CharField(
        label=gettext_lazy("UUID of the CFDI that takes its place"),
        max_length=36,
        required=False,
        help_text=gettext_lazy("For reason 01 alone."),
    )


class PeriodForm(forms.Form):
    """A day of the period of a global invoice."""

    day = forms.DateField(widget=forms.HiddenInput)


class AbandonForm(forms.Form):
    """Why a rejected document is given up."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)


@billers
@require_safe
def stamping(request: StaffRequest) -> HttpResponse:
    """Every CFDI, the newest first, under what keeps invoices from being issued."""
    rows = Cfdi.objects.select_related("invoice__client").defer("sealed", "stamped")
    after = request.GET.get("d", "")
    page = page_of(rows, order=NEWEST_FIRST, after=after, size=PAGE)
    firm = the_firm()
    context = {
        "rows": [shown(row) for row in page.rows],
        "without": list(to_complement()[:MOST_WITHOUT]),
        "waiting": Cfdi.objects.filter(state=Cfdi.State.TO_STAMP).count(),
        "gaps": [] if firm.is_demo or firm.country != "MX" else gaps(),
        "first_url": request.path if after else "",
        "next_url": f"?d={page.next}" if page.next else "",
        "may_set_up": request.user.has_role(Role.ADMINISTRATOR),
        "has_public": PublicSale.objects.exists(),
    }
    return render(request, "office/mexico/stamping.html", context)


@billers
@require_http_methods(["GET", "POST"])
def public(request: StaffRequest) -> HttpResponse:
    """What was sold to the public by period, and its global invoices; a POST seals one."""
    form = PeriodForm(request.POST or None)

    def act() -> None:
        actions.make_global(day=form.cleaned_data["day"], by=request.user, now=read_clock())

    if done(
        request, form, act, _("The global invoice is sealed and will be stamped within a minute or two.")
    ):
        return redirect("stamping_public")
    made = Cfdi.objects.filter(invoice=None).annotate(sold=Count("sales")).defer("sealed", "stamped")
    settings = mexico_settings()
    context = {
        "form": form,
        "due": due_periods(firm_today()),
        "made": [shown(row) for row in made.order_by(*NEWEST_FIRST)[:PAGE]],
        "unpaid": unnamed().exclude(pk__in=payable_sales().values("pk")).count(),
        "is_made_here": settings is not None and bool(settings.public_period),
        "may_set_up": request.user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "office/mexico/public.html", context, status=status_of(form))


@billers
@require_safe
def sealed_xml(request: StaffRequest, pk: int) -> HttpResponse:
    """A CFDI as it was stamped, or as it was sealed and sent, as a download."""
    row = get_object_or_404(Cfdi.objects.select_related("invoice"), pk=pk)
    return download(row.stamped or row.sealed, f"{row.file_name}-{row.attempt}.xml", XML)


@billers
@require_safe
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The PDF of a CFDI with a paper of its own, as a download."""
    row = get_object_or_404(Cfdi.objects.select_related("invoice", "pdf"), pk=pk)
    if row.pdf is None:
        say_refused(request, _("The PDF is still being drawn. Try again in a moment."))
        return redirect("invoice", row.invoice.key) if row.invoice else redirect("stamping_public")
    return kept_download(row.pdf.sha256, f"{row.file_name}-{row.uuid}.pdf", PDF)


@administrators
@require_http_methods(["GET", "POST"])
def replace(request: StaffRequest, pk: int) -> HttpResponse:
    """Put another CFDI in the place of a wrong one, after saying what follows."""
    row = get_object_or_404(
        Cfdi.objects.select_related("invoice__client", "payment"), pk=pk, invoice__isnull=False
    )
    key = row.document.key
    if request.method == "POST":
        attempt(
            request,
            lambda: actions.replace_cfdi(cfdi=row, by=request.user, now=read_clock()),
            _("The new one is sealed. Once it is stamped, the SAT is asked to cancel the old one."),
        )
        return redirect("invoice", key)
    context = {"row": row, "invoice": row.invoice, "key": key}
    return render(request, "office/mexico/cfdi_replace.html", context)


@billers
@require_POST
def seal_again(request: StaffRequest, key: str) -> HttpResponse:
    """Seal a rejected document anew, with the client's data as they stand."""
    issued = issued_of(key)
    attempt(
        request,
        lambda: actions.seal_again(invoice=issued, by=request.user, now=read_clock()),
        _("It is sealed anew and will be stamped within a minute or two."),
    )
    return redirect("invoice", key)


@administrators
@require_http_methods(["GET", "POST"])
def abandon(request: StaffRequest, key: str) -> HttpResponse:
    """Give up a document that was rejected, after saying what follows."""
    issued = issued_of(key)
    form = AbandonForm(request.POST or None)

    def act() -> None:
        actions.abandon_rejected(invoice=issued, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("It is given up. Its number stays used.")):
        return redirect("invoice", key)
    context = {"invoice": issued, "key": key, "form": form}
    return render(request, "office/mexico/cfdi_abandon.html", context, status=status_of(form))


@billers
@require_POST
def complement(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Seal the complement of a payment."""
    payment = get_object_or_404(Payment, pk=pk, invoice=issued_of(key))
    attempt(
        request,
        lambda: actions.complement_payment(payment=payment, by=request.user, now=read_clock()),
        _("The complement is sealed and will be stamped within a minute or two."),
    )
    return redirect("invoice", key)


@administrators
@require_http_methods(["GET", "POST"])
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the SAT to cancel a CFDI, after saying what follows."""
    row = get_object_or_404(Cfdi.objects.select_related("invoice__client", "payment"), pk=pk)
    known = row.replacements.filter(state=Cfdi.State.STAMPED).first()
    first = {"reason": "01", "substitute": known.uuid} if known else {"reason": "02"}
    form, key = CancelForm(request.POST or None, initial=first), row.invoice.key if row.invoice else ""

    def act() -> None:
        actions.cancel_cfdi(cfdi=row, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("The SAT will be asked within a minute. Its answer stands on this page.")):
        return redirect("invoice", key) if key else redirect("stamping_public")
    context = {"row": row, "invoice": row.invoice, "key": key, "form": form}
    if row.invoice is not None and row.payment is None and row.superseded_at is None:
        context |= hindrance_of(row.invoice)
    return render(request, "office/mexico/cfdi_cancel.html", context, status=status_of(form))


@billers
@require_POST
def stamp_now(request: StaffRequest, key: str) -> HttpResponse:
    """Try what failed at once."""
    issued = issued_of(key)
    attempt(
        request,
        lambda: actions.stamp_now(invoice=issued, by=request.user, now=read_clock()),
        _("It is tried again within a minute."),
    )
    return redirect("invoice", key)


@billers
@require_http_methods(["GET", "POST"])
def receiver(request: StaffRequest, code: str) -> HttpResponse:
    """Who a client is to the SAT."""
    client = client_of(request, code)
    form = ReceiverForm(request.POST or None, initial=_initial(client))

    def act() -> None:
        facts = ReceiverFacts(**form.cleaned_data)
        actions.save_receiver(client=client, facts=facts, by=request.user, now=read_clock())

    if done(request, form, act, _("Saved.")):
        return redirect("client_sat", code)
    context = {"form": form, "client": client, "generic": generic_rfc(client)}
    return render(request, "office/mexico/receiver.html", context, status=status_of(form))


def _initial(client: Client) -> dict[str, Any]:
    known = facts_of(client) or proposed_facts(client)
    return {name: getattr(known, name) for name in ReceiverForm.base_fields}
