"""The forms about direct debits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models import Invoice, Mandate
from ecuanime.billing.queries.lists import is_open
from ecuanime.rules.sepa import next_target_day
from ecuanime.web.components.fields import KeyField, day_input

DAYS_AHEAD = 3
"""What most banks ask for, and a day more."""


class MandateForm(forms.Form):
    """What a client signed."""

    holder = forms.CharField(label=_("Account holder"), max_length=70)
    iban = forms.CharField(label=_("Account (IBAN)"), max_length=42)
    bic = forms.CharField(
        label=_("BIC"),
        max_length=11,
        required=False,
        help_text=_("Only for accounts outside of the European Economic Area."),
    )
    scheme = forms.ChoiceField(label=_("Scheme"), choices=Mandate.Scheme.choices)
    is_once = forms.BooleanField(label=_("For one collection alone"), required=False)
    signed_on = forms.DateField(label=_("Signed on"), widget=day_input())
    reference = forms.CharField(
        label=_("Mandate reference"),
        max_length=35,
        required=False,
        help_text=_("The one on the signed paper; empty, it gets one of the client's code."),
    )


class CollectForm(forms.Form):
    """Which invoices are collected, and when."""

    invoices = forms.ModelMultipleChoiceField(
        label=_("Invoices"),
        queryset=Invoice.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one invoice.")},
    )
    collect_on = forms.DateField(
        label=_("Collect on"),
        widget=day_input(),
        help_text=_("A day on which banks work, and one that your bank still takes."),
    )
    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"collect_on": next_target_day(today + timedelta(days=DAYS_AHEAD))})
        invoices: Any = self.fields["invoices"]
        invoices.queryset = Invoice.objects.filter(is_open(), currency="EUR").select_related("client")


class CollectedForm(forms.Form):
    """On which day the bank paid what was collected."""

    collected_on = forms.DateField(label=_("Received on"), widget=day_input())


class ReturnForm(forms.Form):
    """Why and when a debit came back."""

    reason = forms.CharField(label=_("What the bank says"), max_length=120)
    returned_on = forms.DateField(label=_("Returned on"), widget=day_input())
