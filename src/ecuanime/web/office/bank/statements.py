"""Bank statements on screen: read from a file, each entry with what it may pay, confirmed or set aside by a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import BankEntry, CollectedInvoice
from ecuanime.billing.queries.bank import (
    Suggested,
    entries_in,
    entry_counts,
    matches_of,
    open_invoices_like,
    paid_invoices_like,
    suggestions_for,
)
from ecuanime.billing.queries.cards import card_events_to_look_at
from ecuanime.billing.queries.debits import MOST_TO_COLLECT, DebitsOfEntry, debits_of
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.matching import Why
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.bank.debits import why_back
from ecuanime.web.office.bank.statement_forms import AsideForm, MatchForm, StatementForm, sent_with
from ecuanime.web.office.invoices.common import billers

PAGE = 50
STATES = {
    "por-cobrar": BankEntry.State.TO_MATCH,
    "cobradas": BankEntry.State.MATCHED,
    "apartadas": BankEntry.State.SET_ASIDE,
    "salidas": BankEntry.State.OUT,
}


@billers
@require_safe
def entries(request: StaffRequest) -> HttpResponse:
    """What came to the firm's accounts, the latest first, and the form that reads a statement."""
    return _entries(request, StatementForm())


@billers
@require_POST
def file(request: StaffRequest) -> HttpResponse:
    """Read a statement; what is known already is left out."""
    form = StatementForm(request.POST, request.FILES)
    filed: list[actions.Filed] = []

    def act() -> None:
        facts = form.cleaned_data
        content = facts["file"].read()
        filed.append(
            actions.file_statement(
                content=content, columns=facts["columns"], by=request.user, now=read_clock()
            )
        )

    if not done(request, form, act, _("The statement is read.")):
        return _entries(request, form)
    say(
        request,
        _("%(new)s new entries; %(known)s were here already.")
        % {"new": filed[0].new, "known": filed[0].known},
    )
    return redirect("bank")


def _entries(request: StaffRequest, form: StatementForm) -> HttpResponse:
    chosen = request.GET.get("ver", "por-cobrar")
    state, text = STATES.get(chosen, ""), request.GET.get("buscar", "").replace("\0", "").strip()[:100]
    page = entries_in(state, text=text, after=request.GET.get("d", ""), size=PAGE)
    found, debits = suggestions_for(page.rows), debits_of(page.rows)
    context = {
        "form": form,
        "tabs": _tabs(chosen),
        "chosen": chosen,
        "search": text,
        "rows": [_row(each, found.get(each.pk, []), debits.get(each.pk)) for each in page.rows],
        "first_url": _query(ver=chosen, buscar=text) if "d" in request.GET else "",
        "older_url": _query(ver=chosen, buscar=text, d=page.next) if page.next else "",
        "may_set_up": request.user.has_role(Role.BILLING),
        "cards_to_look_at": card_events_to_look_at(),
    }
    return render(request, "office/bank/entries.html", context, status=status_of(form))


@billers
@require_safe
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    """One entry: what the bank says, what it may pay or has paid."""
    return _entry(request, get_object_or_404(BankEntry, pk=pk))


@billers
@require_POST
def match(request: StaffRequest, pk: int) -> HttpResponse:
    """Note the money as payments, as the person confirmed."""
    found = get_object_or_404(BankEntry, pk=pk)
    form = MatchForm(request.POST, entry=found)

    def act() -> None:
        actions.match_entry(entry=found, by=request.user, now=read_clock(), **form.values())

    if not done(request, form, act, _("The money is noted.")):
        return _entry(request, found, match_form=form)
    return redirect("bank") if "list" in request.POST else redirect("bank_entry", pk)


