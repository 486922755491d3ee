"""Naming who approves for a project lead who is away: the same form in the office and in the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.actions import cancel_substitution, name_substitute
from ecuanime.clients.models import Contact
from ecuanime.clients.queries import contacts_of, substitutions_of

_DAY = {"type": "date"}


class SubstituteForm(forms.Form):
    """Who, and the first and last day."""

    substitute = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who approves meanwhile"), empty_label=_("Choose somebody")
    )
    first_day = forms.DateField(
        label=_("From the day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Until the day, included"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, lead: Contact) -> None:
        super().__init__(data, auto_id="substitute_%s")
        field = self.fields["substitute"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = contacts_of(lead.client).exclude(pk=lead.pk)


def change_substitutes(posted: Any, lead: Contact, form: SubstituteForm, now: datetime) -> bool:
    """Do what was posted: cancel one (`cancel`), or name one with the form. Whether something was done.

    Raises what the action refuses.
    """
    cancelled = posted.get("cancel", "")
    if cancelled:
        found = (
            substitutions_of(lead, now=now).filter(pk=int(cancelled) if cancelled.isdecimal() else 0).first()
        )
        if found is not None:
            cancel_substitution(substitution=found, now=now)
        return True
    if not form.is_valid():
        return False
    name_substitute(lead=lead, now=now, **form.cleaned_data)
    return True
