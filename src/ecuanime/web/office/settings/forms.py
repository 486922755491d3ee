"""The forms of the settings about the firm."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.staff.countries import region_choices
from ecuanime.staff.models import Firm
from ecuanime.web.choices import countries, currencies, time_zone_choices


class FirmForm(forms.Form):
    """Who the firm is: what stands on its mails and invoices."""

    name = forms.CharField(label=_("Name"), max_length=160)
    country = forms.ChoiceField(label=_("Country"))
    tax_id = forms.CharField(label=_("Tax id"), max_length=30, required=False)
    legal_form = forms.ChoiceField(
        label=_("Legal form"),
        choices=Firm.LegalForm.choices,
        help_text=_("In Spain, businesses withhold income tax (IRPF) on what a professional invoices them."),
    )
    professional_since = forms.DateField(
        label=_("Professional activity since"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("In its first year and the two after it the rate withheld is lower. Empty: longer ago."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    region = forms.CharField(label=_("Province or state"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Of new plans and clients."))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["country"].choices = countries()
        fields["currency"].choices = currencies()


class HoursForm(forms.Form):
    """When the firm works, and in which zone its days are counted."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    opens_at = forms.TimeField(
        label=_("Opens at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes_at = forms.TimeField(
        label=_("Closes at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    cut_at = forms.TimeField(
        label=_("Daily cut"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("When the day's hours are closed for review."),
    )
    holiday_subdivision = forms.ChoiceField(
        label=_("Region for holidays"),
        required=False,
        help_text=_("Another region writes the holidays of this and the next year anew."),
    )
    close_solved_after_days = forms.IntegerField(
        label=_("Days until a solved ticket closes"), min_value=1, max_value=365
    )

    def __init__(self, *args: Any, firm: Firm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["holiday_subdivision"]
        regions.choices = [("", _("Only national holidays")), *region_choices(firm.country)]


class HolidayForm(forms.Form):
    """A day on which the firm is closed."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=_("Name"), max_length=120)


class AreaForm(forms.Form):
    """Something the firm supports."""

    name = forms.CharField(label=_("Name"), max_length=80)


class InvoicingForm(forms.Form):
    """What stands on invoices beside the firm's address."""

    iban = forms.CharField(label=_("Bank account (IBAN)"), max_length=42, required=False)
    registry_note = forms.CharField(
        label=_("Registry details"),
        max_length=300,
        required=False,
        help_text=_(
            "As your law asks for on invoices, for instance volume, folio and sheet of the company register."
        ),
    )


def initial_of(firm: Firm, form: type[forms.Form]) -> dict[str, Any]:
    """What the firm says now about the form's fields."""
    return {name: getattr(firm, name) for name in form.base_fields}
