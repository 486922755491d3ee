"""The forms about bank statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models import BankEntry, BankFormat, Invoice
from ecuanime.billing.queries.bank import Suggested, invoices_named
from ecuanime.clients.models import Client
from ecuanime.rules.money import currency_exponent
from ecuanime.web.components.fields import AmountField, count_in, day_input, minor_of

FIELD = "amount_"
MOST_INVOICES = 60


class StatementForm(forms.Form):
    """The bank's file."""

    file = forms.FileField(
        label=_("Statement"),
        help_text=_("camt.053 as XML, or CSV; at most 5 MB. What other files had already is left out."),
        widget=forms.FileInput(attrs={"accept": ".xml,.csv,.txt"}),
    )
    columns = forms.ModelChoiceField(
        label=_("Read it as"),
        queryset=BankFormat.objects.all(),
        required=False,
        empty_label=_("camt.053 (XML)"),
    )


class AsideForm(forms.Form):
    """Why money pays no invoice, or why what it paid is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=300)


@dataclass(frozen=True)
class Choice:
    """An invoice that may be paid, and the field that says with how much."""

    invoice: Invoice
    field: Any


class MatchForm(forms.Form):
    """What each invoice gets of the money, and for whom the rest is held."""

    left = forms.IntegerField(widget=forms.HiddenInput)
    hold_rest = forms.BooleanField(label=_("Hold for the client what is above what is owed"), required=False)
    client = forms.ModelChoiceField(
        label=_("Or hold what is left for"),
        queryset=Client.objects.filter(is_active=True),
        required=False,
        empty_label=_("nobody"),
    )
    received_on = forms.DateField(label=_("Received on"), widget=day_input())

    def __init__(
        self,
        data: MultiValueDict[str, Any] | None = None,
        *,
        entry: BankEntry,
        invoices: Iterable[Invoice] = (),
        proposed: Suggested | None = None,
    ) -> None:
        self.currency = entry.currency
        offered = {each.pk: each for each in invoices} | invoices_named(_asked(data), entry.currency)
        initial: dict[str, Any] = {"left": entry.left, "received_on": entry.booked_on}
        if proposed is not None:
            initial |= {f"{FIELD}{each.pk}": _major(part, entry.currency) for each, part in proposed.parts}
            initial["hold_rest"] = proposed.suggestion.rest > 0
        super().__init__(data, initial=initial, auto_id="match_%s")
        self._offered = offered
        for pk, each in offered.items():
            self.fields[f"{FIELD}{pk}"] = AmountField(label=each.number or "")
            count_in(self.fields[f"{FIELD}{pk}"], entry.currency)

    @property
    def choices(self) -> list[Choice]:
        """The invoices that are offered, in their order."""
        return [Choice(each, self[f"{FIELD}{pk}"]) for pk, each in self._offered.items()]

    def clean(self) -> dict[str, Any]:
        """What is held besides invoices is held for one client, who must be clear."""
        facts = super().clean() or {}
        clients = {invoice.client_id for invoice, _amount in self.parts}
        if facts.get("hold_rest") and not facts.get("client") and len(clients) != 1:
            self.add_error("client", _("Say for which client the rest is held."))
        return facts

    @property
    def parts(self) -> list[tuple[Invoice, int]]:
        """The invoices that get something, with how much in minor units."""
        return [
            (each, amount)
            for pk, each in self._offered.items()
            if (amount := minor_of(self.cleaned_data.get(f"{FIELD}{pk}"), self.currency))
        ]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        facts, parts = self.cleaned_data, self.parts
        owner = facts["client"] or (parts[0][0].client if facts["hold_rest"] and parts else None)
        return {
            "parts": parts,
            "left": facts["left"],
            "rest_for": owner,
            "received_on": facts["received_on"],
        }


def sent_with(entry: BankEntry, proposed: Suggested) -> list[tuple[str, str]]:
    """The fields of a suggestion, for the button that confirms it as it is."""
    fields = [("left", str(entry.left)), ("received_on", entry.booked_on.isoformat())]
    fields += [(f"{FIELD}{each.pk}", f"{_major(part, entry.currency):f}") for each, part in proposed.parts]
    return [*fields, ("hold_rest", "on")] if proposed.suggestion.rest else fields


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-currency_exponent(currency))


def _asked(data: MultiValueDict[str, Any] | None) -> list[int]:
    """The invoices that a sent form names."""
    names = [name.removeprefix(FIELD) for name in data or () if name.startswith(FIELD)]
    return [
        int(each) for each in names[:MOST_INVOICES] if each.isascii() and each.isdigit() and len(each) < 18
    ]
