"""The parts of a plan's text that only some kinds have, and which kind has which: fee, what is included or promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.drafts import CoverRow, FeeRow, PromiseRow, VersionDraft
from ecuanime.contracts.models import PRIORITY_NAMES, Fee, Metric, PlanKind
from ecuanime.web.components.durations import typed
from ecuanime.web.components.fields import DurationField
from ecuanime.web.office.plans.granted import AllowanceSection, IncidentSection, PackSection
from ecuanime.web.office.plans.section import ANY, Data, Section, count_field, plain, price_field


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
