"""A client's account: every document and payment with the balance after it, and money held for them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.billing.actions import charge_advance, record_deposit
from ecuanime.billing.books.accounts import currencies_of, held_money
from ecuanime.billing.models import Invoice, Unreminded
from ecuanime.billing.queries import key_of
from ecuanime.clients.models import Client
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.accounts import (
    ROWS,
    account_of,
    asked_period,
    csv_of,
    paging_of,
    pdf_of,
    shown_rows,
)
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.clients.common import client_of, show
from ecuanime.web.office.invoices.common import billers, firm_today
from ecuanime.web.office.money.forms import AdvanceForm, DepositForm


@billers
@require_safe
def account(request: StaffRequest, code: str) -> HttpResponse:
    """The account between two days, with its opening and closing balance."""
    return _account(request, client_of(request, code))


def _account(
    request: StaffRequest,
    client: Client,
    *,
    deposit_form: DepositForm | None = None,
    advance_form: AdvanceForm | None = None,
) -> HttpResponse:
    today = firm_today()
    form = asked_period(request, client, today)
    statement = account_of(client, form, after=request.GET.get("d", ""), size=ROWS)
    currency = statement.currency if statement else client.currency
    context = {
        "form": form,
        "statement": statement,
        "rows": shown_rows(statement) if statement else [],
        "held": sorted(held_money(client).items()),
        "deposit_form": deposit_form or DepositForm(currency=currency, today=today),
        "advance_form": advance_form or AdvanceForm(currency=currency),
        "mandate": client.mandates.filter(cancelled_at=None).first(),
        "is_unreminded": Unreminded.objects.filter(client=client).exists(),
        "query": form.query,
        "paging": paging_of(request, statement),
        "currency": currency,
        "home": the_firm().currency,
    }
    sent = [each for each in (form, deposit_form, advance_form) if each is not None]
    return show(request, client, "account", context, status=status_of(*sent))


@billers
@require_safe
def account_csv(request: StaffRequest, code: str) -> HttpResponse:
    """The same as a file."""
    client = client_of(request, code)
    statement = account_of(client, asked_period(request, client, firm_today()))
    if statement is None:
        raise Http404
    return csv_of(statement)


@billers
@require_safe
def account_pdf(request: StaffRequest, code: str) -> HttpResponse:
    """The same on paper, in the client's language."""
    client = client_of(request, code)
    statement = account_of(client, asked_period(request, client, firm_today()))
    if statement is None:
        raise Http404
    try:
        return pdf_of(statement, client.language)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("client_account", code)


@billers
@require_POST
def deposit(request: StaffRequest, code: str) -> HttpResponse:
    """Note money that came without an invoice, or held money that was given back."""
    client = client_of(request, code)
    currency = _currency(request, client)
    form = DepositForm(request.POST, currency=currency)
    if done(
        request,
        form,
        lambda: record_deposit(client=client, by=request.user, now=read_clock(), **form.values()),
        _("The money was noted."),
    ):
        return redirect("client_account", code)
    return _account(request, client, deposit_form=form)


@billers
@require_POST
def advance(request: StaffRequest, code: str) -> HttpResponse:
    """Draft an advance invoice over an amount; the draft opens next."""
    client = client_of(request, code)
    form = AdvanceForm(request.POST, currency=_currency(request, client))
    drafts: list[Invoice] = []

    def draft() -> None:
        drafts.append(charge_advance(client=client, by=request.user, now=read_clock(), **form.values()))

    if done(request, form, draft, _("The advance is on this draft. Issue it to ask for it.")):
        return redirect("invoice", key_of(drafts[0]))
    return _account(request, client, advance_form=form)


def _currency(request: StaffRequest, client: Client) -> str:
    currency = request.POST.get("currency", client.currency)
    if currency not in currencies_of(client):
        raise Http404
    return currency
