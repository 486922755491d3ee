"""Which column of a file holds what: recognised by its header in Spanish or English, or chosen by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import Language
from ecuanime.foundation.errors import Refused
from ecuanime.imports.values import Reader, folded


@dataclass(frozen=True)
class Field:
    """What a column can hold: `headers` are its usual names, `example` what an example file shows in two rows."""

    name: str
    label: Promise
    headers: tuple[str, ...]
    read: Reader
    example: tuple[str, str] = ("", "")
    is_required: bool = False


def recognised(fields: Sequence[Field], headers: Sequence[str]) -> dict[str, int]:
    """The place of each field's column; of two columns that could hold a field, the first."""
    places: dict[str, int] = {}
    names = [folded(header) for header in headers]
    for field in fields:
        wanted = {folded(each) for each in (field.name, *field.headers, *_labels(field))}
        fitting = (place for place, name in enumerate(names) if name in wanted)
        place = next((place for place in fitting if place not in places.values()), None)
        if place is not None:
            places[field.name] = place
    return places


def _labels(field: Field) -> list[str]:
    """The field's label in every language, as the example files head it."""
    labels = []
    for language in Language.values:
        with override(language):
            labels.append(str(field.label))
    return labels


def missing(fields: Sequence[Field], columns: Mapping[str, int]) -> list[str]:
    """The labels of the fields that must have a column and have none."""
    return [str(field.label) for field in fields if field.is_required and field.name not in columns]


def values_of(fields: Sequence[Field], columns: Mapping[str, int], cells: Sequence[str]) -> dict[str, Any]:
    """What a row says, field by field; a field without a column is as an empty cell.

    Refuses `empty_cell` for a field that must be said, and as the fields' readers; the sentence names the column.
    """
    values: dict[str, Any] = {}
    for field in fields:
        place = columns.get(field.name)
        cell = cells[place] if place is not None and place < len(cells) else ""
        if field.is_required and not cell:
            raise Refused("empty_cell", _("%(column)s is empty.") % {"column": field.label})
        try:
            values[field.name] = field.read(cell)
        except Refused as refusal:
            named = _("%(column)s: %(why)s") % {"column": field.label, "why": refusal}
            raise Refused(refusal.code, named) from refusal
    return values
