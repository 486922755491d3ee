"""The forms of the simulator: a piece of work to suppose, and a whole scenario as JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract, WorkType
from ecuanime.contracts.queries import work_types
from ecuanime.rules.scenario import Scenario, Wrong, read_text
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.tickets.models import Ticket
from ecuanime.web.components.fields import DurationField
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.scenarios import say_wrong

SUPPOSED = 0
"""The id of work that is not stored, and of a ticket that is not either."""


class ContractField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in its stubs alone
    """A contract by its client, number and plan."""

    def label_from_instance(self, obj: Any) -> str:
        """What the choice says."""
        return f"{obj.client} · {obj.number} · {obj.version}"


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class SupposedForm(forms.Form):
    """Work to suppose under a contract. `entry()` gives it as an entry that is not stored."""

    contrato = ContractField(
        Contract.objects.none(),
        label=gettext_lazy("Contract"),
        to_field_name="number",
        empty_label=gettext_lazy("Choose one"),
    )
    concepto = forms.ModelChoiceField(
        WorkType.objects.none(), label=gettext_lazy("Kind of work"), to_field_name="code", empty_label=None
    )
    area = forms.ModelChoiceField(
        ProductArea.objects.none(),
        label=gettext_lazy("Product area"),
        to_field_name="code",
        required=False,
        empty_label=pgettext_lazy("product area", "Any"),
    )
    sede = forms.ModelChoiceField(
        Site.objects.none(), label=gettext_lazy("Site"), required=False, empty_label=gettext_lazy("Not known")
    )
    persona = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Done by"),
        required=False,
        empty_label=gettext_lazy("Anybody"),
        help_text=gettext_lazy("Their level in the area may change the price."),
    )
    dia = forms.DateField(label=gettext_lazy("Day"), widget=_day())
    desde = forms.TimeField(label=pgettext_lazy("time of day", "From"), required=False, widget=_clock())
    hasta = forms.TimeField(
        label=pgettext_lazy("time of day", "To"),
        required=False,
        widget=_clock(),
        help_text=gettext_lazy("In the contract's time zone. Not later than the beginning: the day after."),
    )
    duracion = DurationField(
        label=gettext_lazy("Or how long"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Without clock times nothing is after hours."),
    )
    unidades = forms.IntegerField(
        label=gettext_lazy("Pieces"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("For what is priced by the piece: kilometres, call-outs."),
    )
    urgente = forms.BooleanField(label=gettext_lazy("Asked for as urgent"), required=False)
    estado = forms.DateField(
        label=gettext_lazy("Compare with the lots as they stood at the end of"), required=False, widget=_day()
    )
    ticket = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, data: Any, contracts: Any, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        fields["contrato"].queryset = contracts
        fields["concepto"].queryset = work_types()
        fields["area"].queryset = product_areas()
        fields["persona"].queryset = people_of_firm()
        chosen = (data or options.get("initial") or {}).get("contrato", "")
        fields["sede"].queryset = Site.objects.filter(
            client__in=contracts.filter(number=chosen).values("client")
        )
        if not fields["sede"].queryset.exists():
            del fields["sede"]

    def clean(self) -> dict[str, Any]:
        """Clock times come both or neither; without them the duration says how long."""
        given = super().clean() or {}
        if (given.get("desde") is None) != (given.get("hasta") is None):
            raise ValidationError(_("Give both times, or neither and how long it took."))
        if given.get("desde") is None and given.get("duracion") is None:
            raise ValidationError(_("Say from when to when, or how long."))
        return given

    def entry(self, ticket: Ticket) -> TimeEntry:
        """The work as an entry that nobody recorded, on a ticket that may be supposed too."""
        given = self.cleaned_data
        begins, ends = self._times()
        elapsed = (ends - begins) // timedelta(seconds=1) if begins and ends else given["duracion"]
        return TimeEntry(
            pk=SUPPOSED,
            ticket=ticket,
            client=given["contrato"].client,
            contract=given["contrato"],
            user=given["persona"],
            work_type=given["concepto"],
            area=given["area"],
            site=given.get("sede"),
            is_urgent=given["urgente"],
            work_on=given["dia"],
            started_at=begins,
            ended_at=ends,
            elapsed_seconds=elapsed,
            units=given["unidades"],
        )

    def _times(self) -> tuple[datetime, datetime] | tuple[None, None]:
        given = self.cleaned_data
        if given["desde"] is None:
            return None, None
        zone, day = given["contrato"].zone, given["dia"]
        last = day if given["hasta"] > given["desde"] else day + timedelta(days=1)
        return datetime.combine(day, given["desde"], zone), datetime.combine(last, given["hasta"], zone)


class ScenarioForm(forms.Form):
    """A whole scenario as text; once it is clean, `cleaned_data["scenario"]` is one."""

    scenario = forms.CharField(
        label=gettext_lazy("Scenario as JSON"),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "ec-mono"}),
    )

    def clean_scenario(self) -> Scenario:
        """The scenario that the text says, or where and why it cannot be."""
        try:
            return read_text(self.cleaned_data["scenario"])
        except Wrong as wrong:
            raise ValidationError(say_wrong(wrong)) from wrong
