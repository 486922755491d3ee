"""Which days and which lot of a statement a person asks for, in the address of its page and files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.client_statements import units_of
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import Span


class SpanForm(forms.Form):
    """The days, both inclusive; empty: all of them. What cannot be read asks for nothing."""

    desde = forms.DateField(
        label=pgettext_lazy("days", "From"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    hasta = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        asked = super().clean() or {}
        if asked.get("desde") and asked.get("hasta") and asked["desde"] > asked["hasta"]:
            self.add_error("hasta", _("The last day is before the first one."))
        return asked

    @property
    def span(self) -> Span:
        """The days asked for."""
        return Span(self.cleaned_data["desde"], self.cleaned_data["hasta"]) if self.is_valid() else Span()

    @property
    def query(self) -> str:
        """What the address says, for the files of the same statement."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})


class StatementForm(SpanForm):
    """The days, and one lot of a contract or all of them."""

    lote = forms.ModelChoiceField(
        label=_("Lot"),
        queryset=Lot.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("all of them"),
    )

    def __init__(self, data: Mapping[str, Any], *, contract: Contract) -> None:
        super().__init__(data)
        lots: Any = self.fields["lote"]
        lots.queryset = (
            Lot.objects.filter(contract=contract).exclude(source=Lot.Source.OVERDRAFT).order_by("id")
        )

    @property
    def lot(self) -> Lot | None:
        """The lot asked for."""
        return self.cleaned_data["lote"] if self.is_valid() else None


class ClientStatementForm(SpanForm):
    """The days, and what is counted, where a client has both hours and incidents."""

    unidad = forms.ChoiceField(label=_("Of"), choices=Unit.choices, required=False)

    def __init__(self, data: Mapping[str, Any], *, contracts: Collection[Contract]) -> None:
        super().__init__(data)
        self.units = units_of(contracts) or [Unit.MINUTES.value]
        units: Any = self.fields["unidad"]
        units.choices = [(unit, Unit(unit).label) for unit in self.units]
        if len(self.units) == 1:
            units.widget = forms.HiddenInput()

    @property
    def unit(self) -> str:
        """What is counted: as asked for, else hours where there are any."""
        asked: str = self.cleaned_data["unidad"] if self.is_valid() else ""
        return asked or self.units[0]
