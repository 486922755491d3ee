"""The forms about received invoices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models import Invoice, ReceivedInvoice
from ecuanime.billing.queries.received import places_to_charge
from ecuanime.contracts.models import Contract
from ecuanime.web.office.invoices.forms import ExportForm


class FileForm(forms.Form):
    """The supplier's file."""

    file = forms.FileField(
        label=_("Electronic invoice"),
        help_text=_("UBL, CII or Facturae as XML, or a Factur-X PDF; at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xml,.xsig,.pdf"}),
    )


class BookForm(ExportForm):
    """Which days the book shows: this year's unless said otherwise."""

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.usual = (today.replace(month=1, day=1), today)
        super().__init__(data, initial={"desde": self.usual[0], "hasta": self.usual[1]})

    @property
    def span(self) -> tuple[date, date]:
        """The first day and the last; the usual ones where what was asked cannot be read."""
        if not self.is_valid():
            return self.usual
        return self.cleaned_data["desde"], self.cleaned_data["hasta"]


class ChargeForm(forms.Form):
    """On which draft, and for which contract of its client, the cost is charged."""

    place = forms.ChoiceField(label=_("Draft and contract"))

    def __init__(self, *args: Any, row: ReceivedInvoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {
            f"{draft.pk}-{contract.pk}": (draft, contract) for draft, contract in places_to_charge(row)
        }
        place: Any = self.fields["place"]
        place.choices = [(key, _label(*each)) for key, each in self._places.items()]

    @property
    def has_places(self) -> bool:
        """Whether there is any draft that it could go on."""
        return bool(self._places)

    @property
    def chosen(self) -> tuple[Invoice, Contract]:
        """The draft and the contract of a valid form."""
        return self._places[self.cleaned_data["place"]]


def _label(draft: Invoice, contract: Contract) -> str:
    return f"{draft.client} · {contract.number} · #{draft.pk}"
