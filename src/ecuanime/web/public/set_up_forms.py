"""The form of the set-up's first step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.web.choices import countries


class SetUpForm(forms.Form):
    """All that is needed to begin; everything else can come later."""

    name = forms.CharField(
        label=_("Name of your firm"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("It decides taxes, holidays and how invoices look.")
    )
    administrator_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    administrator_email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters. A sentence is easier to remember than a riddle."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = self.countries()

    @staticmethod
    def countries() -> list[tuple[str, str]]:
        """Codes and names, in the reader's language."""
        return countries()
