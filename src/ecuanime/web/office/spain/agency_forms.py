"""Forms of the tax agency: the certificate, and where records go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models import Environment

NOWHERE = "nowhere"


def _places() -> list[tuple[str, Any]]:
    return [(NOWHERE, _("nowhere: records wait")), *Environment.choices]


class CertificateForm(forms.Form):
    """A PKCS#12 file and the password that opens it."""

    file = forms.FileField(
        label=_("Certificate with its key"),
        help_text=_("The .p12 or .pfx file that you exported from your browser or got from the authority."),
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}),
    )
    password = forms.CharField(
        label=_("Password of the file"),
        max_length=200,
        required=False,
        strip=False,
        help_text=_("It opens the file once and is not kept."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class EnvironmentForm(forms.Form):
    """Which of the agency's services records go to."""

    environment = forms.ChoiceField(label=_("Records go to"), choices=_places)

    def clean_environment(self) -> str:
        """The environment, empty for nowhere."""
        chosen: str = self.cleaned_data["environment"]
        return "" if chosen == NOWHERE else chosen
