"""The forms about money: payments, deposits, advances, disputes, and the days of an account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import DecimalValidator
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.books.exchange import usual_source
from ecuanime.billing.models import Invoice, Payment, RateSource, TaxRate
from ecuanime.rules.money import currency_exponent, round_half_up, to_minor
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.fields import (
    LARGEST_AMOUNT,
    AmountField,
    KeyField,
    count_in,
    day_input,
    minor_of,
)


def ask_rate(fields: dict[str, forms.Field], currency: str) -> None:
    """Ask what one unit of a currency was worth in the firm's, unless it is that one."""
    if currency == the_firm().currency:
        del fields["exchange_rate"]
        return
    fields["exchange_rate"].label = _rate_label(currency)
    fields["exchange_rate"].help_text = _("Empty takes the rate that was noted for its day, if there is one.")
    fields["exchange_rate"].widget.attrs |= {"step": "any", "inputmode": "decimal"}


def _rate_label(currency: str) -> str:
    return str(_("%(home)s for one %(currency)s") % {"home": the_firm().currency, "currency": currency})


class PaymentForm(forms.Form):
    """Money received, in major units of the document's currency."""

    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=-LARGEST_AMOUNT,
        max_value=LARGEST_AMOUNT,
        help_text=_("Part of it is fine. Money given back is negative."),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    received_on = forms.DateField(label=_("Received on"), widget=day_input())
    method = forms.ChoiceField(label=_("How it came"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Reference"), max_length=120, required=False)
    exchange_rate = forms.DecimalField(
        label=_("Exchange rate"), max_digits=18, decimal_places=8, required=False, widget=forms.NumberInput
    )
    keep_rest = forms.BooleanField(label=_("Hold for the client what is above what is owed"), required=False)
    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, currency: str, owed: int = 0, today: date | None = None) -> None:
        self.currency = currency
        exponent = currency_exponent(currency)
        proposed = Decimal(owed).scaleb(-exponent) if owed > 0 else None
        super().__init__(data, auto_id="pay_%s", initial={"amount": proposed, "received_on": today})
        amount: Any = self.fields["amount"]
        amount.validators.append(DecimalValidator(None, exponent))
        ask_rate(self.fields, currency)

    def values(self) -> dict[str, Any]:
        """What the action takes: minor units."""
        amount = round_half_up(to_minor(self.cleaned_data["amount"], self.currency))
        return self.cleaned_data | {"amount": amount}


class AdvanceForm(forms.Form):
    """What is asked for before the work, and for what."""

    description = forms.CharField(label=_("What it is for"), max_length=300)
    amount = AmountField(label=_("Amount"), required=True, help_text=_("Before tax."))
    tax_rate = forms.ModelChoiceField(
        label=_("Tax"),
        queryset=TaxRate.objects.none(),
        required=False,
        empty_label=_("As usual for this client"),
    )
    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, currency: str) -> None:
        self.currency = currency
        super().__init__(data, auto_id="advance_%s")
        count_in(self.fields["amount"], currency)
        taxes: Any = self.fields["tax_rate"]
        taxes.queryset = TaxRate.objects.all()

    def values(self) -> dict[str, Any]:
        """What the action takes: minor units."""
        amount = minor_of(self.cleaned_data["amount"], self.currency)
        return self.cleaned_data | {"amount": amount, "currency": self.currency}


class DepositForm(PaymentForm):
    """Money that came before or without an invoice, in one of the client's currencies."""

    def __init__(self, data: Any = None, *, currency: str, today: date | None = None) -> None:
        super().__init__(data, currency=currency, today=today)
        del self.fields["keep_rest"]

    def values(self) -> dict[str, Any]:
        """What the action takes: minor units."""
        return super().values() | {"currency": self.currency}


class DisputeForm(forms.Form):
    """Why and when a bank withdrew a payment."""

    reason = forms.CharField(label=_("What the bank says"), max_length=120)
    disputed_on = forms.DateField(label=_("Withdrawn on"), widget=day_input())


class WriteOffForm(forms.Form):
    """Why and when what is owed is given up; `owed` is what the person sees as owed, minor units."""

    reason = forms.CharField(label=_("Why"), max_length=120)
    written_on = forms.DateField(label=_("Written off on"), widget=day_input())
    owed = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, owed: int, today: date) -> None:
        super().__init__(data, initial={"owed": owed, "written_on": today})


class SettleForm(forms.Form):
    """How a dispute ended."""

    WON, LOST = "won", "lost"

    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[(WON, _("We won: the money came back")), (LOST, _("We lost: the invoice owes it"))],
        widget=forms.RadioSelect,
    )
    settled_on = forms.DateField(label=_("Settled on"), widget=day_input())

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        is_won = self.cleaned_data["outcome"] == self.WON
        return {"is_won": is_won, "settled_on": self.cleaned_data["settled_on"]}


class CorrectPaymentForm(forms.Form):
    """Why a payment is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=120)


class DocumentRateForm(forms.Form):
    """The rate that a document is booked at, of which day, and who published it; a draft may give its own up again."""

    exchange_rate = forms.DecimalField(max_digits=18, decimal_places=8, widget=forms.NumberInput)
    rate_on = forms.DateField(label=_("Day"), widget=day_input())
    rate_source = forms.ChoiceField(label=_("Published by"), choices=RateSource.choices)

    def __init__(self, data: Any = None, *, invoice: Invoice, today: date) -> None:
        own = invoice.exchange_rate is not None
        usual = {
            "exchange_rate": invoice.exchange_rate.normalize() + 0 if invoice.exchange_rate else None,
            "rate_on": invoice.rate_on or invoice.issued_on or today,
            "rate_source": invoice.rate_source if own else usual_source(the_firm().currency),
        }
        super().__init__(data, auto_id="booked_%s", initial=usual)
        rate = self.fields["exchange_rate"]
        rate.label, rate.required = _rate_label(invoice.currency), not invoice.is_draft
        rate.widget.attrs |= {"step": "any", "inputmode": "decimal"}
        if invoice.is_draft:
            rate.help_text = _("Empty takes the rate that is noted for its day.")

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        return {"rate": given["exchange_rate"], "on": given["rate_on"], "source": given["rate_source"]}
