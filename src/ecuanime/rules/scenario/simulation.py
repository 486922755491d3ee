"""What a scenario comes to: segments, the lines and tax of an invoice, and what is left for the next run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..lines import Charge, Line, Unit, join, taxes
from ..rating import Rated, Segment, State, Step, approve
from .values import Scenario, Taxation, TaxRounding

_TAX = "tax"


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a simulation: seconds, minutes, hundredths of a minute, and minor units of the currency.

    `exact` is what is to be paid before any line rounds it.
    """

    elapsed_seconds: int
    billable_seconds: int
    rounded_minutes: int
    weighted_hundredths: int
    included_hundredths: int
    drawn_hundredths: int
    overage_hundredths: int
    overdraft_hundredths: int
    held_hundredths: int
    exact: Fraction
    net: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class Why:
    """The steps that led from one entry to its figures, in their order."""

    work_id: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Simulation:
    """A scenario's outcome. A line's shares name the segments that they charge by their place, from 0.

    `after` is what the next run would find before it.
    """

    segments: tuple[Segment, ...]
    lines: tuple[Line, ...]
    totals: Totals
    after: State
    trace: tuple[Why, ...]


def simulate(scenario: Scenario) -> Simulation:
    """Rate a scenario's entries as one run and put what is to be paid on one invoice. Nothing else is looked at."""
    run, after = approve(scenario.before, scenario.works, scenario.contract)
    lines = join(_charges(run.rated.segments, scenario.contract.contract_id), scenario.contract.currency)
    return Simulation(
        segments=run.rated.segments,
        lines=lines,
        totals=_totals(run.rated, lines, scenario.tax),
        after=after,
        trace=tuple(Why(entry.id, run.rated.why(entry.id)) for entry in scenario.entries),
    )


def _charges(segments: Iterable[Segment], contract_id: int) -> list[Charge]:
    """The segments with something to pay: what reads differently on an invoice has a label of its own."""
    return [_charge(place, segment, contract_id) for place, segment in enumerate(segments) if segment.amount]


def _charge(place: int, segment: Segment, contract_id: int) -> Charge:
    labels = [segment.work_type, segment.surcharge_code]
    by_unit = segment.units is not None and segment.unit_price is not None
    quantity = Fraction(segment.units) if segment.units is not None else segment.billed_minutes
    price = segment.unit_price if by_unit else segment.price_per_hour
    if price is None:
        raise ValueError("what is to be paid has a price")
    return Charge(
        id=place,
        contract_id=contract_id,
        label=", ".join(label for label in labels if label),
        tax=_TAX,
        quantity=quantity,
        price=price,
        unit=Unit.PIECES if by_unit else Unit.MINUTES,
    )


def _totals(rated: Rated, lines: tuple[Line, ...], taxation: Taxation) -> Totals:
    net = sum(line.amount for line in lines)
    per_line = taxation.rounding == TaxRounding.LINE
    tax = sum(row.amount for row in taxes(lines, {_TAX: taxation.percent}, per_line=per_line))
    return Totals(
        elapsed_seconds=sum(segment.elapsed_seconds for segment in rated.segments),
        billable_seconds=sum(segment.billable_seconds for segment in rated.segments),
        rounded_minutes=rated.rounded_minutes,
        weighted_hundredths=rated.weighted_hundredths,
        included_hundredths=rated.included_hundredths,
        drawn_hundredths=rated.drawn_hundredths,
        overage_hundredths=rated.overage_hundredths,
        overdraft_hundredths=sum(segment.overdraft_hundredths for segment in rated.segments),
        held_hundredths=sum(segment.held_hundredths for segment in rated.segments),
        exact=rated.amount,
        net=net,
        tax=tax,
        total=net + tax,
    )
