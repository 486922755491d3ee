"""Settings of a firm in Spain: who produces its program, under which territory it is, from when records are due."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import SpainChanges, save_spain_settings
from ecuanime.billing.models import SpainSettings
from ecuanime.billing.packs import pack_of
from ecuanime.billing.packs.es.declared import gaps, spain_settings
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.fields import day_input
from ecuanime.web.guards import for_staff, person_of
from ecuanime.web.office.settings.frame import show


class SpainForm(forms.Form):
    """What is declared of the program, and what the firm is."""

    producer_name = forms.CharField(
        label=gettext_lazy("Name of the producer"), max_length=120, required=False
    )
    producer_nif = forms.CharField(label=gettext_lazy("NIF of the producer"), max_length=9, required=False)
    producer_address = forms.CharField(label=gettext_lazy("Postal address"), max_length=200, required=False)
    producer_contact = forms.CharField(
        label=gettext_lazy("How to reach the producer"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Mail, telephone or website."),
    )
    declared_place = forms.CharField(
        label=gettext_lazy("Place of the declaration"), max_length=80, required=False
    )
    declared_on = forms.DateField(
        label=gettext_lazy("Date of the declaration"), required=False, widget=day_input()
    )
    system_name = forms.CharField(label=gettext_lazy("Name of the program"), max_length=30)
    system_code = forms.CharField(
        label=gettext_lazy("Code of the program"),
        max_length=2,
        help_text=gettext_lazy("Two letters or digits that the producer chooses."),
    )
    territory = forms.ChoiceField(label=gettext_lazy("Territory"), choices=SpainSettings.Territory.choices)
    entity = forms.ChoiceField(label=gettext_lazy("Kind of firm"), choices=SpainSettings.Entity.choices)
    effective_on = forms.DateField(
        label=gettext_lazy("Compulsory from"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Empty: the day that the law sets for that kind of firm."),
    )
    effective_source = forms.CharField(
        label=gettext_lazy("Where that is written"), max_length=200, required=False
    )


@for_staff(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def spain(request: HttpRequest) -> HttpResponse:
    """What the firm declares; with it complete, invoices are legal ones."""
    kept = spain_settings()
    form = SpainForm(request.POST or None, initial=_initial(kept))

    def act() -> None:
        changes = SpainChanges(**form.cleaned_data)
        save_spain_settings(changes=changes, by=person_of(request), now=read_clock())

    if done(request, form, act, _("Saved.")):
        return redirect("settings_spain")
    firm = the_firm()
    context = {
        "form": form,
        "kept": kept,
        "gaps": [] if firm.is_demo else gaps(),
        "status": pack_of(firm).status.value,
        "meanwhile": pack_of(firm).meanwhile,
    }
    return show(request, "spain", context, is_setup=False, status=status_of(form))


def _initial(kept: SpainSettings | None) -> dict[str, Any]:
    shown = kept or SpainSettings()
    return {name: getattr(shown, name) for name in SpainForm.base_fields}
