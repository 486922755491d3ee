"""Settings of the desk: how often satisfaction is asked, who hears of broken promises, and the firm's own fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.actions import update_firm
from ecuanime.staff.models import Escalation
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.actions import define_field, retire_field
from ecuanime.tickets.models import FieldKind, TicketField
from ecuanime.tickets.queries import ticket_fields
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import show
from ecuanime.web.refusals import tell

administrators = for_staff(Role.ADMINISTRATOR)


class DeskForm(forms.Form):
    """How often a contact may be asked, and who is told that time is up."""

    satisfaction_every_days = forms.IntegerField(
        label=gettext_lazy("A contact is asked at most once in so many days"),
        min_value=0,
        max_value=3650,
        help_text=gettext_lazy("When their ticket closes. With 0 nobody is asked."),
    )
    escalates_to = forms.ChoiceField(
        label=gettext_lazy("That a promised time is up is told to whoever answers the ticket, and to"),
        choices=Escalation.choices,
        help_text=gettext_lazy("Before that, whoever answers it and whoever follows it are warned."),
    )


class FieldForm(forms.Form):
    """A field of the firm's."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("What it holds"), choices=FieldKind.choices)
    choices = forms.CharField(
        label=gettext_lazy("What can be chosen, one on each line"),
        required=False,
        max_length=9000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """All on one page; what is sent here is about satisfaction and promised times."""
    form = DeskForm(request.POST or None, initial=_kept())
    if request.method == "POST" and form.is_valid():
        update_firm(now=read_clock(), **form.cleaned_data)
        say(request, _("Kept."))
        return redirect("settings_desk")
    return _page(request, form, FieldForm())


@administrators
@require_POST
def new_field(request: HttpRequest) -> HttpResponse:
    """Add a field."""
    return _define(request, None)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def field(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name and the choices of a field."""
    return _define(request, get_object_or_404(TicketField, pk=pk))


@administrators
@require_POST
def drop_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it no more."""
    retire_field(field=get_object_or_404(TicketField, pk=pk), now=read_clock())
    say(request, _("The field is asked for no more. What tickets say in it stays."))
    return redirect("settings_desk")


def _define(request: HttpRequest, edited: TicketField | None) -> HttpResponse:
    kept = {}
    if edited is not None:
        kept = {"name": edited.name, "kind": edited.kind, "choices": "\n".join(edited.choices)}
    form = FieldForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            define_field(
                name=values["name"],
                kind=values["kind"],
                choices=values["choices"].splitlines(),
                field=edited,
                now=read_clock(),
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The field is kept."))
            return redirect("settings_desk")
    return _page(request, DeskForm(initial=_kept()), form, edited)


def _kept() -> dict[str, Any]:
    firm = the_firm()
    return {name: getattr(firm, name) for name in DeskForm.base_fields}


def _page(
    request: HttpRequest, form: DeskForm, field_form: FieldForm, edited: TicketField | None = None
) -> HttpResponse:
    context = {"form": form, "field_form": field_form, "fields": ticket_fields(), "edited": edited}
    is_bad = (form.is_bound and not form.is_valid()) or (field_form.is_bound and bool(field_form.errors))
    return show(request, "desk", context, is_setup=False, status=422 if is_bad else 200)
