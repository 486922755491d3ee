"""The forms about clients and their people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.clients.models import Client, Contact, InvoiceFormat
from ecuanime.rules.money import currency_exponent, round_half_up, to_minor
from ecuanime.web.choices import countries, currencies, time_zone_choices


class NewClientForm(forms.Form):
    """What is needed to take a client on; the rest is as the firm's until somebody says otherwise."""

    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("As people call it."))
    tax_id = forms.CharField(label=_("Tax id"), max_length=30, required=False)
    country = forms.ChoiceField(label=_("Country"))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = countries()


class ClientForm(NewClientForm):
    """All that is kept about an organisation."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("Taxed as"),
        choices=Client.Kind.choices,
        help_text=_("Businesses of other countries and territories are taxed where they are."),
    )
    in_retail_scheme = forms.BooleanField(
        label=_("Retailer who pays the equivalence surcharge (recargo de equivalencia)"),
        required=False,
        help_text=_("Charged on goods only, as they have told you."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    region = forms.CharField(label=_("Province or state"), max_length=80, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    currency = forms.ChoiceField(label=_("Currency"))
    uses_usted = forms.BooleanField(label=_("Address them formally (usted)"), required=False)
    invoice_email = forms.EmailField(label=_("E-mail for invoices"), required=False)
    invoice_format = forms.ChoiceField(
        label=_("Electronic invoice"),
        choices=InvoiceFormat.choices,
        help_text=_(
            "With any but the first, an invoice that cannot be written so is not issued, and says why."
        ),
    )
    office_accounting = forms.CharField(label=_("Accounting office (DIR3)"), max_length=10, required=False)
    office_managing = forms.CharField(label=_("Managing body (DIR3)"), max_length=10, required=False)
    office_processing = forms.CharField(label=_("Processing unit (DIR3)"), max_length=10, required=False)
    notes = forms.CharField(
        label=_("Notes for the team"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The client never sees them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency: Any = self.fields["currency"]
        kept = self.initial.get("currency")
        choices = currencies()
        currency.choices = choices if kept in dict(choices) else [*choices, (kept, kept)]

    @classmethod
    def initial_of(cls, client: Client) -> dict[str, Any]:
        """What is kept now."""
        return {name: getattr(client, name) for name in cls.base_fields}


class ContactForm(forms.Form):
    """A person of the client."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Mail from it is recognised as this client's.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    job = forms.CharField(label=_("Role in their organisation"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    @classmethod
    def initial_of(cls, contact: Contact) -> dict[str, Any]:
        """What is kept now."""
        return {name: getattr(contact, name) for name in cls.base_fields}


class RightsForm(forms.Form):
    """What a contact may do in the portal; limits are written in hours and in the client's currency."""

    is_project_lead = forms.BooleanField(
        label=_("Project lead: approves time and sees all requests of the client"), required=False
    )
    sees_invoices = forms.BooleanField(label=_("Sees invoices"), required=False)
    sees_dossier = forms.BooleanField(label=_("Sees the service dossier"), required=False)
    manages_people = forms.BooleanField(
        label=_("Manages the people of their organisation in the portal"), required=False
    )
    hours_a_day = forms.DecimalField(
        label=_("Approves up to (hours a day)"),
        required=False,
        min_value=0,
        max_value=24,
        decimal_places=2,
        help_text=_("Empty: without limit."),
    )
    amount_a_day = forms.DecimalField(
        label=_("Approves up to (amount a day)"),
        required=False,
        min_value=0,
        max_value=10**9,
        decimal_places=2,
        help_text=_("In the client's currency. Empty: without limit."),
    )

    @staticmethod
    def initial_of(contact: Contact) -> dict[str, Any]:
        """What is kept now, in hours and major units."""
        minutes, amount = contact.approves_up_to_minutes, contact.approves_up_to_amount
        major = 10 ** currency_exponent(contact.client.currency)
        return {
            "is_project_lead": contact.is_project_lead,
            "sees_invoices": contact.sees_invoices,
            "sees_dossier": contact.sees_dossier,
            "manages_people": contact.manages_people,
            "hours_a_day": None if minutes is None else Decimal(minutes) / 60,
            "amount_a_day": None if amount is None else Decimal(amount) / major,
        }

    def rights(self, currency: str) -> dict[str, Any]:
        """What the action takes: minutes and minor units."""
        hours, amount = self.cleaned_data["hours_a_day"], self.cleaned_data["amount_a_day"]
        return {
            "is_project_lead": self.cleaned_data["is_project_lead"],
            "sees_invoices": self.cleaned_data["sees_invoices"],
            "sees_dossier": self.cleaned_data["sees_dossier"],
            "manages_people": self.cleaned_data["manages_people"],
            "approves_up_to_minutes": None if hours is None else round_half_up(hours * 60),
            "approves_up_to_amount": None if amount is None else round_half_up(to_minor(amount, currency)),
        }


class DomainForm(forms.Form):
    """A mail domain that is the client's alone."""

    domain = forms.CharField(label=_("Mail domain"), max_length=253)


class SiteForm(forms.Form):
    """A place where work is done."""

    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "site_%s")  # it stands beside the client's form, which has a name too
        super().__init__(*args, **kwargs)
