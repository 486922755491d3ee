"""Emergencies: the way of a case from its declaration to its closing, its clock, and its three invoices.

See docs/rules/express.md.
"""

from ecuanime.rules.express.clock import (
    ANSWER_MINUTES,
    clock_of,
    confirmed_by_silence_at,
    covered_after,
)
from ecuanime.rules.express.course import (
    TRANSITIONS,
    Act,
    Effect,
    Need,
    NotAllowed,
    Party,
    Stage,
    Transition,
    acts_in,
    take,
)
from ecuanime.rules.express.merging import Merged, merge
from ecuanime.rules.express.money import (
    GUARANTEE_HOURS,
    Bills,
    Document,
    Phase,
    bills,
    document_for,
    guarantee_amount,
    minutes_left,
    rate_of,
)

__all__ = [
    "ANSWER_MINUTES",
    "GUARANTEE_HOURS",
    "TRANSITIONS",
    "Act",
    "Bills",
    "Document",
    "Effect",
    "Merged",
    "Need",
    "NotAllowed",
    "Party",
    "Phase",
    "Stage",
    "Transition",
    "acts_in",
    "bills",
    "clock_of",
    "confirmed_by_silence_at",
    "covered_after",
    "document_for",
    "guarantee_amount",
    "merge",
    "minutes_left",
    "rate_of",
    "take",
]