@billers
@require_POST
def match_debits(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that an entry is the money of direct debits, or takes that of one away."""
    found = get_object_or_404(BankEntry, pk=pk)
    ids, left = _numbers(request.POST.get("debits", "")), _numbers(request.POST.get("left", "").lstrip("-"))
    items = list(CollectedInvoice.objects.filter(pk__in=ids))
    seen = (left or [0])[0] * (1 if found.amount > 0 else -1)

    def act() -> None:
        facts: dict[str, Any] = {"entry": found, "left": seen, "by": request.user, "now": read_clock()}
        if found.amount > 0:
            actions.match_collected(items=items, **facts)
        else:
            actions.match_returned(items=items, **facts)

    attempt(request, act, _("It is noted on its invoices."))
    return redirect("bank")


def _numbers(text: str) -> list[int]:
    """Whole numbers between commas, as many as a file of direct debits may have."""
    parts = text.split(",")[:MOST_TO_COLLECT]
    return [int(each) for each in parts if each.isascii() and each.isdigit() and len(each) < 18]


@billers
@require_http_methods(["GET", "POST"])
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what was noted from an entry."""
    found = get_object_or_404(BankEntry, pk=pk)
    form = AsideForm(request.POST or None)

    def act() -> None:
        actions.undo_match(entry=found, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("Its payments were taken back. The money waits again.")):
        return redirect("bank_entry", pk)
    context = {"entry": found, "form": form}
    return render(request, "office/bank/undo.html", context, status=status_of(form))


@billers
@require_POST
def put_aside(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that the money pays no invoice."""
    found = get_object_or_404(BankEntry, pk=pk)
    form = AsideForm(request.POST)

    def act() -> None:
        actions.set_aside(entry=found, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("It is set aside.")):
        return redirect("bank")
    return _entry(request, found, aside_form=form)


@billers
@require_POST
def take_up(request: StaffRequest, pk: int) -> HttpResponse:
    """Let money that was set aside wait again."""
    found = get_object_or_404(BankEntry, pk=pk)
    attempt(
        request,
        lambda: actions.take_up_again(entry=found, by=request.user, now=read_clock()),
        _("It waits to be matched again."),
    )
    return redirect("bank_entry", pk)


def _entry(
    request: StaffRequest,
    entry: BankEntry,
    *,
    match_form: MatchForm | None = None,
    aside_form: AsideForm | None = None,
) -> HttpResponse:
    suggested = suggestions_for([entry]).get(entry.pk, [])
    search = request.GET.get("buscar", "")
    proposed = suggested[0] if suggested and not search else None
    offered = {each.pk: each for one in suggested for each, _part in one.parts}
    find = open_invoices_like if entry.amount > 0 else paid_invoices_like
    offered |= {each.pk: each for each in find(search, entry.currency)}
    context = {
        "row": _row(entry, suggested, debits_of([entry]).get(entry.pk)),
        "entry": entry,
        "suggested": [_told(entry, each) for each in suggested],
        "matches": matches_of(entry),
        "has_live": entry.matched != 0,
        "search": search,
        "form": match_form or MatchForm(entry=entry, invoices=offered.values(), proposed=proposed),
        "aside_form": aside_form or AsideForm(),
    }
    sent = [form for form in (match_form, aside_form) if form is not None]
    return render(request, "office/bank/entry.html", context, status=status_of(*sent))


def _row(entry: BankEntry, suggested: Sequence[Suggested], debits: DebitsOfEntry | None) -> dict[str, Any]:
    """An entry as the list shows it, with the best of its suggestions, or the direct debits that it is of."""
    best = suggested[0] if suggested else None
    return {
        "entry": entry,
        "best": _told(entry, best) if best else None,
        "debits": debits,
        "why_back": why_back(entry.return_code),
    }


def _told(entry: BankEntry, suggested: Suggested) -> dict[str, Any]:
    return {
        "client": suggested.client,
        "parts": suggested.parts,
        "rest": suggested.suggestion.rest,
        "is_strong": suggested.suggestion.is_strong,
        "reasons": [_reason(each) for each in suggested.suggestion.reasons],
        "fields": sent_with(entry, suggested),
    }


def _reason(why: Why) -> str:
    return {
        Why.REFERENCE: _("the payment's reference names it"),
        Why.NUMBER: _("its number stands in the text"),
        Why.AMOUNT: _("exactly what is owed"),
        Why.ACCOUNT: _("the client paid from that account before"),
        Why.NAME: _("the sender is called like the client"),
    }[why]


def _tabs(chosen: str) -> list[dict[str, Any]]:
    counts = entry_counts()
    labels = {
        "por-cobrar": pgettext("bank entries", "To match"),
        "cobradas": pgettext("bank entries", "Matched"),
        "apartadas": pgettext("bank entries", "Set aside"),
        "salidas": pgettext("bank entries", "Money out"),
    }
    each = [
        {
            "label": label,
            "count": counts[STATES[slug]],
            "url": _query(ver=slug),
            "current": slug == chosen,
        }
        for slug, label in labels.items()
    ]
    everything = {
        "label": pgettext("bank entries", "All"),
        "count": sum(counts.values()),
        "url": _query(ver="todas"),
        "current": chosen == "todas",
    }
    return [*each, everything]


def _query(**asked: str) -> str:
    kept = {name: value for name, value in asked.items() if value and (name, value) != ("ver", "por-cobrar")}
    return f"{reverse('bank')}?{urlencode(kept)}" if kept else reverse("bank")
