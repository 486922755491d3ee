"""Forms of the books: closed periods, the ladder of reminders, series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.billing.books.exchange import usual_source
from ecuanime.billing.models import Numbering, RateSource, Series
from ecuanime.web.components.fields import day_input


class ClosingForm(forms.Form):
    """Through which day the books are closed."""

    through = forms.DateField(label=gettext_lazy("Closed through"), widget=day_input())
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only needed to open closed days again."),
    )


class LadderForm(forms.Form):
    """After how many days clients are reminded."""

    days = forms.CharField(
        label=gettext_lazy("Days after the due day"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("3, 10, 20: one reminder after each. Empty: nobody is reminded."),
    )

    def clean_days(self) -> list[int]:
        """Whole numbers."""
        parts = self.cleaned_data["days"].replace(",", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
            raise forms.ValidationError(_("Write whole days, separated by commas."))
        return [int(part) for part in parts]


class NumberingForm(forms.Form):
    """A series of the firm, new or by its code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=6,
        help_text=gettext_lazy("Letters. One that is there is changed."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("For"), choices=Series.Purpose.choices)
    shape = forms.ChoiceField(
        label=gettext_lazy("How a number reads"),
        choices=Numbering.Shape.choices,
        initial=Numbering.Shape.LONG,
    )
    digits = forms.IntegerField(label=gettext_lazy("Digits"), min_value=1, max_value=8, initial=4)
    is_default = forms.BooleanField(label=gettext_lazy("Used unless another is chosen"), required=False)


class RateForm(forms.Form):
    """What one unit of another currency was worth on a day."""

    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, initial="USD")
    on = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    rate = forms.DecimalField(
        label=gettext_lazy("Exchange rate"),
        max_digits=18,
        decimal_places=8,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    home = forms.ChoiceField(label=gettext_lazy("Worth in"))
    source = forms.ChoiceField(label=gettext_lazy("Published by"), choices=RateSource.choices)

    def __init__(self, data: Any = None, *, homes: Sequence[str], today: date | None = None) -> None:
        """`homes` are the currencies that the firm notes rates in, its own first; it is asked where there are two."""
        usual = {"on": today, "home": homes[-1], "source": usual_source(homes[-1])}
        super().__init__(data, auto_id="rate_%s", initial=usual)
        cast(forms.ChoiceField, self.fields["home"]).choices = [(each, each) for each in homes]
        if len(homes) == 1:
            del self.fields["home"]
            self.fields["rate"].label = _("%(home)s for one") % {"home": homes[0]}
