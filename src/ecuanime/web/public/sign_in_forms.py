"""The forms of signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.jobs import send_password_reset


class SignInForm(LoginForm):
    """The library's form, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device for 14 days")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class AddressForm(forms.Form):
    """An e-mail address, to send something to if it is known."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )


class ResetPasswordForm(AddressForm):
    """Asks for the page to choose another password; whether the address is known is found out behind the answer."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Defer the mail, the same for every address."""
        email: str = self.cleaned_data["email"].lower()
        send_password_reset.defer(email=email)
        return email
