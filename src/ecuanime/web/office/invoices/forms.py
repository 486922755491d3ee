"""The forms about invoices: filters, lines, payments, credit notes, sending and export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.actions.drafts.changes import HIGHEST_PRICE, MOST_DECIMALS, MOST_UNITS, UNIT_DECIMALS
from ecuanime.billing.documents.numbering import purpose_of
from ecuanime.billing.drafting.withholding import NONE, withholdings
from ecuanime.billing.models import Invoice, InvoiceLine, Numbering, TaxRate
from ecuanime.billing.packs import pack_of
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.fields import (
    AmountField,
    FigureField,
    KeyField,
    PercentField,
    count_in,
    day_input,
    minor_of,
)
from ecuanime.web.components.pack_price import AskForPackForm

ORDER_BY_HAND = (InvoiceLine.Kind.GOODS, InvoiceLine.Kind.EXPENSE, InvoiceLine.Kind.SERVICE)


class LineForm(forms.Form):
    """A line added by hand."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[(value, InvoiceLine.Kind(value).label) for value in ORDER_BY_HAND]
    )
    description = forms.CharField(label=_("What it is for"), max_length=300)
    units = FigureField(
        label=_("Units"), required=True, max_value=MOST_UNITS, decimal_places=UNIT_DECIMALS, initial=1
    )
    unit_name = forms.CharField(
        label=_("Counted in"), max_length=20, required=False, help_text=_("Pieces, km, nights: may be empty.")
    )
    price = forms.DecimalField(
        label=_("Price per unit"),
        min_value=-HIGHEST_PRICE,
        max_value=HIGHEST_PRICE,
        decimal_places=MOST_DECIMALS,
        help_text=_("Before tax. A discount is negative."),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    tax_rate = forms.ModelChoiceField(
        label=_("Tax"),
        queryset=TaxRate.objects.none(),
        required=False,
        empty_label=_("As the rest of the draft"),
    )
    discount_percent = PercentField()
    discount_amount = AmountField(label=_("Or a discount as an amount"))

    def __init__(self, data: Any = None, *, currency: str) -> None:
        self.currency = currency
        super().__init__(data, auto_id="line_%s")
        taxes: Any = self.fields["tax_rate"]
        taxes.queryset = TaxRate.objects.all()
        count_in(self.fields["discount_amount"], currency)

    def values(self) -> dict[str, Any]:
        """What the action takes: the discount in minor units."""
        amount = self.cleaned_data["discount_amount"]
        return self.cleaned_data | {"discount_amount": minor_of(amount, self.currency)}


class TimeDiscountForm(forms.Form):
    """What is taken off a line of time; empty, nothing is."""

    percent = PercentField()
    amount = AmountField(label=_("Or a discount as an amount"))

    def __init__(self, data: Any = None, *, line: InvoiceLine) -> None:
        self.currency = line.invoice.currency
        amount = line.discount if line.discount and line.discount_percent is None else None
        super().__init__(
            data,
            initial={
                "percent": line.discount_percent,
                "amount": None
                if amount is None
                else Decimal(amount).scaleb(-currency_exponent(self.currency)),
            },
        )
        count_in(self.fields["amount"], self.currency)

    def values(self) -> dict[str, Any]:
        """What the action takes: the discount in minor units."""
        return self.cleaned_data | {"amount": minor_of(self.cleaned_data["amount"], self.currency)}


class DiscountForm(forms.Form):
    """What is taken off a whole draft; empty, nothing is."""

    percent = PercentField()
    amount = AmountField(label=_("Or as an amount"))
    reason = forms.CharField(
        label=_("What it is for"),
        max_length=120,
        required=False,
        help_text=_("Printed before it. Empty: Discount."),
    )

    def __init__(self, data: Any = None, *, invoice: Invoice) -> None:
        self.currency = invoice.currency
        amount = invoice.discount_amount
        initial = {
            "percent": invoice.discount_percent,
            "amount": None if amount is None else Decimal(amount).scaleb(-currency_exponent(self.currency)),
            "reason": invoice.discount_reason,
        }
        super().__init__(data, auto_id="discount_%s", initial=initial)
        count_in(self.fields["amount"], self.currency)

    def values(self) -> dict[str, Any]:
        """What the action takes: minor units."""
        return self.cleaned_data | {"amount": minor_of(self.cleaned_data["amount"], self.currency)}


class TaxForm(forms.Form):
    """Another tax for the whole draft."""

    tax_rate = forms.ModelChoiceField(
        label=_("Tax of this draft"), queryset=TaxRate.objects.none(), empty_label=None
    )

    def __init__(self, data: Any = None, *, chosen: TaxRate | None = None) -> None:
        super().__init__(data, auto_id="tax_%s", initial={"tax_rate": chosen.pk if chosen else None})
        taxes: Any = self.fields["tax_rate"]
        taxes.queryset = TaxRate.objects.all()


class WithholdingForm(forms.Form):
    """What the customer of a draft keeps back."""

    withholding = forms.ChoiceField(label=_("Income tax withheld"), required=False)

    def __init__(self, data: Any = None, *, chosen: str = "") -> None:
        super().__init__(data, auto_id="held_%s", initial={"withholding": chosen})
        field: Any = self.fields["withholding"]
        rates = [
            (code, ", ".join(f"{name} {percent.normalize():f} %" for name, percent in rate.shares))
            for code, rate in withholdings().items()
        ]
        field.choices = [("", _("As is usual for this client")), (NONE, _("Nothing")), *rates]


class IssueForm(forms.Form):
    """The day that a document bears."""

    dated = forms.DateField(label=_("Dated"), required=False, widget=day_input())
    numbering = forms.ModelChoiceField(
        label=_("Series"), queryset=Numbering.objects.none(), required=False, empty_label=_("The usual one")
    )

    def __init__(self, data: Any = None, *, kind: str, today: date) -> None:
        super().__init__(data, initial={"dated": today})
        series: Any = self.fields["numbering"]
        series.queryset = Numbering.objects.filter(purpose=purpose_of(kind))


class CreditForm(forms.Form):
    """Why a document is cancelled, and what becomes of its time."""

    FREE, AGAIN = "free", "again"

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The client reads it on the document.")
    )
    time = forms.ChoiceField(
        label=_("The time on it"),
        choices=[
            (FREE, _("goes back to review: something in it was wrong")),
            (AGAIN, _("stays approved and is billed again by the next run: only the document was wrong")),
        ],
        initial=FREE,
        widget=forms.RadioSelect,
    )

    correction_type = forms.ChoiceField(label=_("Kind of correction"), choices=(), required=False)
    by_substitution = forms.BooleanField(
        label=_("By substitution"),
        required=False,
        help_text=_("The document states what now stands, beside what is taken off."),
    )

    def __init__(self, data: Any = None, *, has_time: bool, kinds: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(data)
        if not has_time:
            del self.fields["time"]
        if not kinds:
            del self.fields["correction_type"], self.fields["by_substitution"]
            return
        kind: Any = self.fields["correction_type"]
        kind.choices = kinds

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            "reason": self.cleaned_data["reason"],
            "free_time": self.cleaned_data.get("time", self.FREE) == self.FREE,
            "correction_type": self.cleaned_data.get("correction_type", ""),
            "by_substitution": self.cleaned_data.get("by_substitution", False),
        }


