"""The forms that a person fills in from a paper: a supplier's invoice, or a customs document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.actions import CATEGORIES, TAXED, TypedTax
from ecuanime.billing.models import WaitingPaper
from ecuanime.foundation.files import read
from ecuanime.web.choices import countries
from ecuanime.web.components.fields import (
    LARGEST_AMOUNT,
    AmountField,
    FigureField,
    count_in,
    day_input,
    minor_of,
)

CUSTOMS_PERCENTS = (21, 10, 4)
"""The rates of the IVA (LIVA, arts. 90 and 91)."""
MOST_TAXES = 4
"""So many rates a paper may have: those of the IVA, and what is not taxed."""
CATEGORY_WORDS = dict(
    zip(
        CATEGORIES,
        (
            _("Taxed"),
            _("Reverse charge or intra-Community"),
            _("Exempt"),
            _("Not subject"),
        ),
        strict=True,
    )
)


class PaperForm(forms.Form):
    """A paper with its file, and who supplied what."""

    file = forms.FileField(
        label=_("PDF or scan"),
        help_text=_("PDF, JPEG or PNG; at most 10 MB. It is kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    supplier_name = forms.CharField(label=_("Supplier"), max_length=200)
    supplier_tax_id = forms.CharField(
        label=_("Tax id"), max_length=40, help_text=_("The supplier's, in their country.")
    )
    number = forms.CharField(label=_("Number"), max_length=60)
    issued_on = forms.DateField(label=_("Issued on"), widget=day_input())
    about = forms.CharField(label=_("About"), max_length=300, required=False)

    def paper_values(self, *more: str) -> dict[str, Any]:
        """What the action takes of the paper itself, and of fields that a form has besides."""
        names = ("supplier_name", "supplier_tax_id", "number", "issued_on", "about", *more)
        return {name: self.cleaned_data[name] for name in names} | {"content": self.content()}

    def content(self) -> bytes:
        """The paper itself."""
        sent: bytes = self.cleaned_data["file"].read()
        return sent


class CustomsForm(PaperForm):
    """A customs document: who supplied the goods, and the base and tax of each rate, in euros."""

    number = forms.CharField(label=_("Number"), max_length=60, help_text=_("The MRN of the DUA."))
    issued_on = forms.DateField(label=_("Admitted on"), widget=day_input())
    is_deferred = forms.BooleanField(
        label=_("Its tax was not paid at customs: it goes with the modelo 303 (box 77)"), required=False
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        for percent in CUSTOMS_PERCENTS:
            for name, words in (("base", _("Base at %(percent)s %%")), ("tax", _("Tax at %(percent)s %%"))):
                field = AmountField(label=words % {"percent": percent})
                count_in(field, currency)
                self.fields[f"{name}_{percent}"] = field

    @property
    def figures(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The base and the tax of each rate, side by side."""
        return [(self[f"base_{percent}"], self[f"tax_{percent}"]) for percent in CUSTOMS_PERCENTS]

    def clean(self) -> dict[str, Any]:
        """A base has its tax, and the other way round."""
        given = super().clean() or self.cleaned_data
        for percent in CUSTOMS_PERCENTS:
            if (given.get(f"base_{percent}") is None) != (given.get(f"tax_{percent}") is None):
                self.add_error(f"tax_{percent}", ValidationError(gettext("Give both, the base and its tax.")))
        return given

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        taxes = [
            TypedTax(
                Decimal(percent),
                minor_of(given[f"base_{percent}"], self._currency) or 0,
                minor_of(given[f"tax_{percent}"], self._currency) or 0,
            )
            for percent in CUSTOMS_PERCENTS
            if given[f"base_{percent}"] is not None
        ]
        return self.paper_values("is_deferred") | {"taxes": taxes}


