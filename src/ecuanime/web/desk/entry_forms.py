"""The form of a time entry: from when to when, or how long on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecuanime.contracts.models import WorkType
from ecuanime.contracts.queries import work_types
from ecuanime.web.components.durations import typed
from ecuanime.web.components.fields import DurationField
from ecuanime.worklog.models import TimeEntry

LONGEST_PAST_MIDNIGHT = timedelta(hours=12)


class EntryForm(forms.Form):
    """What was done, when and for how long. `times()` gives the arguments of `record_time`."""

    work_type = forms.ModelChoiceField(
        WorkType.objects.none(), label=gettext_lazy("Kind of work"), empty_label=None
    )
    work_on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=pgettext_lazy("time of day", "From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("time of day", "To"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    duration = DurationField(
        label=gettext_lazy("Or how long"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("As 1:30 or 90 min. Without clock times no after-hours rate applies."),
    )
    note = forms.CharField(label=gettext_lazy("What was done"), required=False, max_length=300)
    billable = DurationField(
        label=gettext_lazy("Counts for the bill"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Empty: all of it. 0: goodwill, worked and not charged."),
    )
    units = forms.IntegerField(
        label=gettext_lazy("Pieces"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy(
            "Only for work priced by the unit: call-outs, kilometres. They may take no time."
        ),
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("Asked for as urgent"), required=False)

    def __init__(self, *args: Any, types: Sequence[WorkType] | None = None, **kwargs: Any) -> None:
        """`types` are the work types to choose from, if they are at hand."""
        kwargs.setdefault("auto_id", "entry_%s")
        super().__init__(*args, **kwargs)
        field = self.fields["work_type"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = work_types()
        # Given as a list: the field's own choices would be read again each time they are looked at.
        field.choices = [(each.pk, str(each)) for each in (work_types() if types is None else types)]

    def clean(self) -> dict[str, Any]:
        """Either both times or a duration; an end before the beginning is past midnight if that is believable."""
        cleaned = super().clean() or {}
        starts, ends, duration = cleaned.get("starts"), cleaned.get("ends"), cleaned.get("duration")
        if (starts is None) != (ends is None):
            self.add_error("ends" if ends is None else "starts", _("Write both times, or only how long."))
        elif starts is not None and duration is not None:
            self.add_error("duration", _("Write the times or how long, not both."))
        elif starts is None and not duration and not cleaned.get("units") and not self.errors:
            self.add_error("starts", _("Write from when to when, or how long."))
        elif starts is not None and ends is not None and cleaned.get("work_on"):
            self._join(cleaned, starts, ends)
        return cleaned

    def _join(self, cleaned: dict[str, Any], starts: time, ends: time) -> None:
        day: date = cleaned["work_on"]
        begun, ended = at_local(day, starts), at_local(day, ends)
        if ended <= begun:
            ended = at_local(day + timedelta(days=1), ends)
            if ended - begun > LONGEST_PAST_MIDNIGHT:
                self.add_error("ends", _("The end is before the beginning. Correct one of them."))
        cleaned["started_at"], cleaned["ended_at"] = begun, ended

    def arguments(self) -> dict[str, Any]:
        """What `record_time` and `edit_entry` are given."""
        data = self.cleaned_data
        has_times = data.get("started_at") is not None
        return {
            "work_type": data["work_type"],
            "started_at": data.get("started_at"),
            "ended_at": data.get("ended_at"),
            "work_on": None if has_times else data["work_on"],
            "seconds": None if has_times else data["duration"] or 0,
            "note": data["note"],
            "is_urgent": data["is_urgent"],
            "billable_seconds": data["billable"],
            "units": data["units"],
        }


class DayEntryForm(EntryForm):
    """The same with the ticket it was for, where the page does not say."""

    number = forms.IntegerField(
        label=gettext_lazy("Ticket"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    field_order = ("number",)


def at_local(day: date, at: time) -> datetime:
    """A time of a day in the reader's zone."""
    return datetime.combine(day, at, tzinfo=timezone.get_current_timezone())


def initial_of(entry: TimeEntry) -> dict[str, Any]:
    """An entry as the form shows it."""
    started = timezone.localtime(entry.started_at) if entry.started_at else None
    ended = timezone.localtime(entry.ended_at) if entry.ended_at else None
    return {
        "work_type": entry.work_type_id,
        "work_on": started.date() if started else entry.work_on,
        "starts": _minute(started),
        "ends": _minute(ended),
        "duration": "" if started else typed(entry.elapsed_seconds),
        "note": entry.note,
        "billable": typed(entry.billable_seconds),
        "units": entry.units,
        "is_urgent": entry.is_urgent,
    }


def _minute(at: datetime | None) -> time | None:
    """A moment as the form's clock shows it; what it does not show must not look like a change."""
    return at.time().replace(second=0, microsecond=0) if at else None
