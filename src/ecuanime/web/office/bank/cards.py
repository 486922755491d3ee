"""Card payments on screen: what Stripe said, what came of it, and what a person has to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing.actions.cards.events import settle_card_event, work_again
from ecuanime.billing.actions.cards.noting import WHY
from ecuanime.billing.cards import told
from ecuanime.billing.cards.amounts import from_stripe
from ecuanime.billing.models import CardEvent
from ecuanime.billing.queries.cards import card_event_counts, card_events_in
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers

PAGE = 50
STATES = {
    "por-mirar": CardEvent.State.TO_LOOK_AT,
    "anotados": CardEvent.State.NOTED,
    "miradas": CardEvent.State.SETTLED,
    "ajenos": CardEvent.State.ELSEWHERE,
}
KINDS = {
    told.COMPLETED: gettext_lazy("Payment"),
    told.CAME_LATER: gettext_lazy("Payment that came later"),
    told.FAILED: gettext_lazy("Payment that failed"),
    told.REFUNDED: gettext_lazy("Refund, in all"),
    told.DISPUTED: gettext_lazy("Dispute"),
    told.WITHDRAWN: gettext_lazy("Dispute: money withdrawn"),
    told.CLOSED: gettext_lazy("Dispute closed"),
}


class NoteForm(forms.Form):
    """What became of it."""

    note = forms.CharField(label=gettext_lazy("What became of it"), max_length=300)


@billers
@require_safe
def events(request: StaffRequest) -> HttpResponse:
    """What Stripe said, the latest first; all of it unless a state is chosen."""
    chosen = request.GET.get("ver", "todo")
    page = card_events_in(STATES.get(chosen, ""), after=request.GET.get("d", ""), size=PAGE)
    context = {
        "tabs": _tabs(chosen),
        "rows": [_row(each) for each in page.rows],
        "first_url": _query(ver=chosen) if "d" in request.GET else "",
        "older_url": _query(ver=chosen, d=page.next) if page.next else "",
        "may_set_up": request.user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "office/bank/card_events.html", context)


@billers
@require_http_methods(["GET", "POST"])
def event(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them; what waits for a person is settled with a note."""
    rows = CardEvent.objects.select_related("checkout__invoice__client", "settled_by")
    found = get_object_or_404(rows, pk=pk)
    form = NoteForm(request.POST or None)

    def act() -> None:
        settle_card_event(event=found, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("It is noted as looked at.")):
        return redirect("card_events")
    context = {"row": _row(found), "event": found, "form": form}
    return render(request, "office/bank/card_event.html", context, status=status_of(form))


@billers
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Try one again that waits for a person."""
    found = get_object_or_404(CardEvent, pk=pk)
    attempt(
        request,
        lambda: work_again(event=found, by=request.user, now=read_clock()),
        _("It was tried again: see what came of it."),
    )
    return redirect("card_event", pk)


def _row(event: CardEvent) -> dict[str, Any]:
    return {
        "event": event,
        "kind": KINDS.get(event.kind, event.kind),
        "why": WHY.get(event.trouble, _("The books did not take it as it stands. Nothing was noted.")),
        "amount": from_stripe(event.amount, event.currency),
        "invoice": event.checkout.invoice if event.checkout else None,
    }


def _tabs(chosen: str) -> list[dict[str, Any]]:
    counts = card_event_counts()
    labels = {
        "por-mirar": pgettext("card events", "To look at"),
        "anotados": pgettext("card events", "Noted"),
        "miradas": pgettext("card events", "Looked at"),
        "ajenos": pgettext("card events", "Not of our invoices"),
    }
    everything = (pgettext("card events", "All"), sum(counts.values()), "todo")
    each = [(label, counts[STATES[slug]], slug) for slug, label in labels.items()]
    return [
        {"label": label, "count": count, "url": _query(ver=slug), "current": slug == chosen}
        for label, count, slug in (everything, *each)
    ]


def _query(**asked: str) -> str:
    kept = {name: value for name, value in asked.items() if value and (name, value) != ("ver", "todo")}
    return f"{reverse('card_events')}?{urlencode(kept)}" if kept else reverse("card_events")