class TypedForm(PaperForm):
    """A supplier's invoice as its paper has it: amounts in major units of its currency, one row for each rate.

    A credit note's may be typed with or without a minus, all of them alike.
    """

    _paper: WaitingPaper | None = None
    country = forms.ChoiceField(label=_("Country"))
    due_on = forms.DateField(label=_("Due on"), widget=day_input(), required=False)
    accrued_on = forms.DateField(
        label=_("Tax falls due on"),
        widget=day_input(),
        required=False,
        help_text=_("The day of the operation, if it is another than that of issue."),
    )
    is_credit_note = forms.BooleanField(label=_("It is a credit note"), required=False)
    corrects = forms.CharField(
        label=_("Corrects"),
        max_length=60,
        required=False,
        help_text=_("The number of the invoice that a credit note corrects."),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    withheld = AmountField(
        label=_("Withheld"), min_value=-LARGEST_AMOUNT, help_text=_("Income tax that the paper takes off.")
    )
    to_pay = AmountField(
        label=_("Total to pay"),
        min_value=-LARGEST_AMOUNT,
        required=True,
        help_text=_("Bases and taxes, less what is withheld, as the paper has it."),
    )

    def __init__(
        self, *args: Any, country: str, currency: str, paper: WaitingPaper | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if paper is not None:
            self.take(paper)
        self.initial.update(country=country, currency=currency)
        places: Any = self.fields["country"]
        places.choices = countries()
        for row in range(1, MOST_TAXES + 1):
            self.fields[f"category_{row}"] = forms.ChoiceField(
                label=_("How it is taxed"), choices=CATEGORY_WORDS.items(), initial=TAXED
            )
            self.fields[f"percent_{row}"] = FigureField(
                label=_("Rate in per cent"), max_value=100, max_digits=6, decimal_places=3
            )
            for name, words in (("base", _("Base")), ("tax", _("Tax on it"))):
                self.fields[f"{name}_{row}"] = AmountField(
                    label=words, min_value=-LARGEST_AMOUNT, required=(name, row) == ("base", 1)
                )
        self._currency = (self.data.get("currency") or currency).strip().upper()
        for field in self.fields.values():
            if isinstance(field, AmountField):
                count_in(field, self._currency)

    def take(self, paper: WaitingPaper) -> None:
        """Ask for no file any more: it is this one."""
        self._paper = paper
        del self.fields["file"]

    def content(self) -> bytes:
        """The paper itself, sent along or kept before."""
        return read(self._paper.file_id) if self._paper else super().content()

    @property
    def figures(self) -> list[list[forms.BoundField]]:
        """What is typed of each rate, side by side."""
        return [self._row(row) for row in range(1, MOST_TAXES + 1)]

    @property
    def has_more_rates(self) -> bool:
        """Whether anything was typed, or is wrong, in a row after the first."""
        return any(bound.errors or bound.value() for row in self.figures[1:] for bound in row[1:])

    def clean_currency(self) -> str:
        """Its three letters."""
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        """A base has its tax, which may be left out where none is charged, and a figure has its base."""
        given = super().clean() or self.cleaned_data
        for row in range(1, MOST_TAXES + 1):
            base, tax, percent = (given.get(f"{name}_{row}") for name in ("base", "tax", "percent"))
            is_taxed = given.get(f"category_{row}") == TAXED
            if base is None and (tax is not None or percent is not None):
                self._add_once(f"base_{row}", gettext("Give the base of this rate."))
            if base is not None and is_taxed and percent is None:
                self._add_once(f"percent_{row}", gettext("Give the rate of what is taxed."))
            if base is not None and is_taxed and tax is None:
                self._add_once(f"tax_{row}", gettext("Give the tax of this base."))
        return given

    def values(self) -> dict[str, Any]:
        """What the action takes: a credit note's amounts below zero, however they were typed."""
        given = self.cleaned_data
        sign = -1 if given["is_credit_note"] and given["to_pay"] > 0 else 1
        taxes = [
            TypedTax(
                given[f"percent_{row}"] or Decimal(0),
                sign * self._minor(f"base_{row}"),
                sign * self._minor(f"tax_{row}"),
                given[f"category_{row}"],
            )
            for row in range(1, MOST_TAXES + 1)
            if given[f"base_{row}"] is not None
        ]
        facts = self.paper_values("country", "due_on", "accrued_on", "is_credit_note", "corrects", "currency")
        sums = {name: sign * self._minor(name) for name in ("withheld", "to_pay")}
        return facts | sums | {"taxes": taxes}

    def _row(self, row: int) -> list[forms.BoundField]:
        return [self[f"{name}_{row}"] for name in ("category", "percent", "base", "tax")]

    def _minor(self, name: str) -> int:
        return minor_of(self.cleaned_data[name], self._currency) or 0

    def _add_once(self, name: str, words: str) -> None:
        if not self.errors.get(name):
            self.add_error(name, ValidationError(words))
