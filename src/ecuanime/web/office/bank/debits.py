"""Direct debits on screen: mandates of a client, invoices collected together, and what became of each."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import CollectedInvoice, Collection, CreditorSettings, Mandate
from ecuanime.billing.queries.debits import MOST_TO_COLLECT, collections_page, invoices_to_collect, items_of
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.downloads import XML, kept_download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.bank.debits_forms import CollectedForm, CollectForm, MandateForm, ReturnForm
from ecuanime.web.office.clients.common import client_of, show
from ecuanime.web.office.invoices.common import billers, firm_today

PAGE = 50
DAYS_TO_DUE = timedelta(days=30)
"""How far ahead of their day invoices are offered."""
TONES = {"open": "", "collected": "ok", "returned": "bad", "cancelled": "dash"}


@billers
@require_http_methods(["GET", "POST"])
def mandates(request: StaffRequest, code: str) -> HttpResponse:
    """The mandates of a client, and the form that notes the one they signed."""
    client = client_of(request, code)
    form = MandateForm(request.POST or None, initial={"holder": client.legal_name or client.name})
    if done(
        request,
        form,
        lambda: actions.note_mandate(client=client, by=request.user, now=read_clock(), **form.cleaned_data),
        _("The mandate is noted. Keep the signed paper."),
    ):
        return redirect("client_mandates", code)
    context = {"form": form, "mandates": client.mandates.select_related("noted_by")}
    return show(
        request,
        client,
        "account",
        context,
        template="office/clients/mandates.html",
        status=status_of(form),
    )


@billers
@require_POST
def cancel_mandate(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """Collect nothing more by a mandate."""
    mandate = get_object_or_404(Mandate, pk=pk, client=client_of(request, code))
    attempt(
        request,
        lambda: actions.cancel_mandate(mandate=mandate, by=request.user, now=read_clock()),
        _("Nothing more is collected by that mandate."),
    )
    return redirect("client_mandates", code)


@billers
@require_safe
def collections(request: StaffRequest) -> HttpResponse:
    """The collections, the latest first."""
    page = collections_page(after=request.GET.get("d", ""), size=PAGE)
    context = {
        "rows": page.rows,
        "first_url": "?" if "d" in request.GET else "",
        "older_url": f"?d={page.next}" if page.next else "",
        "is_ready": bool(the_firm().iban) and CreditorSettings.objects.exists(),
        "may_set_up": request.user.has_role(Role.BILLING),
    }
    return render(request, "office/bank/collections.html", context)


@billers
@require_http_methods(["GET", "POST"])
def collect(request: StaffRequest) -> HttpResponse:
    """Choose what is collected and when; the file for the bank is on the page that opens next."""
    today = firm_today()
    form = CollectForm(request.POST or None, today=today)
    made: list[Collection] = []

    def act() -> None:
        facts = form.cleaned_data
        made.append(
            actions.collect_invoices(
                invoices=list(facts["invoices"]),
                collect_on=facts["collect_on"],
                by=request.user,
                now=read_clock(),
                idempotency_key=facts["idempotency_key"],
            )
        )

    if done(request, form, act, _("The file is ready: take it to your bank.")):
        return redirect("collection", made[0].pk)
    invoices = invoices_to_collect(up_to=today + DAYS_TO_DUE)
    context = {
        "form": form,
        "invoices": invoices,
        "has_more": len(invoices) == MOST_TO_COLLECT,
        "chosen": {str(pk) for pk in request.POST.getlist("invoices")} if form.is_bound else None,
    }
    return render(request, "office/bank/collect.html", context, status=status_of(form))


@billers
@require_safe
def collection(request: StaffRequest, pk: int) -> HttpResponse:
    """One collection: its file, and each invoice with what became of it."""
    return _collection(request, pk, CollectedForm(initial={"collected_on": firm_today()}))


@billers
@require_POST
def collected(request: StaffRequest, pk: int) -> HttpResponse:
    """Note by hand that the bank paid what is under way."""
    found = get_object_or_404(Collection, pk=pk)
    form = CollectedForm(request.POST)

    def act() -> None:
        actions.note_collected(
            items=list(found.items.all()), by=request.user, now=read_clock(), **form.cleaned_data
        )

    if done(request, form, act, _("Its payments are noted.")):
        return redirect("collection", pk)
    return _collection(request, pk, form)


@billers
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that the bank will not collect what is under way."""
    found = get_object_or_404(Collection, pk=pk)
    attempt(
        request,
        lambda: actions.withdraw_collection(collection=found, by=request.user, now=read_clock()),
        _("What was under way is withdrawn: it can be collected again."),
    )
    return redirect("collection", pk)


@billers
@require_http_methods(["GET", "POST"])
def came_back(request: StaffRequest, pk: int, item: int) -> HttpResponse:
    """Note that a debit came back."""
    found = get_object_or_404(items_of(get_object_or_404(Collection, pk=pk)), pk=item)
    form = ReturnForm(request.POST or None, initial={"returned_on": firm_today()})
    if done(
        request,
        form,
        lambda: actions.note_returned(item=found, by=request.user, now=read_clock(), **form.cleaned_data),
        _("It came back: the invoice owes it again."),
    ):
        return redirect("collection", pk)
    context = {"item": found, "form": form}
    return render(request, "office/bank/debit_return.html", context, status=status_of(form))


@billers
@require_safe
def file(request: StaffRequest, pk: int) -> HttpResponse:
    """The file for the bank, as it was made."""
    found = get_object_or_404(Collection, pk=pk)
    return kept_download(found.file_id, f"{found.number}.xml", XML)


def _collection(request: StaffRequest, pk: int, form: CollectedForm) -> HttpResponse:
    found = get_object_or_404(Collection.objects.select_related("created_by"), pk=pk)
    items = list(items_of(found))
    state = CollectedInvoice.State
    context = {
        "collection": found,
        "items": [{"item": item, "tone": TONES[item.state], "why": why_back(item.reason)} for item in items],
        "total": sum(item.amount for item in items),
        "under_way": sum(item.amount for item in items if item.state == state.OPEN),
        "form": form,
    }
    return render(request, "office/bank/collection.html", context, status=status_of(form))


def why_back(code: str) -> str:
    """Why a debit came back, in words where the code is one of those that banks give most."""
    words = {
        "AC01": _("wrong account number"),
        "AC04": _("the account is closed"),
        "AC06": _("the account is blocked"),
        "AG01": _("nothing may be collected from that account"),
        "AM04": _("not enough money"),
        "MD01": _("there is no mandate"),
        "MD06": _("the debtor asked for it back"),
        "MD07": _("the holder has died"),
        "MS02": _("the debtor refused it"),
        "MS03": _("the bank does not say why"),
        "SL01": _("the debtor's bank was told not to pay it"),
    }
    return f"{code}: {words[code]}" if code in words else code
