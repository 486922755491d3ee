"""The forms about teams and about the hours in which people work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.rules.calendars import Band

_INTERVAL = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*[-–a]\s*(\d{1,2})(?:[:.h](\d{2}))?")


class TeamForm(forms.Form):
    """A team's name, who is in it and who leads it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    lead = forms.ModelChoiceField(
        label=gettext_lazy("Who leads it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody in particular"),
        help_text=gettext_lazy("They can be told when a promised time is up in a queue of this team."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["members"].queryset = fields["lead"].queryset = people


class NewTicketsForm(forms.Form):
    """Whether the firm lets new tickets be given out by themselves, and takes them from anybody."""

    given_out = forms.BooleanField(
        label=gettext_lazy("Give each new ticket to somebody at once"), required=False
    )
    from_anybody = forms.BooleanField(
        label=gettext_lazy("Let anybody ask by the public form"), required=False
    )


class WeekForm(forms.Form):
    """The week of a person: for each day its intervals, as in 9:00-14:00, 15:00-18:00."""

    def __init__(self, *args: Any, bands: Iterable[Band], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = list(bands)
        for day in range(7):
            self.fields[f"day_{day}"] = forms.CharField(
                label=capfirst(str(WEEKDAYS[day])),
                required=False,
                max_length=80,
                initial=", ".join(_written(band) for band in kept if band.weekday == day),
            )

    def clean(self) -> dict[str, Any]:
        """Read each day's intervals."""
        cleaned: dict[str, Any] = super().clean() or {}
        for day in range(7):
            name = f"day_{day}"
            try:
                cleaned[name] = _read(day, cleaned.get(name, ""))
            except ValueError:
                self.add_error(name, ValidationError(_("Write it as in 9:00-14:00, 15:00-18:00.")))
        return cleaned

    def bands(self) -> Sequence[Band]:
        """The week that was written."""
        return [band for day in range(7) for band in self.cleaned_data[f"day_{day}"]]


def week_lines(bands: Iterable[Band]) -> list[str]:
    """A week as it is read: one line for each day with hours."""
    kept = list(bands)
    days = ((day, [_written(band) for band in kept if band.weekday == day]) for day in range(7))
    return [f"{capfirst(str(WEEKDAYS[day]))}: {', '.join(hours)}" for day, hours in days if hours]


def _read(day: int, text: str) -> list[Band]:
    """The bands of a day. Raises ValueError for what is not an interval of it."""
    bands = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        found = _INTERVAL.fullmatch(part)
        if found is None:
            raise ValueError(part)
        from_hour, from_minute, until_hour, until_minute = (int(each or 0) for each in found.groups())
        closes = time(until_hour % 24 if until_hour == 24 else until_hour, until_minute)
        bands.append(Band(day, time(from_hour, from_minute), closes))
    return bands


def _written(band: Band) -> str:
    return f"{band.opens:%H:%M}-{band.closes:%H:%M}"
