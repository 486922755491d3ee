"""How what rating made of an entry is kept: each of its segments as a row."""

from __future__ import annotations

from ecuanime.contracts.models import Contract
from ecuanime.rules.rating import Segment


def values_of(segment: Segment, contract: Contract) -> dict[str, object]:
    """A segment as the values of its row. A price stands only where there is something to pay."""
    by_unit = segment.unit_price is not None
    price = segment.unit_price if by_unit else segment.price_per_hour
    return {
        "started_at": segment.started_at,
        "ended_at": segment.ended_at,
        "elapsed_seconds": segment.elapsed_seconds,
        "rounded_minutes": segment.rounded_minutes,
        "weight": segment.type_weight,
        "level_weight": segment.level_weight,
        "surcharge": segment.surcharge_code or "",
        "surcharge_factor": segment.surcharge_factor,
        "weighted": segment.weighted_hundredths,
        "included": segment.included_hundredths,
        "cover_id": segment.cover_id,
        "drawn": segment.drawn_hundredths,
        "overage": segment.overage_hundredths,
        "overdraft": segment.overdraft_hundredths,
        "held": segment.held_hundredths,
        "consented": segment.consented_hundredths,
        "charged_numerator": segment.billed_minutes.numerator,
        "charged_denominator": segment.billed_minutes.denominator,
        "units": segment.units if by_unit else None,
        "price": price if segment.amount else None,
        "currency": contract.version.currency,
        "held_reason": segment.hold_reason.value if segment.hold_reason else "",
    }
