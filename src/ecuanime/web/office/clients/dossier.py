"""A client's service dossier: its sections, written by whoever serves them."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.clients.access import may_write_dossier
from ecuanime.clients.actions import add_section, change_section, remove_section
from ecuanime.clients.models import Client, DossierSection
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.clients.common import client_of, show

MOST = 200


class SectionForm(forms.Form):
    """A section of the dossier."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    is_shown = forms.BooleanField(
        label=gettext_lazy("The client may read it in the portal"),
        required=False,
        help_text=gettext_lazy(
            "Only their people whom you gave that right. Passwords do not belong here at all."
        ),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@for_staff()
@require_http_methods(["GET", "POST"])
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """All of it, and another section."""
    client = client_of(request, code)
    may_write = may_write_dossier(person_of(request))
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = SectionForm(request.POST or None)

    def add() -> None:
        given = form.cleaned_data
        add_section(
            client=client,
            title=given["title"],
            text=given["text"],
            is_shown=given["is_shown"],
            by=person_of(request),
            now=read_clock(),
        )

    if done(request, form, add, _("The section was added.")):
        return redirect("client_dossier", code)
    return _page(request, client, form)


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Change a section; one that somebody else has changed meanwhile is not written over."""
    client = client_of(request, code)
    kept = get_object_or_404(client.dossier, pk=pk)
    initial = {"title": kept.title, "text": kept.text, "is_shown": kept.is_shown, "version": kept.version}
    form = SectionForm(request.POST or None, initial=initial)

    def change() -> None:
        given = form.cleaned_data
        change_section(
            section=kept,
            title=given["title"],
            text=given["text"],
            is_shown=given["is_shown"],
            expected_version=given["version"] or 0,
            by=person_of(request),
            now=read_clock(),
        )

    if done(request, form, change, _("Saved.")):
        return redirect("client_dossier", code)
    return _page(request, client, form, edited=kept)


@for_staff(*DESK_ROLES)
@require_POST
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a section out."""
    client = client_of(request, code)
    remove_section(section=get_object_or_404(client.dossier, pk=pk), now=read_clock())
    say(request, _("The section was removed."))
    return redirect("client_dossier", code)


def _page(
    request: HttpRequest, client: Client, form: SectionForm, edited: DossierSection | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "edited": edited,
        "sections": client.dossier.select_related("changed_by").order_by("pk")[:MOST],
        "may_write": may_write_dossier(person_of(request)),
    }
    return show(request, client, "dossier", context, status=status_of(form))
