"""The forms about received invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.books.exchange import DayRate, usual_source
from ecuanime.billing.models import DeductionAdjustment, Invoice, RateSource, ReceivedInvoice, ReceivedTax
from ecuanime.billing.queries.received import places_to_charge
from ecuanime.contracts.models import Contract
from ecuanime.rules.money import currency_exponent
from ecuanime.web.components.fields import (
    LARGEST_AMOUNT,
    AmountField,
    FigureField,
    count_in,
    day_input,
    minor_of,
)
from ecuanime.web.office.invoices.forms import ExportForm


class FileForm(forms.Form):
    """The supplier's file."""

    file = forms.FileField(
        label=_("The supplier's invoice"),
        help_text=_(
            "UBL, CII, Facturae and Factur-X are read. A plain PDF or a scan (JPEG, PNG) is kept, and you type what it "
            "says. At most 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".xml,.xsig,.pdf,.jpg,.jpeg,.png"}),
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


class ReceivedRateForm(forms.Form):
    """The rate that a received invoice is stated at, of which day, and who published it: what is known is proposed."""

    exchange_rate = FigureField(label=_("Exchange rate"), max_digits=18, decimal_places=8, required=True)
    rate_on = forms.DateField(label=_("Day"), widget=day_input())
    rate_source = forms.ChoiceField(label=_("Published by"), choices=RateSource.choices)

    def __init__(self, data: Any = None, *, row: ReceivedInvoice, known: DayRate | None, home: str) -> None:
        source = known.source if known and known.source in RateSource.values else ""
        usual = {
            "exchange_rate": known.rate.normalize() + 0 if known else None,
            "rate_on": known.on if known else row.due_day,
            "rate_source": source or usual_source(home),
        }
        super().__init__(data, auto_id="stated_%s", initial=usual)
        units = {"home": home, "currency": row.currency}
        self.fields["exchange_rate"].label = gettext("%(home)s for one %(currency)s") % units

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        return {"rate": given["exchange_rate"], "on": given["rate_on"], "source": given["rate_source"]}


class TakeBackForm(forms.Form):
    """Why a rate is taken back, or what was typed is withdrawn."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class InvestmentForm(forms.Form):
    """How much of each tax's base are investment goods, in major units."""

    def __init__(self, data: Any = None, *, taxes: Sequence[ReceivedTax], currency: str) -> None:
        super().__init__(data, auto_id="invested_%s")
        self._currency, self._taxes = currency, [tax for tax in taxes if tax.base]
        for tax in self._taxes:
            label = gettext("Base at %(percent)s %% that are investment goods") % {
                "percent": f"{tax.percent.normalize():f}"
            }
            part = Decimal(tax.investment_base).scaleb(-currency_exponent(currency))
            field = AmountField(label=label, min_value=-LARGEST_AMOUNT, initial=part or None)
            count_in(field, currency)
            self.fields[f"base_{tax.pk}"] = field

    @property
    def bases(self) -> dict[int, int]:
        """Minor units by the tax's id."""
        return {
            tax.pk: minor_of(self.cleaned_data[f"base_{tax.pk}"], self._currency) or 0 for tax in self._taxes
        }


class AdjustmentForm(forms.Form):
    """What a person types for a box of the modelo 303 that no book fills in, in euros."""

    box = forms.ChoiceField(label=_("Box"))
    amount = AmountField(
        label=_("Amount to deduct"),
        min_value=-LARGEST_AMOUNT,
        required=True,
        help_text=_("Below zero where it takes off. 0 takes away what was typed."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="adjusted_%s")
        boxes: Any = self.fields["box"]
        boxes.choices = [(box, f"{box} · {words}") for box, words in DeductionAdjustment.Box.choices]
        count_in(self.fields["amount"], "EUR")

    def values(self) -> dict[str, Any]:
        """What the action takes beside the period."""
        given = self.cleaned_data
        return given | {"amount": minor_of(given["amount"], "EUR") or 0}


def _label(draft: Invoice, contract: Contract) -> str:
    return f"{draft.client} · {contract.number} · #{draft.pk}"
