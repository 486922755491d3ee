"""The parts of a plan's text that only some kinds have: fee, pack, allowance of a period, what the plan includes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.drafts import CoverRow, FeeRow, GrantRow, PromiseRow, VersionDraft
from ecuanime.contracts.models import (
    PRIORITY_NAMES,
    CoverageCalendar,
    Fee,
    Grant,
    Metric,
    PlanKind,
    Unit,
    WorkType,
)
from ecuanime.staff.models import ProductArea
from ecuanime.web.components.durations import typed
from ecuanime.web.components.fields import DurationField

TIERS = range(1, 6)
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


class FeeSection(Section):
    """What is paid each period."""

    title = _("Fee")

    def rows(self) -> list[dict[str, forms.Field]]:
        """Price and period."""
        months = count_field(_("every (months)"), most=120)
        begins = forms.ChoiceField(label=_("Its periods begin"), choices=Fee.Begins.choices, initial="start")
        part = forms.ChoiceField(
            label=_("Part of a period costs"), choices=Fee.ProRata.choices, initial="none"
        )
        return [
            {"fee_price": price_field(_("Fee, in advance")), "fee_months": months},
            {"fee_begins": begins, "fee_pro_rata": part},
        ]

    def initial(self) -> dict[str, Any]:
        """The fee there is."""
        fee = self.draft.fee
        if fee is None:
            return {"fee_months": 1}
        names = {"fee_months": "every_months", "fee_begins": "begins", "fee_pro_rata": "pro_rata"}
        return {name: getattr(fee, column) for name, column in names.items()} | {
            "fee_price": plain(fee.price)
        }

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """The fee that was typed."""
        columns = ("fee_price", "fee_months", "fee_begins", "fee_pro_rata")
        return replace(draft, fee=FeeRow(*(data[name] for name in columns)))


class PackSection(Section):
    """What is bought in advance, and its prices by quantity."""

    title = _("Hours bought in advance")
    unit = Unit.MINUTES
    words = {
        "quantity": _("Hours usually bought"),
        "bonus": _("Free hours"),
        "bonus_every": _("for each (hours bought)"),
        "tier_hours": _("From (hours)"),
        "tier_price": _("Price per hour"),
    }

    def rows(self) -> list[dict[str, forms.Field]]:
        """Size and term, bonus, then the tiers."""
        months = count_field(
            _("Valid for (months)"), most=120, required=False, help_text=_("Empty: they never expire.")
        )
        words = self.words
        free = count_field(words["bonus"], most=1000, least=0, required=False)
        rows: list[dict[str, forms.Field]] = [
            {"quantity": count_field(words["quantity"]), "valid_months": months},
            {"bonus": free, "bonus_every": count_field(words["bonus_every"], required=False)},
            {"moves_on": forms.BooleanField(label=_("A renewal takes along what is left"), required=False)},
        ]
        for place in TIERS:
            quantity = count_field(words["tier_hours"], required=place == 1)
            price = price_field(words["tier_price"], required=place == 1)
            rows.append({f"tier_hours_{place}": quantity, f"tier_price_{place}": price})
        return [*rows, self.scopes.fields("pack")]

    def initial(self) -> dict[str, Any]:
        """The pack and the tiers there are."""
        grant = self._grant() or GrantRow(10)
        initial = {
            name: getattr(grant, name)
            for name in ("quantity", "valid_months", "bonus", "bonus_every", "moves_on")
        }
        initial |= scope_of(grant, "pack")
        for place, (quantity, price) in zip(TIERS, sorted(self.draft.tiers.items()), strict=False):
            initial |= {f"tier_hours_{place}": quantity, f"tier_price_{place}": plain(price)}
        return initial

    def _grant(self) -> GrantRow | None:
        return next((grant for grant in self.draft.grants if not grant.is_allowance), None)

    def check(self, data: Data, add_error: AddError) -> None:
        """A quantity has a price, and the other way round; no quantity comes twice."""
        seen: set[int] = set()
        for place in TIERS:
            quantity, price = data.get(f"tier_hours_{place}"), data.get(f"tier_price_{place}")
            if (quantity is None) != (price is None):
                missing = "price" if price is None else "hours"
                add_error(f"tier_{missing}_{place}", gettext("A quantity and its price go together."))
            elif quantity in seen:
                add_error(f"tier_hours_{place}", gettext("This quantity has a price already."))
            elif quantity is not None:
                seen.add(quantity)

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """The pack and the tiers that were typed."""
        grant = replace(
            self._grant() or GrantRow(1),
            unit=self.unit.value,
            quantity=data["quantity"],
            valid_months=data["valid_months"],
            bonus=data["bonus"] or 0,
            bonus_every=data["bonus_every"] if data["bonus"] else None,
            moves_on=data["moves_on"],
        )
        pairs = ((data[f"tier_hours_{place}"], data[f"tier_price_{place}"]) for place in TIERS)
        tiers = {quantity: price for quantity, price in pairs if quantity is not None}
        return replace(draft, grants=(with_scope(grant, data, "pack"),), tiers=tiers)


class IncidentSection(PackSection):
    """Incidents bought in advance, and how much of a request one includes."""

    title = _("Incidents bought in advance")
    unit = Unit.INCIDENTS
    words = {
        "quantity": _("Incidents usually bought"),
        "bonus": _("Free incidents"),
        "bonus_every": _("for each (incidents bought)"),
        "tier_hours": _("From (incidents)"),
        "tier_price": _("Price of an incident"),
    }

    def rows(self) -> list[dict[str, forms.Field]]:
        """The same, and what an incident includes."""
        cap = count_field(
            _("An incident includes at most (minutes)"),
            required=False,
            help_text=_("Empty: all the work on its request."),
        )
        hours = forms.BooleanField(label=_("only in the hours covered"), required=False)
        return [*super().rows(), {"incident_cap": cap, "incident_hours": hours}]

    def _cover(self) -> CoverRow:
        rows = (cover for cover in self.draft.covers if cover.needs_incident)
        return next(rows, CoverRow(needs_incident=True))

    def initial(self) -> dict[str, Any]:
        """The same, and what an incident includes."""
        cover = self._cover()
        return super().initial() | {"incident_cap": cover.cap_minutes, "incident_hours": cover.in_hours_only}

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """The same, and what an incident includes."""
        old = self._cover()
        cover = replace(old, cap_minutes=data["incident_cap"], in_hours_only=data["incident_hours"])
        others = tuple(row for row in self.draft.covers if row is not old and row != old)
        return replace(super().write(data, draft), covers=(cover, *others))


class AllowanceSection(Section):
    """What each period brings, and what of it rolls over."""

    title = _("What each period brings")

    def _old(self) -> list[GrantRow]:
        return [grant for grant in self.draft.grants if grant.is_allowance]

    def _places(self) -> Iterable[int]:
        return range(1, max(2, len(self._old()) + 1) + 1)

    def rows(self) -> list[dict[str, forms.Field]]:
        """For each allowance, and an empty one: what it brings, and what for."""
        units = [(Unit.MINUTES, _("hours")), (Unit.INCIDENTS, _("incidents"))]
        rows: list[dict[str, forms.Field]] = []
        for place in self._places():
            brings: dict[str, forms.Field] = {
                f"allowance_quantity_{place}": count_field(_("Brings"), required=False),
                f"allowance_unit_{place}": forms.ChoiceField(label=_("of"), choices=units),
                f"allowance_rollover_{place}": count_field(_("Rolls over up to"), required=False),
                f"allowance_periods_{place}": count_field(_("for (periods)"), most=12, required=False),
            }
            rows += [brings, self.scopes.fields(f"allowance_{place}")]
        return rows

    def initial(self) -> dict[str, Any]:
        """The allowances there are."""
        initial: dict[str, Any] = {f"allowance_unit_{place}": Unit.MINUTES.value for place in self._places()}
        for place, grant in enumerate(self._old(), start=1):
            initial |= {
                f"allowance_quantity_{place}": grant.quantity,
                f"allowance_unit_{place}": grant.unit,
                f"allowance_rollover_{place}": grant.rollover_cap,
                f"allowance_periods_{place}": grant.rollover_periods,
                **scope_of(grant, f"allowance_{place}"),
            }
        return initial

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """The allowances that were typed."""
        allowances = [self._typed(data, place) for place in self._places()]
        return replace(draft, grants=tuple(grant for grant in allowances if grant is not None))

    def _typed(self, data: Data, place: int) -> GrantRow | None:
        quantity = data[f"allowance_quantity_{place}"]
        if not quantity:
            return None
        old = dict(enumerate(self._old(), start=1)).get(place)
        grant = replace(
            old or GrantRow(1, valid_months=None, per=Grant.Per.PERIOD.value),
            quantity=quantity,
            unit=data[f"allowance_unit_{place}"],
            rollover_cap=data[f"allowance_rollover_{place}"],
            rollover_periods=data[f"allowance_periods_{place}"] or 1,
        )
        return with_scope(grant, data, f"allowance_{place}")


class CoverSection(Section):
    """The work that the plan itself includes."""

    title = _("What the plan includes")

    def _places(self) -> Iterable[int]:
        return range(1, max(2, len(self.draft.covers) + 1) + 1)

    def rows(self) -> list[dict[str, forms.Field]]:
        """A row for each thing included and an empty one."""
        areas = [("", "–"), (ANY, gettext("Any area")), *self.scopes.area_choices]
        return [
            {
                f"cover_area_{place}": forms.ChoiceField(label=_("Includes"), choices=areas, required=False),
                f"cover_type_{place}": forms.ChoiceField(
                    label=_("of"), choices=self.scopes.type_choices, required=False
                ),
                f"cover_cap_{place}": count_field(_("at most of each request (minutes)"), required=False),
                f"cover_hours_{place}": forms.BooleanField(
                    label=_("only in the hours covered"), required=False
                ),
            }
            for place in self._places()
        ]

    def initial(self) -> dict[str, Any]:
        """What is included now; a new plan includes all work."""
        initial: dict[str, Any] = {}
        for place, cover in enumerate(self.draft.covers or (CoverRow(),), start=1):
            initial |= {
                f"cover_area_{place}": cover.area or ANY,
                f"cover_type_{place}": cover.work_type,
                f"cover_cap_{place}": cover.cap_minutes,
                f"cover_hours_{place}": cover.in_hours_only,
            }
        return initial

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """What was typed."""
        covers = tuple(
            CoverRow(
                area="" if data[f"cover_area_{place}"] == ANY else data[f"cover_area_{place}"],
                work_type=data[f"cover_type_{place}"],
                cap_minutes=data[f"cover_cap_{place}"],
                in_hours_only=data[f"cover_hours_{place}"],
            )
            for place in self._places()
            if data[f"cover_area_{place}"]
        )
        return replace(draft, covers=covers)


class PromiseSection(Section):
    """What the plan promises about time, and what it gives for a promise that is not kept."""

    title = _("Promised times")

    def rows(self) -> list[dict[str, forms.Field]]:
        """For each priority a time for each thing that can be promised, then how they count."""
        calendars = [("", gettext("Every hour of every day"))]
        calendars += [(row.code, row.name) for row in self.scopes.calendars]
        times: list[dict[str, forms.Field]] = [
            {f"promise_{priority}_{metric}": _time(name, metric) for metric in Metric}
            for priority, name in PRIORITY_NAMES.items()
        ]
        return [
            *times,
            {
                "promise_calendar": forms.ChoiceField(
                    label=_("Hours that count"), choices=calendars, required=False
                ),
                "promise_warn": count_field(_("Warn when this much is used up (%)"), most=100),
            },
            {
                "promise_credit": DurationField(
                    label=_("Credit for each broken promise"),
                    required=False,
                    max_length=20,
                    help_text=_("As work, confirmed in the report of the month."),
                ),
                "promise_most": DurationField(label=_("At most in a month"), required=False, max_length=20),
            },
        ]

    def initial(self) -> dict[str, Any]:
        """What is promised now."""
        kept = self.draft.promise or PromiseRow(())
        times = {
            f"promise_{priority}_{metric}": _typed(minutes) for priority, metric, minutes in kept.targets
        }
        return times | {
            "promise_calendar": kept.calendar,
            "promise_warn": kept.warn_percent,
            "promise_credit": _typed(kept.credit_minutes),
            "promise_most": _typed(kept.credit_most_minutes),
        }

    def write(self, data: Data, draft: VersionDraft) -> VersionDraft:
        """What was typed; without any time nothing is promised."""
        targets = tuple(
            (priority, metric.value, seconds // 60)
            for priority in PRIORITY_NAMES
            for metric in Metric
            if (seconds := data[f"promise_{priority}_{metric}"]) is not None
        )
        if not targets:
            return replace(draft, promise=None)
        promise = PromiseRow(
            targets=targets,
            calendar=data["promise_calendar"],
            warn_percent=data["promise_warn"],
            credit_minutes=(data["promise_credit"] or 0) // 60,
            credit_most_minutes=(data["promise_most"] or 0) // 60,
        )
        return replace(draft, promise=promise)


def _time(priority: Any, metric: Metric) -> DurationField:
    label = gettext("%(priority)s, %(metric)s") % {"priority": priority, "metric": metric.label}
    return DurationField(label=label, required=False, max_length=20)


def _typed(minutes: int) -> str:
    return typed(minutes * 60) if minutes else ""


SECTIONS: dict[str, tuple[type[Section], ...]] = {
    PlanKind.HOUR_PACK: (PackSection, PromiseSection),
    PlanKind.INCIDENT_PACK: (IncidentSection, PromiseSection),
    PlanKind.MONTHLY: (FeeSection, AllowanceSection, PromiseSection),
    PlanKind.FLAT: (FeeSection, CoverSection, AllowanceSection, PromiseSection),
    PlanKind.INCLUDED: (CoverSection, AllowanceSection, PromiseSection),
    PlanKind.ON_DEMAND: (PromiseSection,),
}
"""What each kind of plan is made of, besides what all of them say."""
