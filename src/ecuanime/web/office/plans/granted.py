"""What a plan grants on its form: packs of hours or incidents, and what each period brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.drafts import CoverRow, GrantRow, VersionDraft
from ecuanime.contracts.models import Grant, Unit
from ecuanime.web.office.plans.section import (
    AddError,
    Data,
    Section,
    count_field,
    plain,
    price_field,
    scope_of,
    with_scope,
)

TIERS = range(1, 6)


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
