"""The forms of a review: a reason, an adjustment with its reason, a contract, the end of a forgotten timer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.models import Contract, WorkType
from ecuanime.contracts.queries import contracts_of, work_types
from ecuanime.web.components.durations import typed
from ecuanime.web.components.fields import DurationField
from ecuanime.worklog.models import TimeEntry


class ContractField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in its stubs alone
    """A contract by its number and its plan's name."""

    def label_from_instance(self, obj: Any) -> str:
        """What the choice says."""
        return f"{obj.number} · {obj.version}"


class ReasonForm(forms.Form):
    """Why; the client and the technician read it. `version` is the one that the person had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, entry: TimeEntry, name: str) -> None:
        super().__init__(data, initial={"version": entry.version}, auto_id=f"{name}_%s")


class AdjustForm(forms.Form):
    """What counts of an entry, instead of what it says now. `changes()` gives the arguments of `adjust_entry`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    billable = DurationField(
        label=_("Counts for the bill"),
        required=False,
        max_length=20,
        help_text=_("As 1:30 or 90 min. Empty: all that was worked. 0: goodwill."),
    )
    work_type = forms.ModelChoiceField(WorkType.objects.none(), label=_("Kind of work"), empty_label=None)
    contract = ContractField(Contract.objects.none(), label=_("Contract"), required=False)
    note = forms.CharField(label=_("What was done"), required=False, max_length=300)
    is_urgent = forms.BooleanField(label=_("Asked for as urgent"), required=False)
    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The client and the technician read it."),
    )

    def __init__(self, data: Any = None, *, entry: TimeEntry) -> None:
        initial = {
            "version": entry.version,
            "billable": typed(entry.billable_seconds),
            "work_type": entry.work_type_id,
            "contract": entry.contract_id,
            "note": entry.note,
            "is_urgent": entry.is_urgent,
        }
        super().__init__(data, initial=initial, auto_id="adjust_%s")
        _offer(self, "work_type", work_types() | WorkType.objects.filter(pk=entry.work_type_id))
        _offer(self, "contract", contracts_of(entry.client))

    def changes(self) -> dict[str, Any]:
        """Only what was changed: a duration that was not touched keeps its seconds."""
        names = {"billable": "billable_seconds"}
        kept = self.cleaned_data
        changed = [name for name in self.changed_data if name not in ("reason", "version")]
        return {names.get(name, name): kept[name] for name in changed}


class CorrectionForm(forms.Form):
    """What is added to an approved entry, or taken from it. `change()` gives the arguments of `record_correction`."""

    class Way(models.TextChoices):
        """Which way it goes."""

        TAKE = "take", _("Take away")
        ADD = "add", _("Add")

    way = forms.ChoiceField(
        label=_("What to do"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.TAKE
    )
    duration = DurationField(
        label=_("How long"), required=False, max_length=20, help_text=_("As 1:30 or 90 min.")
    )
    units = forms.IntegerField(label=_("Pieces"), required=False, min_value=1, max_value=100_000)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The client and the technician read it."),
    )

    def __init__(self, data: Any = None, *, entry: TimeEntry) -> None:
        super().__init__(data, auto_id="correct_%s")
        if entry.units is None:
            del self.fields["units"]
        if entry.corrects_id is not None:
            self.fields["way"] = forms.ChoiceField(
                choices=[self.Way.choices[0]], widget=forms.HiddenInput, initial="take"
            )

    def change(self) -> dict[str, int]:
        """Seconds and pieces with their sign."""
        sign = -1 if self.cleaned_data["way"] == self.Way.TAKE else 1
        seconds, units = self.cleaned_data["duration"] or 0, self.cleaned_data.get("units") or 0
        return {"seconds": sign * seconds, "units": sign * units}


class ContractForm(forms.Form):
    """Which of the client's contracts an entry without one belongs to."""

    contract = ContractField(Contract.objects.none(), label=_("Contract"), empty_label=None)

    def __init__(self, data: Any = None, *, entry: TimeEntry) -> None:
        super().__init__(data, auto_id="choose_%s")
        _offer(self, "contract", contracts_of(entry.client))


class TimerEndForm(forms.Form):
    """When the work of a forgotten timer ended, in the reader's time zone or with its own."""

    ended_at = forms.DateTimeField()


def _offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
