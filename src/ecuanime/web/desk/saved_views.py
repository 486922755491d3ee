"""Keeping a list one comes back to: its editor, what it would hold, and taking it away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.models import Team
from ecuanime.tickets.access import may_change_view
from ecuanime.tickets.actions import keep_view, remove_view
from ecuanime.tickets.filters import Unreadable
from ecuanime.tickets.models import Column, Order, Queue, SavedView, usual_columns
from ecuanime.tickets.queries import Listing, Source, View, counts_of, listed, names_of, saved_views_for
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.desk.place import place_in, url_of
from ecuanime.web.desk.query_help import LINES
from ecuanime.web.guards import StaffRequest, for_staff

SAMPLE = 8


class ViewForm(forms.Form):
    """A view's name, which tickets it holds, how they are shown, and who has it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    query = forms.CharField(
        label=gettext_lazy("Which tickets"),
        max_length=500,
        required=False,
        widget=forms.TextInput(
            attrs={"data-offers": reverse_lazy("filter_offers"), "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    order = forms.ChoiceField(label=gettext_lazy("Order"), choices=Order.choices)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("What a row shows beside subject and client"),
        choices=Column.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who sees it"), choices=SavedView.Audience.choices)
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none(), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Place in the side bar"), min_value=0, max_value=999, initial=0
    )

    def __init__(self, data: Any = None, *, user: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.all() if user.has_role(Role.SUPERVISOR) else user.teams.all()


@for_staff()
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Keep a list as a view; it begins with the list one comes from."""
    return _editor(request, None, _begin(request))


@for_staff()
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a view, for whoever may."""
    view = _own(request, pk)
    names = ("name", "query", "order", "columns", "audience", "team", "position")
    return _editor(request, view, {name: getattr(view, name) for name in names})


@for_staff()
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a view away."""
    view = _own(request, pk)
    words = _("The view “%(name)s” was removed.") % {"name": view.name}
    attempt(request, lambda: remove_view(view=view, by=request.user, now=read_clock()), words)
    return redirect("inbox")


@for_staff()
@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """What a query holds now: the first few and how many."""
    context = _held(request, request.GET.get("query", "")[:2000], request.GET.get("order", ""))
    return render(request, "desk/inbox/view_preview.html", context, status=200)


def _own(request: StaffRequest, pk: int) -> SavedView:
    """The view of that key, if the person may change it; else there is nothing here."""
    view = get_object_or_404(saved_views_for(request.user), pk=pk)
    if not may_change_view(request.user, view):
        raise Http404
    return view


def _editor(request: StaffRequest, view: SavedView | None, initial: dict[str, Any]) -> HttpResponse:
    form = ViewForm(request.POST or None, user=request.user, initial=initial)
    kept: list[SavedView] = []

    def keep() -> None:
        kept.append(keep_view(view=view, by=request.user, now=read_clock(), **form.cleaned_data))

    if done(request, form, keep, _("The view was kept.")):
        return redirect(url_of(kept[0]))
    shown = form.data if form.is_bound else initial
    context = {
        "form": form,
        "edited": view,
        "query_help": LINES,
        "edited_url": url_of(view) if view else "",
        **_held(request, str(shown.get("query", ""))[:2000], str(shown.get("order", ""))),
    }
    return render(request, "desk/inbox/view_form.html", context, status=status_of(form))


def _begin(request: StaffRequest) -> dict[str, Any]:
    """What a new view begins with: the words of the list one comes from, and those that narrowed it."""
    place = place_in(request.GET, request.GET.get("vista", ""), request.user)
    known = _words_of(place.listing.source if place else View.ALL_OPEN)
    query = " ".join(filter(None, [known, place.listing.query if place else ""]))
    order = (place.listing.order if place else "") or Order.WAITING
    return {"query": query, "order": order, "columns": usual_columns(), "position": 0}


def _words_of(source: Source) -> str:
    """What a list holds as a query says it."""
    if isinstance(source, SavedView):
        return source.query
    return f'is:open queue:"{source.name}"' if isinstance(source, Queue) else WORDS[source]


def _held(request: StaffRequest, query: str, order: str) -> dict[str, Any]:
    now, sample = read_clock(), SavedView(query=query, order=order)
    try:
        rows = listed(request.user, Listing(sample), now=now, size=SAMPLE).rows
    except Unreadable as problem:
        at, end = problem.at, problem.at + problem.length
        marked = {"before": query[:at], "part": query[at:end], "after": query[end:], "text": problem.text}
        return {"problem": marked}
    sampled = [(ticket, names_of(ticket).client) for ticket in rows]
    return {"sample": sampled, "total": counts_of(request.user, [sample], now=now)[0]}


WORDS = {
    View.FOR_ME: "is:open assignee:me",
    View.UNASSIGNED: "is:open is:unassigned",
    View.TRIAGE: "is:open is:unknown",
    View.WAITING_CLIENT: "state:waiting_client",
    View.SNOOZED: "is:snoozed",
    View.SOLVED: "state:solved",
    View.ALL_OPEN: "is:open,snoozed",
    View.ALL: "is:open,done,snoozed",
}
"""The views of the inbox as a query says them; what was put off is in a saved view only where its words say so."""
