"""What the room keeps: the catalogue of plans, and the contracts that clients accepted."""

from ecuanime.contracts.models.contracts import BINDING, Answer, Contract
from ecuanime.contracts.models.plans import (
    Approval,
    CoverageBand,
    CoverageCalendar,
    Grant,
    Overage,
    Plan,
    PlanKind,
    PlanVersion,
    PriceTier,
    Rate,
    RoundingGroup,
    RoundingMode,
    Surcharge,
    Tie,
    Weight,
    WorkType,
)

__all__ = [
    "BINDING",
    "Answer",
    "Approval",
    "Contract",
    "CoverageBand",
    "CoverageCalendar",
    "Grant",
    "Overage",
    "Plan",
    "PlanKind",
    "PlanVersion",
    "PriceTier",
    "Rate",
    "RoundingGroup",
    "RoundingMode",
    "Surcharge",
    "Tie",
    "Weight",
    "WorkType",
]
