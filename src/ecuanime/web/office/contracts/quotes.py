"""Offers to clients: drafting one, its page, sending it, taking it back, and noting an answer given on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.contracts.access import may_change_contracts
from ecuanime.contracts.actions import (
    Paper,
    copy_quote,
    draft_quote,
    record_acceptance,
    redraft_quote,
    send_quote,
    withdraw_quote,
)
from ecuanime.contracts.letters import readers_of
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import clauses_in, clauses_of
from ecuanime.contracts.queries import replaceable_contracts
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.components.uploads import files_of
from ecuanime.web.downloads import kept_download
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of
from ecuanime.web.office.contracts.common import contract_of
from ecuanime.web.office.contracts.forms import PaperForm, QuoteForm
from ecuanime.web.refusals import tell

everybody = for_staff()
writers = for_staff(Role.SUPERVISOR)

_State = Contract.State


@writers
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Draft an offer for a client; the client sees nothing yet."""
    client, now = client_of(request, code), read_clock()
    replaced = replaceable_contracts(client).filter(number=request.GET.get("en-lugar-de", "")).first()
    form = QuoteForm(
        request.POST or None,
        client=client,
        today=local_date(now, client.time_zone),
        initial={"replaces": replaced},
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = draft_quote(client=client, offer=form.offer, by=person_of(request), now=now)
        except Refused as refusal:
            tell(form, refusal)
        else:
            return redirect("contract", draft.number)
    context = {"client": client, "form": form, "has_plans": bool(form["version"].subwidgets)}
    return render(request, "office/contracts/quote_form.html", context, status=status_of(form))


@writers
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a draft."""
    kept, now = contract_of(request, number), read_clock()
    if kept.state != _State.DRAFT:
        return redirect("contract", number)
    today = local_date(now, kept.time_zone)
    initial = QuoteForm.initial_of(kept)
    form = QuoteForm(request.POST or None, client=kept.client, today=today, initial=initial)
    said = _("The draft of %(number)s was changed.") % {"number": number}
    if done(request, form, lambda: redraft_quote(quote=kept, offer=form.offer, now=now), said):
        return redirect("contract", number)
    context = {"client": kept.client, "form": form, "has_plans": True, "quote": kept}
    return render(request, "office/contracts/quote_form.html", context, status=status_of(form))


def quote_page(request: HttpRequest, kept: Contract) -> HttpResponse:
    """What is or was offered, word by word, and what can be done with it."""
    answer = getattr(kept, "answer", None)
    may_change = may_change_contracts(person_of(request))
    context = {
        "contract": kept,
        "answer": answer,
        "clauses": clauses_in(answer.text) if answer else clauses_of(kept),
        "readers": [contact.name for contact in readers_of(kept.client)],
        "steps": _steps(kept) if may_change else frozenset(),
    }
    return render(request, "office/contracts/quote.html", context)


def _steps(kept: Contract) -> frozenset[str]:
    """What may be done next with an offer that was not accepted."""
    return {
        _State.DRAFT.value: frozenset({"send", "edit", "accept", "withdraw"}),
        _State.QUOTED.value: frozenset({"accept", "copy", "withdraw"}),
        _State.LAPSED.value: frozenset({"accept", "copy"}),
    }.get(kept.state, frozenset({"copy"}))


@writers
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Send a draft to the client's project leads."""
    kept = contract_of(request, number)
    by, now = person_of(request), read_clock()
    said = _("%(number)s is on its way. Its answer is told to you by e-mail.") % {"number": number}
    attempt(request, lambda: send_quote(quote=kept, by=by, now=now), said)
    return redirect("contract", number)


@writers
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take back an offer that nobody has answered."""
    kept, now = contract_of(request, number), read_clock()
    said = _("%(number)s can no longer be accepted.") % {"number": number}
    attempt(request, lambda: withdraw_quote(quote=kept, now=now), said)
    return redirect("contract", number)


@writers
@require_POST
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Draft another offer that begins as this one."""
    kept, now = contract_of(request, number), read_clock()
    try:
        draft = copy_quote(quote=kept, by=person_of(request), now=now)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("contract", number)
    say(request, _("This is a draft. Once it is sent it takes the place of %(number)s.") % {"number": number})
    return redirect("quote_edit", draft.number)


@writers
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Note an acceptance that was given on paper, by mail or by word."""
    kept, now = contract_of(request, number), read_clock()
    if kept.is_binding:
        return redirect("contract", number)
    today = local_date(now, kept.time_zone)
    form = PaperForm(request.POST or None, request.FILES or None, client=kept.client, today=today)
    said = _("%(number)s is accepted.") % {"number": number}
    if done(request, form, lambda: _note(request, kept, form.cleaned_data, now), said):
        return redirect("contract", number)
    context = {"contract": kept, "form": form, "clauses": clauses_of(kept)}
    return render(request, "office/contracts/quote_accept.html", context, status=status_of(form))


@everybody
@require_safe
def signed(request: HttpRequest, number: str) -> HttpResponse:
    """The file that proves an acceptance on paper, as a download."""
    answer = getattr(contract_of(request, number), "answer", None)
    if answer is None or answer.file_id is None:
        raise Http404
    return kept_download(answer.file_id, answer.file_name)


def _note(request: HttpRequest, kept: Contract, given: dict[str, Any], now: datetime) -> None:
    files = files_of(request, "file")
    contact = given["contact"]
    paper = Paper(
        name=given["name"] or (contact.name if contact else ""),
        given_on=given["given_on"],
        contact=contact,
        note=given["note"],
        file=files[0].file if files else None,
        file_name=files[0].name if files else "",
    )
    record_acceptance(quote=kept, paper=paper, by=person_of(request), now=now)
