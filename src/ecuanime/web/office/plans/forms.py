"""The forms of the catalogue: a new plan, a template, and the text of a plan's draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.drafts import RateRow, VersionDraft, WeightRow
from ecuanime.contracts.example_month import Month
from ecuanime.contracts.models import (
    Approval,
    CoverageCalendar,
    Overage,
    PlanKind,
    RoundingGroup,
    RoundingMode,
    Surcharge,
    WorkType,
)
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.web.choices import currencies
from ecuanime.web.office.plans.section import Scopes, count_field, plain, price_field
from ecuanime.web.office.plans.sections import SECTIONS

RESERVED = {"nuevo", "plantilla"}


class NewPlanForm(forms.Form):
    """A plan's short name in addresses, and how it is sold."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_("Letters, digits and hyphens: it is part of the plan's address."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PlanKind.choices, widget=forms.RadioSelect)

    def clean_code(self) -> str:
        """The code, in lower case and none of our own addresses."""
        code = str(self.cleaned_data["code"]).lower()
        if code in RESERVED:
            raise forms.ValidationError(
                gettext("This code is one of the program's own addresses. Choose another one.")
            )
        return code


class VersionForm(forms.Form):
    """What a plan of a kind says: what all say, and the sections of its kind. Narrower rates are kept as they are."""

    name_es = forms.CharField(label=_("Name in Spanish"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"))
    base_rate = price_field(_("Price per hour"), required=False)
    calendar = forms.ChoiceField(label=_("Hours covered"), required=False)
    after_hours = forms.DecimalField(
        label=_("Outside those hours, times"), min_value=1, max_digits=6, decimal_places=4, required=False
    )
    holiday = forms.DecimalField(
        label=_("On holidays, times"), min_value=1, max_digits=6, decimal_places=4, required=False
    )
    urgent = forms.DecimalField(
        label=_("Urgent work, times"), min_value=1, max_digits=6, decimal_places=4, required=False
    )
    rounding_mode = forms.ChoiceField(label=_("Time is rounded"), choices=RoundingMode.choices)
    rounding_step = forms.IntegerField(label=_("to steps of (minutes)"), min_value=1, max_value=480)
    rounding_group = forms.ChoiceField(label=_("once for"), choices=RoundingGroup.choices)
    minimum_minutes = forms.IntegerField(label=_("with a minimum of (minutes)"), min_value=0, max_value=480)
    overage = forms.ChoiceField(label=_("Work that nothing covers"), choices=Overage.choices)
    overage_price = price_field(
        _("Overage price per hour"), required=False, help_text=_("Empty: the price per hour above.")
    )
    overage_limit_minutes = count_field(
        _("At most without asking (minutes)"), most=600_000, required=False, help_text=_("Empty: no limit.")
    )
    term_months = count_field(
        _("Lasts (months)"), most=120, required=False, help_text=_("Empty: until somebody ends it.")
    )
    notice_days = count_field(_("Notice (days)"), most=365, least=0)
    approval = forms.ChoiceField(label=_("Time is approved by"), choices=Approval.choices)
    approval_days = forms.IntegerField(label=_("Working days to answer"), min_value=1, max_value=60)
    silence_is_consent = forms.BooleanField(label=_("Silence counts as approval"), required=False)
    hours_visible = forms.BooleanField(label=_("The client sees the hours left"), required=False)
    payment_days = forms.IntegerField(label=_("Days to pay"), min_value=0, max_value=180)

    OWN = (
        "name_es",
        "name_en",
        "currency",
        "calendar",
        "rounding_mode",
        "rounding_step",
        "rounding_group",
        "minimum_minutes",
        "overage",
        "overage_price",
        "overage_limit_minutes",
        "term_months",
        "notice_days",
        "approval",
        "approval_days",
        "silence_is_consent",
        "hours_visible",
        "payment_days",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        draft: VersionDraft,
        calendars: Iterable[CoverageCalendar],
        areas: Iterable[ProductArea],
        types: Iterable[WorkType],
    ) -> None:
        self.draft, self.types, coverage = draft, list(types), tuple(calendars)
        scopes = Scopes(tuple(areas), tuple(self.types), coverage)
        self.sections = [section(draft, scopes) for section in SECTIONS[kind]]
        super().__init__(data, initial=self._initial_of(draft))
        if kind != PlanKind.ON_DEMAND:
            self.fields["base_rate"].label = _("Price per hour of what is not covered")
        chosen: Any = self.fields["calendar"]
        chosen.choices = [("", _("Every hour of every day")), *((row.code, row.name) for row in coverage)]
        money: Any = self.fields["currency"]
        money.choices = currencies()
        for work_type in self.types:
            self.fields[f"weight_{work_type.code}"] = forms.DecimalField(
                label=str(work_type), min_value=0, max_digits=6, decimal_places=4
            )
        for level in Competence.Level:
            self.fields[f"level_{level.value}"] = forms.DecimalField(
                label=level.label, min_value=0, max_digits=6, decimal_places=4, required=False
            )
        for section in self.sections:
            for row in section.rows():
                self.fields |= row

    def _initial_of(self, draft: VersionDraft) -> dict[str, Any]:
        initial: dict[str, Any] = {name: getattr(draft, name) for name in self.OWN}
        initial["base_rate"] = next(
            (plain(row.price_per_hour) for row in draft.rates if _is_general(row)), None
        )
        initial["overage_price"] = plain(draft.overage_price)
        initial |= {when: plain(factor) for when, factor in draft.surcharges.items()}
        initial |= {f"level_{level}": plain(factor) for level, factor in draft.level_weights.items()}
        for section in self.sections:
            initial |= section.initial()
        weights = {row.work_type: plain(row.factor) for row in draft.weights}
        return initial | {f"weight_{row.code}": weights.get(row.code, Decimal(1)) for row in self.types}

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """One field for each work type."""
        return [self[f"weight_{row.code}"] for row in self.types]

    @property
    def level_fields(self) -> list[forms.BoundField]:
        """One field for each level of competence."""
        return [self[f"level_{level.value}"] for level in Competence.Level]

    @property
    def panels(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """The titles and rows of fields of the kind's sections."""
        return [
            (section.title, [[self[name] for name in row] for row in section.rows()])
            for section in self.sections
        ]

    def clean(self) -> dict[str, Any]:
        """What belongs together comes together."""
        data = super().clean() or {}
        for section in self.sections:
            section.check(data, self.add_error)
        return data

    def as_draft(self) -> VersionDraft:
        """The text that was typed."""
        data = self.cleaned_data
        base = () if data["base_rate"] is None else (RateRow(price_per_hour=data["base_rate"]),)
        levels = {level.value: data[f"level_{level.value}"] for level in Competence.Level}
        free = {row.work_type: row.free_under_minutes for row in self.draft.weights}
        draft = replace(
            self.draft,
            **{name: data[name] for name in self.OWN},
            rates=(*base, *(row for row in self.draft.rates if not _is_general(row))),
            weights=tuple(
                WeightRow(row.code, data[f"weight_{row.code}"], free.get(row.code, 0)) for row in self.types
            ),
            level_weights={level: factor for level, factor in levels.items() if factor is not None},
            surcharges={when: data[when] for when in Surcharge.When.values if data[when] is not None},
        )
        for section in self.sections:
            draft = section.write(data, draft)
        return draft


def _is_general(row: RateRow) -> bool:
    return row.is_base and not (row.area or row.level or row.valid_from or row.valid_until)


class PublishForm(forms.Form):
    """Which text was read."""

    read = forms.CharField(widget=forms.HiddenInput)


class MonthForm(forms.Form):
    """A month to try a plan on."""

    requests = count_field(_("Requests in the month"), most=60)
    minutes = count_field(_("of (minutes each)"), most=480)
    at_night = count_field(_("at nine in the evening"), most=60, least=0)

    @property
    def month(self) -> Month:
        """The month that was typed."""
        return Month(**self.cleaned_data)
