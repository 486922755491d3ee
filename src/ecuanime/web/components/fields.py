"""Fields of forms that are asked for in many places: days, keys, figures, money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.utils.translation import gettext_lazy as _

from ecuanime.rules.money import currency_exponent, round_half_up, to_minor
from ecuanime.web.components.durations import seconds_of

LARGEST_AMOUNT = 10**9


def day_input(*, css: str = "") -> forms.DateInput:
    """The browser's own calendar, which reads and writes ISO dates in every language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"} | ({"class": css} if css else {}))


def new_key() -> str:
    """What a form carries so that sending it twice counts once."""
    return uuid4().hex


class KeyField(forms.RegexField):
    """The hidden key of a form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput, initial=new_key, label=_("Form key"), **options
        )


class FigureField(forms.DecimalField):
    """A figure that is typed with as many decimals as it may have."""

    def __init__(self, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        usual: dict[str, Any] = {"min_value": 0, "required": False, "widget": widget}
        super().__init__(**(usual | options))


class PercentField(FigureField):
    """A discount as a percentage."""

    def __init__(self) -> None:
        super().__init__(label=_("Discount, in per cent"), max_value=100, decimal_places=3)


class AmountField(FigureField):
    """Money in major units; `count_in` says how many decimals it has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"max_value": LARGEST_AMOUNT} | options))


def count_in(field: forms.Field, currency: str) -> None:
    """Let an amount have the decimals of its currency and no more."""
    field.validators.append(DecimalValidator(None, currency_exponent(currency)))


def minor_of(amount: Decimal | None, currency: str) -> int | None:
    """A typed amount in minor units."""
    return None if amount is None else round_half_up(to_minor(amount, currency))


class DurationField(forms.CharField):
    """A duration in whole seconds, typed as people do; empty is None.

    It stays text until it is cleaned, so that its length and whether it was changed are those of what was typed.
    """

    def clean(self, value: Any) -> Any:
        """The seconds of what was typed."""
        text = super().clean(value)
        if not text:
            return None
        seconds = seconds_of(text)
        if seconds is None:
            raise ValidationError(_("Write it as 1:30, 90 min or 1 h 30."))
        return seconds


class CommentForm(forms.Form):
    """What is written to the client about a disputed entry."""

    comment = forms.CharField(
        label=_("Your comment"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="comment_%s")
