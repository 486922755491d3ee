"""«A call of 20 minutes would cost…»: a plan version shown by an example that the billing engine itself works out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from ecuanime.contracts.models import Grant, PlanKind, PlanVersion
from ecuanime.contracts.terms import terms_of_version
from ecuanime.contracts.words import duration, factor, price
from ecuanime.rules.hours import hundredths_to_minutes
from ecuanime.rules.money import amount_for_minutes, currency_exponent, round_half_up
from ecuanime.rules.packs import Lot, Tier, Unit, per_unit, tier_price
from ecuanime.rules.rating import Segment, Work, rate

_MINUTES = 20
_WORK_TYPE = "phone"


@dataclass(frozen=True)
class ExampleStep:
    """One line of the working: what, its value, and whether it is the outcome."""

    text: str
    value: str
    is_sum: bool = False
    note: str = ""


@dataclass(frozen=True)
class Example:
    """The outcome in a sentence and the steps to it."""

    sentence: str
    steps: tuple[ExampleStep, ...]


def example_of(version: PlanVersion, on: date) -> Example:
    """What a call of 20 minutes in service hours on a day would take or cost, by the same engine that bills."""
    terms = terms_of_version(version, zone="UTC", starts_on=on)
    seconds = _MINUTES * 60
    call = Work(1, 1, on, seconds, seconds, _WORK_TYPE, approved_order=1)
    segment = rate([call], terms, lots_of_version(version, on)).segments[0]
    steps = [ExampleStep(_("A call, as worked"), duration(_MINUTES))]
    if segment.unit_price is not None:
        return _by_unit(version, segment, steps)
    steps.append(ExampleStep(_("Rounded"), duration(segment.rounded_minutes)))
    if segment.type_weight != 1:
        steps.append(ExampleStep(_("Weight of the work type"), factor(segment.type_weight)))
    if segment.included_hundredths == segment.weighted_hundredths > 0:
        return _included(version, segment, steps)
    if segment.drawdowns:
        return _from_lot(version, segment, steps)
    return _by_the_hour(version, segment, steps)


def lots_of_version(version: PlanVersion, on: date) -> list[Lot]:
    """What a contract would have on its first day: what is usually bought, and what the first period brings."""
    return [
        Lot(
            id=place,
            balance=grant.quantity * per_unit(Unit(grant.unit)),
            valid_from=on,
            priority=grant.priority,
            is_allowance=grant.per == Grant.Per.PERIOD,
            areas=frozenset(area.code for area in grant.areas.all()),
            work_types=frozenset(work_type.code for work_type in grant.work_types.all()),
            unit=Unit(grant.unit),
        )
        for place, grant in enumerate(version.grants.all(), start=1)
    ]


def _included(version: PlanVersion, segment: Segment, steps: list[ExampleStep]) -> Example:
    minutes = hundredths_to_minutes(segment.included_hundredths)
    steps.append(ExampleStep(_("Included in the plan"), duration(minutes), is_sum=True))
    sentence = _("A call of %(minutes)d minutes is included in the plan.")
    if version.plan.kind == PlanKind.INCIDENT_PACK:
        sentence = _("A call of %(minutes)d minutes takes one incident, and costs nothing more.")
    return Example(sentence % {"minutes": _MINUTES}, tuple(steps))


def _from_lot(version: PlanVersion, segment: Segment, steps: list[ExampleStep]) -> Example:
    if version.plan.kind == PlanKind.HOUR_PACK:
        return _from_pack(version, segment, steps)
    minutes = hundredths_to_minutes(segment.drawn_hundredths)
    steps.append(ExampleStep(_("Taken from the period's hours"), duration(minutes), is_sum=True))
    sentence = _("A call of %(minutes)d minutes would take %(taken)s from the hours of the period.")
    return Example(sentence % {"minutes": _MINUTES, "taken": duration(minutes)}, tuple(steps))


def _from_pack(version: PlanVersion, segment: Segment, steps: list[ExampleStep]) -> Example:
    minutes = hundredths_to_minutes(segment.drawn_hundredths)
    steps.append(ExampleStep(_("Taken from the pack"), duration(minutes), is_sum=True))
    hours = version.grants.all()[0].quantity
    tiers = [Tier(tier.from_quantity, tier.unit_price) for tier in version.tiers.all()]
    worth = amount_for_minutes(minutes, tier_price(hours, tiers), version.currency)
    sentence = _(
        "A call of %(minutes)d minutes would take %(taken)s from the pack: "
        "%(price)s at the price of %(hours)d hours."
    ) % {
        "minutes": _MINUTES,
        "taken": duration(minutes),
        "price": money(worth, version.currency),
        "hours": hours,
    }
    return Example(sentence, tuple(steps))


def _by_the_hour(version: PlanVersion, segment: Segment, steps: list[ExampleStep]) -> Example:
    cost = money(segment.amount or Fraction(0), version.currency)
    if segment.held:
        sentence = _("A call of %(minutes)d minutes would wait until the client agrees to it.")
        return Example(sentence % {"minutes": _MINUTES}, tuple(steps))
    if segment.price_per_hour is not None:
        steps.append(ExampleStep(_("Price per hour"), price(segment.price_per_hour, version.currency)))
    steps.append(ExampleStep(_("To pay, before tax"), cost, is_sum=True))
    sentence = _("A call of %(minutes)d minutes would cost %(price)s before tax.")
    return Example(sentence % {"minutes": _MINUTES, "price": cost}, tuple(steps))


def _by_unit(version: PlanVersion, segment: Segment, steps: list[ExampleStep]) -> Example:
    cost = money(segment.amount or Fraction(0), version.currency)
    steps.append(ExampleStep(_("Price of a call, before tax"), cost, is_sum=True))
    sentence = _("A call costs %(price)s before tax, however long it takes.")
    return Example(sentence % {"price": cost}, tuple(steps))


def money(minor: Fraction, currency: str) -> str:
    """Minor units as a price in the reader's language."""
    return price(Decimal(round_half_up(minor)).scaleb(-currency_exponent(currency)), currency)
