"""What the hours of a case would have cost under each plan that is on sale, by the engine that bills, with its steps.

Only plans that are paid in advance are compared, in the currency of the case. Where a plan's hour would cost more than
the case's own price, the case's price holds, as it does in an emergency with a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.utils.translation import gettext as _

from ecuanime.contracts.example import ExampleStep, lots_of_version, money
from ecuanime.contracts.models import Grant, PlanKind, PlanVersion
from ecuanime.contracts.queries import versions_of, versions_on_sale
from ecuanime.contracts.terms import terms_of_version
from ecuanime.contracts.words import bought, duration
from ecuanime.emergencies.billing import phase_of
from ecuanime.emergencies.conditions import hourly
from ecuanime.emergencies.models import Emergency
from ecuanime.emergencies.progress import SoFar, so_far
from ecuanime.rules.calendars import local_date
from ecuanime.rules.express import Phase
from ecuanime.rules.hours import hundredths_to_minutes
from ecuanime.rules.money import round_half_up, to_minor
from ecuanime.rules.packs import Tier, tier_price
from ecuanime.rules.rating import Rated, rate
from ecuanime.staff.queries import holidays_between
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries.contracts import windows_of
from ecuanime.worklog.rating import Known, when_done, with_relations, work_of

PREPAID = (PlanKind.MONTHLY, PlanKind.FLAT, PlanKind.HOUR_PACK)
MOST = 20


@dataclass(frozen=True)
class Proposal:
    """A plan with what the case would have cost under it in its first period, in minor units before tax."""

    version: PlanVersion
    steps: tuple[ExampleStep, ...]
    total: int


@dataclass(frozen=True)
class Comparison:
    """What a case has cost, and the plans it is held against, the cheapest first. `minutes` is what was approved."""

    minutes: int
    actual: int
    actual_steps: tuple[ExampleStep, ...]
    currency: str
    proposals: list[Proposal]


def comparison_of(emergency: Emergency, *, now: datetime) -> Comparison | None:
    """The case against the plans on sale; None before any of its work was approved."""
    found = so_far(emergency, None, now=now)
    entries = _entries(emergency)
    if found is None or not entries:
        return None
    steps = tuple(_actual(emergency, found))
    on = local_date(now, emergency.client.time_zone)
    proposals = [_proposal(emergency, version, entries, found, on) for version in _suitable(emergency, found)]
    return Comparison(
        minutes=sum(entry.billed_seconds for _phase, entry in entries) // 60,
        actual=_paid(emergency, found),
        actual_steps=steps,
        currency=found.currency,
        proposals=sorted(proposals, key=lambda each: (each.total, each.version.plan.code)),
    )


def _entries(emergency: Emergency) -> list[tuple[Phase, TimeEntry]]:
    """The approved work of the two phases, in the order it was done."""
    windows = windows_of(emergency.ticket)
    rows = with_relations(TimeEntry.objects.filter(ticket=emergency.ticket, state=EntryState.APPROVED))
    ordered = sorted(rows, key=when_done)
    phases = ((phase_of(entry, windows), entry) for entry in ordered)
    return [(phase, entry) for phase, entry in phases if phase is not None]


def _suitable(emergency: Emergency, found: SoFar) -> Iterator[PlanVersion]:
    """Plans on sale that are paid in advance, in the currency of the case, and that serve its product area."""
    sold = versions_on_sale().filter(plan__kind__in=PREPAID, currency=found.currency)
    for row in sold[:MOST]:
        version = versions_of(row.plan).get(pk=row.pk)
        if all(_serves(grant, emergency) for grant in version.grants.all()):
            yield version


def _serves(grant: Grant, emergency: Emergency) -> bool:
    areas = {area.pk for area in grant.areas.all()}
    return not areas or emergency.area_id in areas


def _paid(emergency: Emergency, found: SoFar) -> int:
    """What the client pays in all: the time, and of the guarantee what is not credited."""
    guarantee = emergency.guarantee.net if emergency.guarantee else 0
    accepted = getattr(emergency, "acceptance", None)
    is_counted = accepted is not None and accepted.assessment.is_counted
    return max(found.spent, guarantee) if is_counted else found.spent + guarantee


def _actual(emergency: Emergency, found: SoFar) -> Iterator[ExampleStep]:
    for phase in found.phases:
        name = _("Until service is normal") if phase.phase is Phase.NORMALISATION else _("Fixing the causes")
        yield ExampleStep(
            f"{name}, {duration(phase.seconds // 60)}", money(Fraction(phase.amount or 0), found.currency)
        )
    if emergency.guarantee:
        yield ExampleStep(_("Guarantee"), money(Fraction(emergency.guarantee.net), found.currency))
    yield ExampleStep(
        _("Paid, before tax"), money(Fraction(_paid(emergency, found)), found.currency), is_sum=True
    )


def _proposal(
    emergency: Emergency,
    version: PlanVersion,
    entries: Sequence[tuple[Phase, TimeEntry]],
    found: SoFar,
    on: date,
) -> Proposal:
    """The case as if a contract of this version had begun on the day of its first work."""
    zone = emergency.client.time_zone
    first, last = entries[0][1].work_on, entries[-1][1].work_on
    terms = terms_of_version(version, zone=zone, starts_on=first, holidays=holidays_between(first, last))
    own = hourly(terms, emergency.area, on)
    dearer = {
        each.phase for each in found.phases if own is not None and each.price is not None and own > each.price
    }
    levels = Known([entry for _phase, entry in entries]).levels
    works = [
        work_of(entry, zone, levels, order)
        for order, (phase, entry) in enumerate(entries)
        if phase not in dearer
    ]
    rated = rate(works, terms, lots_of_version(version, first))
    kept = [each for each in found.phases if each.phase in dearer]
    fee = round_half_up(to_minor(version.fee.price, version.currency)) if version.fee else 0
    pack = _pack_price(version)
    total = fee + pack + round_half_up(rated.amount) + sum(each.amount or 0 for each in kept)
    steps = [*_rated(version, rated, works_minutes=sum(work.billable_seconds for work in works) // 60)]
    steps += [
        ExampleStep(
            _("At the case's own price, which is lower: %(time)s") % {"time": duration(each.seconds // 60)},
            money(Fraction(each.amount or 0), version.currency),
        )
        for each in kept
    ]
    if fee:
        steps.append(ExampleStep(_("Fee of the period"), money(Fraction(fee), version.currency)))
    if pack:
        steps.append(ExampleStep(_bought(version), money(Fraction(pack), version.currency)))
    steps.append(ExampleStep(_("To pay, before tax"), money(Fraction(total), version.currency), is_sum=True))
    return Proposal(version, tuple(steps), total)


def _pack_price(version: PlanVersion) -> int:
    """What the pack that is usually bought costs, in minor units; 0 of a plan that sells none."""
    if version.plan.kind != PlanKind.HOUR_PACK:
        return 0
    hours = _hours_bought(version)
    tiers = [Tier(tier.from_quantity, tier.unit_price) for tier in version.tiers.all()]
    return round_half_up(hours * to_minor(tier_price(hours, tiers), version.currency)) if hours else 0


def _hours_bought(version: PlanVersion) -> int:
    return sum(grant.quantity for grant in version.grants.all() if grant.per == Grant.Per.PURCHASE)


def _bought(version: PlanVersion) -> str:
    return _("Pack of %(quantity)s") % {"quantity": bought(_hours_bought(version), "minutes")}


def _rated(version: PlanVersion, rated: Rated, *, works_minutes: int) -> Iterator[ExampleStep]:
    yield ExampleStep(_("Worked"), duration(works_minutes))
    yield ExampleStep(
        _("Counted, with rounding, weights and surcharges"),
        duration(hundredths_to_minutes(rated.weighted_hundredths)),
    )
    if rated.included_hundredths:
        yield ExampleStep(
            _("Included in the plan"), duration(hundredths_to_minutes(rated.included_hundredths))
        )
    if rated.drawn_hundredths:
        yield ExampleStep(
            _("Taken from what was granted"), duration(hundredths_to_minutes(rated.drawn_hundredths))
        )
    if rated.overage_hundredths:
        yield ExampleStep(_("Beyond it"), duration(hundredths_to_minutes(rated.overage_hundredths)))
        yield ExampleStep(_("To pay for that"), money(Fraction(rated.amount), version.currency))
