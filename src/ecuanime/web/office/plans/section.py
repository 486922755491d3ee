"""A part of a plan's text on its form: the fields it has, what they are narrowed to, and how it is read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.drafts import GrantRow, VersionDraft
from ecuanime.contracts.models import CoverageCalendar, WorkType
from ecuanime.staff.models import ProductArea

ANY = "*"
Data = Mapping[str, Any]
AddError = Callable[[str, str], None]


@dataclass(frozen=True)
class Scopes:
    """What a row can be narrowed to."""

    areas: tuple[ProductArea, ...]
    work_types: tuple[WorkType, ...]
    calendars: tuple[CoverageCalendar, ...] = ()

    @property
    def area_choices(self) -> list[tuple[str, str]]:
        """Every area by its code."""
        return [(area.code, str(area)) for area in self.areas]

    def fields(self, prefix: str) -> dict[str, forms.Field]:
        """What something granted is narrowed to: several areas, several kinds of work."""
        kinds = [(row.code, str(row)) for row in self.work_types]
        return {
            f"{prefix}_areas": _boxes(_("Only in these areas"), self.area_choices),
            f"{prefix}_types": _boxes(_("Only for this kind of work"), kinds),
        }

    @property
    def type_choices(self) -> list[tuple[str, str]]:
        """Every work type by its code, after any."""
        return [("", gettext("Any work")), *((row.code, str(row)) for row in self.work_types)]


def _boxes(label: Any, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any."),
    )


def scope_of(grant: GrantRow, prefix: str) -> dict[str, Any]:
    """What the fields of a scope show of something granted."""
    return {f"{prefix}_areas": grant.areas, f"{prefix}_types": grant.work_types}


def with_scope(grant: GrantRow, data: Data, prefix: str) -> GrantRow:
    """Something granted, narrowed as it was typed."""
    areas, types = tuple(data[f"{prefix}_areas"]), tuple(data[f"{prefix}_types"])
    return replace(grant, areas=areas, work_types=types)


def price_field(label: Any, **options: Any) -> forms.DecimalField:
    """A price in major units, never negative."""
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=4, **options)


def count_field(label: Any, most: int = 10_000, least: int = 1, **options: Any) -> forms.IntegerField:
    """A whole number that is not absurd."""
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


def plain(value: Decimal | None) -> Decimal | None:
    """A stored decimal without the zeros it need not show; money keeps its two decimals."""
    if value is None:
        return None
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent <= -2 else value.quantize(Decimal("0.01"))


class Section:
    """A panel of the form: its fields by row, what they show of a draft, and what was typed put back into it."""

    title: Any = ""

    def __init__(self, draft: VersionDraft, scopes: Scopes) -> None:
        self.draft, self.scopes = draft, scopes

    def rows(self) -> list[dict[str, forms.Field]]:
        """The fields by name, row by row."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """What the fields show of the draft."""
        raise NotImplementedError

    def check(self, data: Data, add_error: AddError) -> None:
        """Say what does not fit together."""

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """The draft with what was typed."""
        raise NotImplementedError
