"""What a plan version still needs, or contradicts, before it can be published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.contracts.drafts import RateRow, VersionDraft
from ecuanime.contracts.models import PlanKind, Rate, Surcharge


def shortcomings(kind: str, draft: VersionDraft) -> list[str]:
    """Everything that keeps a draft from being published, in words; empty when it is complete."""
    checks: tuple[Callable[[str, VersionDraft], Iterator[str]], ...] = (
        _texts,
        _pack,
        _rates,
        _factors,
        _hours,
    )
    return [problem for check in checks for problem in check(kind, draft)]


def _texts(kind: str, draft: VersionDraft) -> Iterator[str]:
    if not draft.name_es.strip() or not draft.name_en.strip():
        yield _("It needs a name in Spanish and one in English.")
    if draft.rounding_step < 1:
        yield _("Time is rounded to steps of at least one minute.")


def _pack(kind: str, draft: VersionDraft) -> Iterator[str]:
    if kind != PlanKind.HOUR_PACK:
        if draft.grants or draft.tiers:
            yield _("Only an hour pack grants hours and has prices by quantity.")
        return
    if len(draft.grants) != 1:
        yield _("An hour pack says how many hours it grants and for how long they are valid.")
    if not draft.tiers:
        yield _("An hour pack needs at least one price per hour.")
    for grant in draft.grants:
        if grant.quantity < 1 or grant.valid_months == 0:
            yield _("A pack grants at least one hour and is valid for at least one month.")
        elif draft.tiers and grant.quantity < min(draft.tiers):
            yield _("The pack's usual size has no price: it is smaller than the first quantity with one.")
        if bool(grant.bonus_every) != bool(grant.bonus):
            yield _("A bonus names its free hours and for how many bought hours they are given.")
    if any(hours < 1 or price < 0 for hours, price in draft.tiers.items()):
        yield _("Prices by quantity begin at one hour and are never negative.")


def _rates(kind: str, draft: VersionDraft) -> Iterator[str]:
    if not any(_is_general(row) for row in draft.rates):
        if kind == PlanKind.ON_DEMAND:
            yield _("On demand needs a base price per hour that holds for any area and level.")
        else:
            yield _("A pack needs a base price per hour, for the work that its hours do not cover.")
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
    if any(row.factor < 0 for row in draft.weights):
        yield _("A weight is never negative.")
    if any(factor < Decimal(1) for factor in draft.surcharges.values()):
        yield _("A surcharge never lowers a price: its factor is 1 or more.")


def _hours(kind: str, draft: VersionDraft) -> Iterator[str]:
    timed = {Surcharge.When.AFTER_HOURS.value, Surcharge.When.HOLIDAY.value}
    bands = {Rate.Band.AFTER_HOURS.value, Rate.Band.HOLIDAY.value}
    uses_hours = timed & set(draft.surcharges) or any(row.band in bands for row in draft.rates)
    if uses_hours and not draft.calendar:
        yield _("Prices that depend on the hour or on holidays need the hours that the plan covers.")
