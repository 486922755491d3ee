"""What a plan version still needs, or contradicts, before it can be published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext as _

from ecuanime.contracts.drafts import CoverRow, GrantRow, RateRow, VersionDraft
from ecuanime.contracts.models import PACKS, Overage, PlanKind, Rate, Surcharge, Unit

MOST = 10_000
LONGEST_MONTHS = 120
LONGEST_PROMISE = 366 * 24 * 60
"""In minutes."""
UNITS: dict[str, str] = {PlanKind.HOUR_PACK: Unit.MINUTES, PlanKind.INCIDENT_PACK: Unit.INCIDENTS}


def shortcomings(kind: str, draft: VersionDraft) -> list[str]:
    """Everything that keeps a draft from being published, in words; empty when it is complete."""
    checks: tuple[Callable[[str, VersionDraft], Iterator[str]], ...] = (
        _texts,
        _purchase,
        _fee,
        _allowance,
        _covers,
        _overage,
        _term,
        _rates,
        _factors,
        _hours,
        _promises,
    )
    return [problem for check in checks for problem in check(kind, draft)]


def _promises(kind: str, draft: VersionDraft) -> Iterator[str]:
    targets = draft.promise.targets if draft.promise else ()
    if any(not 1 <= minutes <= LONGEST_PROMISE for _priority, _metric, minutes in targets):
        yield _("A promised time lies between one minute and one year.")


def _texts(kind: str, draft: VersionDraft) -> Iterator[str]:
    if not draft.name_es.strip() or not draft.name_en.strip():
        yield _("It needs a name in Spanish and one in English.")
    if draft.rounding_step < 1:
        yield _("Time is rounded to steps of at least one minute.")


def _purchase(kind: str, draft: VersionDraft) -> Iterator[str]:
    """What a pack grants when it is bought, and at which price."""
    grants = [grant for grant in draft.grants if not grant.is_allowance]
    if kind not in PACKS:
        if grants or draft.tiers:
            yield _("Only a pack is bought in advance and has prices by quantity.")
        return
    if len(grants) != 1 or grants[0].unit != UNITS[kind]:
        yield _("A pack says how many hours or incidents it grants and for how long they are valid.")
    if not draft.tiers:
        yield _("A pack needs at least one price: no lot goes without the price that was paid for it.")
    for grant in grants:
        yield from _size(grant, draft)
    if any(quantity < 1 or price < 0 for quantity, price in draft.tiers.items()):
        yield _("Prices by quantity begin at one and are never negative.")


def _size(grant: GrantRow, draft: VersionDraft) -> Iterator[str]:
    if not 1 <= grant.quantity <= MOST or grant.valid_months == 0:
        yield _("A pack grants from one to 10,000 and is valid for at least one month.")
    elif draft.tiers and grant.quantity < min(draft.tiers):
        yield _("The pack's usual size has no price: it is smaller than the first quantity with one.")
    if bool(grant.bonus_every) != bool(grant.bonus):
        yield _("A bonus names what is free and for how many bought it is given.")


def _fee(kind: str, draft: VersionDraft) -> Iterator[str]:
    needs_fee = kind in (PlanKind.MONTHLY, PlanKind.FLAT)
    if needs_fee and draft.fee is None:
        yield _("It needs the fee that is paid each period.")
    if draft.fee is None:
        return
    if not needs_fee:
        yield _("Only a flat fee and a fixed monthly plan are paid each period.")
    if draft.fee.price < 0 or not 1 <= draft.fee.every_months <= LONGEST_MONTHS:
        yield _("A fee is never negative, and is due every one to 120 months.")


def _allowance(kind: str, draft: VersionDraft) -> Iterator[str]:
    allowances = [grant for grant in draft.grants if grant.is_allowance]
    if kind == PlanKind.MONTHLY and not allowances:
        yield _("A fixed monthly plan says how much each period brings.")
    if allowances and kind in (*PACKS, PlanKind.ON_DEMAND):
        yield _("A pack and on demand have no periods, so nothing can come with each of them.")
    for grant in allowances:
        if not 1 <= grant.quantity <= MOST:
            yield _("A period brings from one to 10,000.")
        if grant.bonus:
            yield _("A bonus belongs to a purchase, not to a period.")
        if grant.moves_on:
            yield _("Only what is bought moves to the contract that renews this one.")
        cap = grant.rollover_cap
        if cap is not None and not (1 <= cap <= grant.quantity and 1 <= grant.rollover_periods <= 12):
            yield _("What rolls over is at most what the period brought, and lasts one to twelve periods.")
    if any(_overlap(one, other) for one, other in combinations(allowances, 2)):
        yield _("Two allowances of one period overlap: give each its own product areas or work types.")


def _overlap(one: GrantRow, other: GrantRow) -> bool:
    """Whether some work could draw from both."""

    def meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
        return not some or not others or bool(set(some) & set(others))

    is_same_unit = one.unit == other.unit
    return is_same_unit and meet(one.areas, other.areas) and meet(one.work_types, other.work_types)


def _covers(kind: str, draft: VersionDraft) -> Iterator[str]:
    if kind in (PlanKind.FLAT, PlanKind.INCLUDED) and not draft.covers:
        yield _("It says which work it includes.")
    has_incidents = any(grant.unit == Unit.INCIDENTS for grant in draft.grants)
    needs_incident = any(row.needs_incident for row in draft.covers)
    if has_incidents and not needs_incident:
        yield _("Incidents are of use only if the plan says which work they include.")
    if needs_incident and not has_incidents:
        yield _("Work that needs an incident is included only by a plan that grants incidents.")
    if any(row.cap_minutes is not None and row.cap_minutes < 1 for row in draft.covers):
        yield _("What is included of each request is at least one minute, or all.")
    scopes = [(row.area, row.work_type, row.in_hours_only) for row in draft.covers]
    if len(scopes) != len(set(scopes)):
        yield _("The same work is named twice among what is included.")
    if any(row.in_hours_only for row in draft.covers) and not draft.calendar:
        yield _("Work included only in the hours covered needs these hours.")


def _overage(kind: str, draft: VersionDraft) -> Iterator[str]:
    if draft.overage == Overage.OVERDRAFT and kind not in PACKS:
        yield _("Only a pack can be overdrawn: the next one settles it.")
    if draft.overage_price is not None and draft.overage_price < 0:
        yield _("A price is never negative.")


def _term(kind: str, draft: VersionDraft) -> Iterator[str]:
    if kind == PlanKind.INCLUDED and not draft.term_months:
        yield _("An included period says for how many months it lasts.")
    if draft.term_months is not None and not 1 <= draft.term_months <= LONGEST_MONTHS:
        yield _("A term lasts from one to 120 months.")


def _rates(kind: str, draft: VersionDraft) -> Iterator[str]:
    if not any(_is_general(row) for row in draft.rates):
        if kind == PlanKind.ON_DEMAND:
            yield _("On demand needs a base price per hour that holds for any area and level.")
        elif not any(row == CoverRow() for row in draft.covers):
            yield _("It needs a base price per hour, for the work that it does not cover.")
    for row in draft.rates:
        yield from _rate(row)
    types = [row.work_type for row in draft.rates if row.unit_price is not None]
    if len(types) != len(set(types)):
        yield _("A work type has one price per unit.")


def _is_general(row: RateRow) -> bool:
    return row.is_base and not (row.area or row.level or row.valid_from or row.valid_until)


def _rate(row: RateRow) -> Iterator[str]:
    price = row.price_per_hour if row.unit_price is None else row.unit_price
    if price is None or (row.price_per_hour is not None and row.unit_price is not None):
        yield _("Every rate has one price: per hour or per unit.")
    elif price < 0:
        yield _("A price is never negative.")
    if row.unit_price is not None and (not row.work_type or row.band or row.valid_from or row.valid_until):
        yield _("A price per unit belongs to one work type, at any hour and without dates.")
    if not row.is_base and (row.area or row.level):
        yield _("An exact price for a work type or a time of day holds for every area and level.")
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        yield _("A rate ends after it begins.")


def _factors(kind: str, draft: VersionDraft) -> Iterator[str]:
    if any(factor < 0 for factor in (*(row.factor for row in draft.weights), *draft.level_weights.values())):
        yield _("A weight is never negative.")
    if any(factor < Decimal(1) for factor in draft.surcharges.values()):
        yield _("A surcharge never lowers a price: its factor is 1 or more.")


def _hours(kind: str, draft: VersionDraft) -> Iterator[str]:
    timed = {Surcharge.When.AFTER_HOURS.value, Surcharge.When.HOLIDAY.value}
    bands = {Rate.Band.AFTER_HOURS.value, Rate.Band.HOLIDAY.value}
    uses_hours = timed & set(draft.surcharges) or any(row.band in bands for row in draft.rates)
    if uses_hours and not draft.calendar:
        yield _("Prices that depend on the hour or on holidays need the hours that the plan covers.")