def kinds_for(invoice: Invoice) -> Sequence[tuple[str, str]]:
    """The kinds of correction that the law of the firm's country knows; a pro-forma has none."""
    return () if invoice.is_pro_forma else pack_of(the_firm()).correction_kinds()


class PayBackForm(forms.Form):
    """Why unused hours are paid back."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The client reads it on the credit note.")
    )
    idempotency_key = KeyField()


class UnusedFeeForm(forms.Form):
    """Why the days of a fee are credited, and the amount that the person saw, in minor units."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The client reads it on the credit note.")
    )
    amount = forms.IntegerField(min_value=0, max_value=10**12, widget=forms.HiddenInput)


class SendForm(forms.Form):
    """To whom a document is sent once more."""

    to = forms.CharField(
        label=_("To"), max_length=600, help_text=_("Several addresses are separated by commas.")
    )
    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, to: tuple[str, ...] = ()) -> None:
        super().__init__(data, auto_id="send_%s", initial={"to": ", ".join(to)})

    def values(self) -> dict[str, Any]:
        """What the action takes: the addresses, one by one."""
        to = self.cleaned_data["to"].replace(";", ",").replace(",", " ").split()
        return self.cleaned_data | {"to": to}


class RunForm(forms.Form):
    """Up to which day approved work is billed."""

    hasta = forms.DateField(label=_("Work done up to"), widget=day_input(css="form-control"))

    def __init__(self, data: Any, *, today: date) -> None:
        self.today = today
        super().__init__(data)

    def clean_hasta(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["hasta"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet. Choose today or an earlier day."))
        return day


class ExportForm(forms.Form):
    """Which days' documents are exported, both inclusive."""

    desde = forms.DateField(label=_("Issued from"), widget=day_input())
    hasta = forms.DateField(label=_("Until"), widget=day_input())

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        days = super().clean() or {}
        if days.get("desde") and days.get("hasta") and days["desde"] > days["hasta"]:
            self.add_error("hasta", _("The last day is before the first one."))
        return days


class PackForm(AskForPackForm):
    """How many hours or incidents are sold, from when, and when they can be used."""

    starts_on = forms.DateField(
        label=_("Valid from"), widget=day_input(), help_text=_("Their term counts from this day.")
    )
    usable_at_once = forms.BooleanField(
        label=_("They can be used at once, before the document is issued"), required=False
    )
