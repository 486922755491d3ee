"""What a simulation shows: its figures, its segments one by one, the why, and itself as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.foundation import formats
from ecuanime.rules.lines import Line, Unit
from ecuanime.rules.money import round_half_up
from ecuanime.rules.rating import Segment
from ecuanime.rules.rating import as_json as trace_as_json
from ecuanime.rules.scenario import Scenario, Simulation, as_json, simulate
from ecuanime.worklog.scenarios import names_in, told_why
from ecuanime.worklog.words import Names, names_for


def supposed(title: str, scenario: Scenario) -> dict[str, Any]:
    """The outcome of a scenario made of real rows: lots and work types are called as everywhere else."""

    def names(outcome: Simulation) -> Names:
        traces = [trace_as_json(why.steps) for why in outcome.trace]
        return names_for(traces, zone=scenario.contract.zone)

    return _outcome(title, scenario, names)


def written(scenario: Scenario) -> dict[str, Any]:
    """The outcome of a scenario that somebody wrote: it is called as they wrote it."""
    return _outcome(_("What it comes to"), scenario, lambda _outcome: names_in(scenario))


def as_text(scenario: Scenario) -> str:
    """A scenario as the text that one edits."""
    return json.dumps(as_json(scenario), indent=2, ensure_ascii=False)


def _outcome(title: str, scenario: Scenario, naming: Callable[[Simulation], Names]) -> dict[str, Any]:
    outcome = simulate(scenario)
    names = naming(outcome)
    return {
        "title": title,
        "totals": outcome.totals,
        "currency": scenario.contract.currency,
        "is_one": len(outcome.trace) == 1,
        "tax_rate": scenario.tax.percent / 100,
        "lines": [_line(line, outcome.segments[line.shares[0].charge_id], names) for line in outcome.lines],
        "rows": [_row(segment, names) for segment in outcome.segments],
        "whys": [
            {"id": why.work_id, "steps": [told for _step, told in told_why(why, names) if told is not None]}
            for why in outcome.trace
        ],
    }


def _line(line: Line, first: Segment, names: Names) -> dict[str, Any]:
    """An invoice line, named after the first of the segments that it joins."""
    return {
        "line": line,
        "minutes": line.quantity if line.unit == Unit.MINUTES else None,
        "pieces": None
        if line.unit == Unit.MINUTES
        else Decimal(line.quantity.numerator) / line.quantity.denominator,
        "work_type": _work_type(first, names),
        "factor": first.surcharge_factor if first.surcharge_code else None,
    }


def _work_type(segment: Segment, names: Names) -> str:
    return names.work_types.get(segment.work_type, segment.work_type)


def _row(segment: Segment, names: Names) -> dict[str, Any]:
    return {
        "segment": segment,
        "work_type": _work_type(segment, names),
        "times": _times(segment, names),
        "draws": [(names.lots.get(each.lot_id, ""), each.hundredths) for each in segment.drawdowns],
        "amount": None if segment.amount is None else round_half_up(segment.amount),
    }


def _times(segment: Segment, names: Names) -> str:
    """`10 nov, 17:40–18:00` on the contract's wall clock."""
    day = formats.day_year(segment.work_on, formats.locale_for(get_language()))
    if segment.started_at is None or segment.ended_at is None:
        return day
    zone = ZoneInfo(names.zone)
    first, last = (formats.time_of_day(at.astimezone(zone)) for at in (segment.started_at, segment.ended_at))
    return f"{day}, {first}–{last}"
