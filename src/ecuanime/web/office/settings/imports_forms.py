"""The forms of bringing data in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.imports.kinds import KINDS
from ecuanime.imports.models import Import


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in KINDS.values()]


class FileForm(forms.Form):
    """What is brought, and the file."""

    kind = forms.ChoiceField(label=_("What it holds"), choices=_kinds)
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX, at most 10 MB and 5000 rows, with the names of the columns in its first row."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )


class ColumnsForm(forms.Form):
    """Which column of the file holds each field."""

    def __init__(self, *args: Any, file: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            ("", _("no column")),
            *((str(place), name or "–") for place, name in enumerate(file.headers)),
        ]
        for field in KINDS[file.kind].fields:
            place = file.columns.get(field.name)
            self.fields[field.name] = forms.ChoiceField(
                label=str(field.label),
                choices=offered,
                required=field.is_required,
                initial="" if place is None else str(place),
            )

    def chosen(self) -> dict[str, int]:
        """The places of the columns that were chosen, by field."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}
