"""Settings of checklists: their items, what kind of answer each takes, and whether they block solving."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.procedures.actions import ItemGiven, retire_checklist, write_checklist
from ecuanime.procedures.models import Checklist, Kind
from ecuanime.procedures.queries import checklists as checklists_in_use
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import show

writers = for_staff(Role.SUPERVISOR, Role.CONSULTANT)
SPARE_ROWS = 5
MOST_ROWS = 80


@writers
@require_http_methods(["GET", "HEAD", "POST"])
def checklists(request: HttpRequest) -> HttpResponse:
    """Those in use, and a new one."""
    return _page(request, None)


@writers
@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one anew."""
    return _page(request, get_object_or_404(Checklist, pk=pk))


@writers
@require_POST
def drop_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer it no more."""
    retire_checklist(checklist=get_object_or_404(Checklist, pk=pk), now=read_clock())
    say(request, _("The checklist is offered no more. What was gone through stays."))
    return redirect("settings_checklists")


def _page(request: HttpRequest, edited: Checklist | None) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            write_checklist(
                name=request.POST.get("name", ""),
                items=_items(request),
                blocks_solving="blocks_solving" in request.POST,
                checklist=edited,
                now=read_clock(),
            )
        except Refused as refused:
            refusal = str(refused)
        else:
            say(request, _("The checklist is kept."))
            return redirect("settings_checklists")
    context = {"edited": edited, "checklists": checklists_in_use(), "refusal": refusal, "kinds": Kind.choices}
    context |= _written(request) if refusal else _kept(edited)
    return show(request, "checklists", context, is_setup=False, status=422 if refusal else 200)


def _items(request: HttpRequest) -> list[ItemGiven]:
    """The rows of the form: fields are numbered, and a row without text is none."""
    rows = []
    for place in range(MOST_ROWS):
        text = request.POST.get(f"text{place}", "")
        kind = request.POST.get(f"kind{place}", Kind.YES_NO)
        if text.strip():
            rows.append(ItemGiven(text, kind, f"required{place}" in request.POST))
    return rows


def _written(request: HttpRequest) -> dict[str, Any]:
    blocks = "blocks_solving" in request.POST
    return {"name": request.POST.get("name", ""), "blocks": blocks, "rows": _with_spare(_items(request))}


def _kept(edited: Checklist | None) -> dict[str, Any]:
    items = edited.items.all() if edited else ()
    given = [ItemGiven(item.text, item.kind, item.is_required) for item in items]
    blocks = edited.blocks_solving if edited else False
    return {"name": edited.name if edited else "", "blocks": blocks, "rows": _with_spare(given)}


def _with_spare(given: list[ItemGiven]) -> list[ItemGiven]:
    return [*given, *(ItemGiven("") for _place in range(SPARE_ROWS))]
