"""Plans ready to be sold, as data, one or more of each kind, in Spanish and English.

Prices are a starting point in the firm's currency; a firm publishes its own version when it wants others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal

from ecuanime.contracts.drafts import CoverRow, FeeRow, GrantRow, RateRow, VersionDraft, WeightRow
from ecuanime.contracts.models import Grant, PlanKind, Surcharge, Unit


@dataclass(frozen=True, slots=True)
class PlanTemplate:
    """A plan one click away: the code and kind of the plan, and the text of its first version."""

    code: str
    kind: PlanKind
    draft: VersionDraft


# code, Spanish, English
WORK_TYPES = (
    ("remote", "Remoto", "Remote"),
    ("phone", "Teléfono", "Phone"),
    ("onsite", "In situ", "On site"),
    ("travel", "Desplazamiento", "Travel"),
    ("workshop", "Taller", "Workshop"),
    ("consultancy", "Consultoría", "Consultancy"),
)

_WORKDAYS, _ALL_DAYS = range(5), range(7)

OFFICE_HOURS = "8x5"
"""The calendar that covers the hours in which the firm opens, whatever they are."""

# code, name, weekdays, opening and closing (None: midnight), closed on holidays
CALENDARS: tuple[tuple[str, str, range, time, time | None, bool], ...] = (
    (OFFICE_HOURS, "8x5", _WORKDAYS, time(9), time(17), True),
    ("12x6", "12x6", range(6), time(8), time(20), True),
    ("24x7", "24x7", _ALL_DAYS, time(0), None, False),
)

_WEIGHTS = (
    WeightRow("remote"),
    WeightRow("phone"),
    WeightRow("onsite", Decimal("1.25")),
    WeightRow("travel", Decimal("0.5")),
    WeightRow("workshop"),
    WeightRow("consultancy", Decimal("1.5")),
)
_SURCHARGES = {
    Surcharge.When.AFTER_HOURS.value: Decimal("1.25"),
    Surcharge.When.HOLIDAY.value: Decimal("1.5"),
}

_PACK = VersionDraft(
    name_es="Bono de horas",
    name_en="Hour pack",
    calendar="8x5",
    tiers={1: Decimal("43.00"), 20: Decimal("41.00"), 45: Decimal("38.00")},
    rates=(RateRow(price_per_hour=Decimal("44.00")),),
    weights=_WEIGHTS,
    surcharges=_SURCHARGES,
)


def _pack(hours: int) -> PlanTemplate:
    draft = replace(
        _PACK,
        name_es=f"Bono de {hours} horas",
        name_en=f"{hours}-hour pack",
        grants=(GrantRow(hours, valid_months=12, bonus_every=20, bonus=1),),
    )
    return PlanTemplate(f"bono-{hours}", PlanKind.HOUR_PACK, draft)


def _incidents(number: int) -> PlanTemplate:
    draft = replace(
        _PACK,
        name_es=f"Bono de {number} incidencias",
        name_en=f"{number}-incident pack",
        tiers={10: Decimal("52.00"), 20: Decimal("49.00"), 30: Decimal("46.00")},
        grants=(GrantRow(number, valid_months=12, unit=Unit.INCIDENTS.value),),
        covers=(CoverRow(cap_minutes=120, needs_incident=True),),
    )
    return PlanTemplate(f"incidencias-{number}", PlanKind.INCIDENT_PACK, draft)


_MONTHLY = replace(
    _PACK,
    name_es="Mantenimiento mensual",
    name_en="Monthly maintenance",
    tiers={},
    fee=FeeRow(Decimal("190.00")),
    grants=(GrantRow(5, valid_months=None, per=Grant.Per.PERIOD.value, rollover_cap=2),),
    term_months=12,
)
_FLAT = replace(
    _PACK,
    name_es="Tarifa plana 8x5",
    name_en="Flat fee 8x5",
    tiers={},
    fee=FeeRow(Decimal("450.00")),
    covers=(CoverRow(cap_minutes=480, in_hours_only=True),),
    term_months=12,
)
_INCLUDED = replace(
    _PACK,
    name_es="Soporte incluido 3 meses",
    name_en="Support included for 3 months",
    tiers={},
    covers=(CoverRow(in_hours_only=True),),
    term_months=3,
)

TEMPLATES: dict[str, PlanTemplate] = {
    template.code: template
    for template in (
        _pack(10),
        _pack(20),
        _pack(45),
        _incidents(10),
        _incidents(20),
        _incidents(30),
        PlanTemplate("mensual", PlanKind.MONTHLY, _MONTHLY),
        PlanTemplate("tarifa-plana", PlanKind.FLAT, _FLAT),
        PlanTemplate("incluido", PlanKind.INCLUDED, _INCLUDED),
        PlanTemplate(
            "bajo-demanda",
            PlanKind.ON_DEMAND,
            replace(
                _PACK,
                name_es="Bajo demanda",
                name_en="On demand",
                tiers={},
                rates=(RateRow(price_per_hour=Decimal("48.00")),),
            ),
        ),
    )
}
