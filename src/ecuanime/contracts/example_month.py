"""«A month with 8 requests would…»: a plan version tried on a month that the reader describes, by the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ecuanime.contracts.example import Example, ExampleStep, lots_of_version, money
from ecuanime.contracts.models import PlanVersion
from ecuanime.contracts.terms import terms_of_version
from ecuanime.contracts.words import duration
from ecuanime.rules.hours import hundredths_to_minutes
from ecuanime.rules.money import to_minor
from ecuanime.rules.rating import Rated, Work, rate

_DAY, _NIGHT = time(10), time(21)
_WORK_TYPE = "remote"


@dataclass(frozen=True)
class Month:
    """So many requests of so many minutes each, of which some are done at nine in the evening."""

    requests: int = 8
    minutes: int = 45
    at_night: int = 1


def month_of(version: PlanVersion, on: date, month: Month, *, zone: str) -> Example:
    """What such a month would take and cost, on the first days of a contract from the day given."""
    terms = terms_of_version(version, zone=zone, starts_on=on)
    rated = rate(_works(month, on, zone), terms, lots_of_version(version, on))
    fee = Fraction(to_minor(version.fee.price, version.currency)) if version.fee else Fraction(0)
    total = fee + rated.amount
    sentence = _(
        "A month with %(requests)d requests of %(minutes)d minutes would cost %(price)s before tax."
    ) % {
        "requests": month.requests,
        "minutes": month.minutes,
        "price": money(total, version.currency),
    }
    return Example(sentence, tuple(_steps(version, rated, month, fee, total)))


def _works(month: Month, on: date, zone: str) -> list[Work]:
    """One request a working day, the nightly ones first; the days go on after the month if there are many."""
    days = [
        day for day in (on + timedelta(days=n) for n in range(2 * month.requests + 7)) if day.weekday() < 5
    ]
    return [
        _work(n, day, n < month.at_night, month.minutes, zone) for n, day in enumerate(days[: month.requests])
    ]


def _work(number: int, day: date, is_night: bool, minutes: int, zone: str) -> Work:
    starts = datetime.combine(day, _NIGHT if is_night else _DAY, ZoneInfo(zone)).astimezone(UTC)
    seconds = minutes * 60
    return Work(
        id=number,
        ticket_id=number,
        work_on=day,
        elapsed_seconds=seconds,
        billable_seconds=seconds,
        work_type=_WORK_TYPE,
        approved_order=number,
        started_at=starts,
        ended_at=starts + timedelta(seconds=seconds),
    )


def _steps(
    version: PlanVersion, rated: Rated, month: Month, fee: Fraction, total: Fraction
) -> list[ExampleStep]:
    steps = [
        ExampleStep(_("Worked"), duration(month.requests * month.minutes)),
        ExampleStep(_("Counted, with rounding, weights and surcharges"), _hours(rated.weighted_hundredths)),
    ]
    if rated.included_hundredths:
        steps.append(ExampleStep(_("Included in the plan"), _hours(rated.included_hundredths)))
    if rated.incidents:
        steps.append(ExampleStep(_("Incidents taken"), str(len(rated.incidents))))
    if rated.drawn_hundredths:
        steps.append(ExampleStep(_("Taken from what was granted"), _hours(rated.drawn_hundredths)))
    if rated.overage_hundredths:
        note = _("held until the client agrees") if any(part.held for part in rated.segments) else ""
        steps.append(ExampleStep(_("Beyond it"), _hours(rated.overage_hundredths), note=note))
        steps.append(ExampleStep(_("To pay for that"), money(rated.amount, version.currency)))
    if fee:
        steps.append(ExampleStep(_("Fee of the period"), money(fee, version.currency)))
    steps.append(ExampleStep(_("To pay, before tax"), money(total, version.currency), is_sum=True))
    return steps


def _hours(hundredths: int) -> str:
    return duration(hundredths_to_minutes(hundredths))
