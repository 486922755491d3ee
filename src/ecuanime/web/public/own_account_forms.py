"""The forms of one's own account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import ApiToken, Language, User
from ecuanime.web.choices import time_zone_choices

_KEPT = ("name", "phone", "language", "time_zone", "single_keys")


class ProfileForm(forms.Form):
    """Name, phone, language, time zone and keys."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("Colleagues see it where you are alerted of an emergency. Clients never do."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    single_keys = forms.BooleanField(
        label=_("Shortcuts of a single key"),
        required=False,
        help_text=_("Turn them off if you dictate text or keys get pressed by accident."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_of_firm:
            for name in ("single_keys", "phone"):
                del self.fields[name]  # the portal has no keys, and a contact's phone stands at their client
        zones: Any = self.fields["time_zone"]
        zones.choices = [("", _("The firm's")), *time_zone_choices()]

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        """What the person has now."""
        return {field: getattr(user, field) for field in _KEPT}


class TokenForm(forms.Form):
    """A new key for a program."""

    DAYS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")), ("", _("Until I revoke it")))

    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("For instance: monthly report to accounting")
    )
    days = forms.ChoiceField(label=_("It works for"), choices=DAYS, required=False, initial="90")

    scope = forms.ChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        initial=ApiToken.Scope.READ,
        widget=forms.RadioSelect,
        help_text=_("A token that writes can do what you can do on the screens."),
    )

    def expires_at(self, now: datetime) -> datetime | None:
        """When the key ends, or None for never."""
        days = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None
