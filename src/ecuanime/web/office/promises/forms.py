"""The form of promised times: one duration for each priority and promise, and what goes with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecuanime.contracts.models import PRIORITIES, CoverageCalendar, Metric, ServiceLevel
from ecuanime.contracts.queries import calendars
from ecuanime.tickets.models import Priority
from ecuanime.web.components.durations import typed
from ecuanime.web.components.fields import DurationField


class LevelForm(forms.Form):
    """Promised times. `values()` gives the arguments of `set_service_level`."""

    calendar = forms.ModelChoiceField(
        CoverageCalendar.objects.none(),
        label=gettext_lazy("Hours that count"),
        required=False,
        empty_label=pgettext_lazy("calendar", "Every hour, 24x7"),
        help_text=gettext_lazy(
            "Outside them the clock stands still. Only waiting for the client pauses it too."
        ),
    )
    warn_percent = forms.IntegerField(
        label=gettext_lazy("Warn when this much is used up (%)"), min_value=1, max_value=100, initial=75
    )
    credit_minutes = DurationField(
        label=gettext_lazy("Credit for each broken promise"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("As work, confirmed in the report of the month."),
    )
    credit_most_minutes = DurationField(
        label=gettext_lazy("At most in a month"), required=False, max_length=20
    )

    def __init__(self, data: Any, level: ServiceLevel | None, **options: Any) -> None:
        super().__init__(data, initial=_initial(level), **options)
        fields: Any = self.fields
        fields["calendar"].queryset = calendars()
        for priority in PRIORITIES:
            for metric in Metric:
                said = {"priority": Priority(priority).label, "metric": metric.label}
                fields[_name(priority, metric)] = DurationField(
                    label=_("%(priority)s, %(metric)s") % said, required=False, max_length=20
                )

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField]]]]:
        """The priorities with their fields, one for each promise, with its name."""
        return [
            (
                Priority(priority).label,
                [(metric.label, self[_name(priority, metric)]) for metric in Metric],
            )
            for priority in PRIORITIES
        ]

    @property
    def columns(self) -> list[Any]:
        """What can be promised."""
        return [metric.label for metric in Metric]

    def clean(self) -> dict[str, Any]:
        """At least one time is promised."""
        given = super().clean() or {}
        if not self.errors and not self._targets(given):
            raise ValidationError(_("Promise at least one time, or take these terms away."))
        return given

    def values(self) -> dict[str, Any]:
        """The terms that were given."""
        given = self.cleaned_data
        return {
            "targets": self._targets(given),
            "calendar": given["calendar"],
            "warn_percent": given["warn_percent"],
            "credit_minutes": (given["credit_minutes"] or 0) // 60,
            "credit_most_minutes": (given["credit_most_minutes"] or 0) // 60,
        }

    def _targets(self, given: dict[str, Any]) -> dict[tuple[int, str], int]:
        found = {
            (priority, metric.value): given.get(_name(priority, metric))
            for priority in PRIORITIES
            for metric in Metric
        }
        return {key: seconds // 60 for key, seconds in found.items() if seconds is not None}


def _name(priority: int, metric: str) -> str:
    return f"p{priority}_{metric}"


def _initial(level: ServiceLevel | None) -> dict[str, Any]:
    if level is None:
        return {"warn_percent": 75}
    times = {_name(row.priority, row.metric): typed(row.minutes * 60) for row in level.targets.all()}
    return {
        **times,
        "calendar": level.calendar,
        "warn_percent": level.warn_percent,
        "credit_minutes": typed(level.credit_minutes * 60) if level.credit_minutes else "",
        "credit_most_minutes": typed(level.credit_most_minutes * 60) if level.credit_most_minutes else "",
    }
