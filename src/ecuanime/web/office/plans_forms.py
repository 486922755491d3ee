"""The forms of the catalogue: a new plan, a template, and the text of a plan's draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.drafts import GrantRow, RateRow, VersionDraft, WeightRow
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
from ecuanime.web.choices import currencies

TIERS = range(1, 6)
RESERVED = {"nuevo", "plantilla"}
KINDS = [(kind.value, kind.label) for kind in (PlanKind.HOUR_PACK, PlanKind.ON_DEMAND)]


class NewPlanForm(forms.Form):
    """A plan's short name in addresses, and how it is sold."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_("Letters, digits and hyphens: it is part of the plan's address."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)

    def clean_code(self) -> str:
        """The code, in lower case and none of our own addresses."""
        code = str(self.cleaned_data["code"]).lower()
        if code in RESERVED:
            raise forms.ValidationError(
                gettext("This code is one of the program's own addresses. Choose another one.")
            )
        return code


def _price(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=4, **options)


class VersionForm(forms.Form):
    """What both kinds of plan say. Rates narrower than the base rate are kept as they are."""

    name_es = forms.CharField(label=_("Name in Spanish"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"))
    base_rate = _price(_("Price per hour"))
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
        draft: VersionDraft,
        calendars: Iterable[CoverageCalendar],
        types: Iterable[WorkType],
    ) -> None:
        self.draft, self.types = draft, list(types)
        super().__init__(data, initial=self._initial_of(draft))
        chosen: Any = self.fields["calendar"]
        chosen.choices = [("", _("Every hour of every day")), *((row.code, row.name) for row in calendars)]
        money: Any = self.fields["currency"]
        money.choices = currencies()
        for work_type in self.types:
            self.fields[f"weight_{work_type.code}"] = forms.DecimalField(
                label=str(work_type), min_value=0, max_digits=6, decimal_places=4
            )

    def _initial_of(self, draft: VersionDraft) -> dict[str, Any]:
        initial: dict[str, Any] = {name: getattr(draft, name) for name in self.OWN}
        initial["base_rate"] = next(
            (plain(row.price_per_hour) for row in draft.rates if _is_general(row)), None
        )
        initial |= {when: plain(factor) for when, factor in draft.surcharges.items()}
        weights = {row.work_type: plain(row.factor) for row in draft.weights}
        return initial | {f"weight_{row.code}": weights.get(row.code, Decimal(1)) for row in self.types}

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """One field for each work type."""
        return [self[f"weight_{row.code}"] for row in self.types]

    def as_draft(self) -> VersionDraft:
        """The text that was typed."""
        data = self.cleaned_data
        base = RateRow(price_per_hour=data["base_rate"])
        free = {row.work_type: row.free_under_minutes for row in self.draft.weights}
        return replace(
            self.draft,
            **{name: data[name] for name in self.OWN},
            rates=(base, *(row for row in self.draft.rates if not _is_general(row))),
            weights=tuple(
                WeightRow(row.code, data[f"weight_{row.code}"], free.get(row.code, 0)) for row in self.types
            ),
            surcharges={when: data[when] for when in Surcharge.When.values if data[when] is not None},
        )


class OnDemandForm(VersionForm):
    """The text of a plan on demand."""


class PackForm(VersionForm):
    """The text of an hour pack."""

    quantity = forms.IntegerField(label=_("Hours usually bought"), min_value=1, max_value=10_000)
    valid_months = forms.IntegerField(
        label=_("Valid for (months)"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: they never expire."),
    )
    bonus = forms.IntegerField(label=_("Free hours"), min_value=0, max_value=1000, required=False)
    bonus_every = forms.IntegerField(
        label=_("for each (hours bought)"), min_value=1, max_value=10_000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_rate"].label = _("Price per hour once they run out")
        for place in TIERS:
            self.fields[f"tier_hours_{place}"] = forms.IntegerField(
                label=_("From (hours)"), min_value=1, max_value=10_000, required=place == 1
            )
            self.fields[f"tier_price_{place}"] = _price(_("Price per hour"), required=place == 1)

    def _initial_of(self, draft: VersionDraft) -> dict[str, Any]:
        initial = super()._initial_of(draft)
        grant = draft.grants[0] if draft.grants else GrantRow(quantity=10)
        names = ("quantity", "valid_months", "bonus", "bonus_every")
        initial |= {name: getattr(grant, name) for name in names}
        for place, (hours, price) in zip(TIERS, sorted(draft.tiers.items()), strict=False):
            initial |= {f"tier_hours_{place}": hours, f"tier_price_{place}": plain(price)}
        return initial

    @property
    def tier_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of quantity and price."""
        return [(self[f"tier_hours_{place}"], self[f"tier_price_{place}"]) for place in TIERS]

    def clean(self) -> dict[str, Any]:
        """A quantity has a price, and the other way round; no quantity comes twice."""
        data = super().clean() or {}
        seen: set[int] = set()
        for place in TIERS:
            hours, price = data.get(f"tier_hours_{place}"), data.get(f"tier_price_{place}")
            if (hours is None) != (price is None):
                missing = "price" if price is None else "hours"
                self.add_error(f"tier_{missing}_{place}", gettext("A quantity and its price go together."))
            elif hours in seen:
                self.add_error(f"tier_hours_{place}", gettext("This quantity has a price already."))
            elif hours is not None:
                seen.add(hours)
        return data

    def as_draft(self) -> VersionDraft:
        """The text that was typed."""
        data = self.cleaned_data
        old = self.draft.grants[0] if self.draft.grants else GrantRow(quantity=1)
        grant = replace(
            old,
            quantity=data["quantity"],
            valid_months=data["valid_months"],
            bonus=data["bonus"] or 0,
            bonus_every=data["bonus_every"] if data["bonus"] else None,
        )
        pairs = ((data[f"tier_hours_{place}"], data[f"tier_price_{place}"]) for place in TIERS)
        tiers = {hours: price for hours, price in pairs if hours is not None}
        return replace(super().as_draft(), grants=(grant,), tiers=tiers)


def form_for(kind: str) -> type[VersionForm]:
    """The form of a plan's kind."""
    return PackForm if kind == PlanKind.HOUR_PACK else OnDemandForm


def plain(value: Decimal | None) -> Decimal | None:
    """A stored decimal without the zeros it need not show; money keeps its two decimals."""
    if value is None:
        return None
    short = value.normalize()
    exponent = short.as_tuple().exponent
    return short if isinstance(exponent, int) and exponent <= -2 else value.quantize(Decimal("0.01"))


def _is_general(row: RateRow) -> bool:
    return row.is_base and not (row.area or row.level or row.valid_from or row.valid_until)
