"""The clock of what is promised about time: when it runs, when a promise falls due, and when it was broken.

Everything is worked out anew from the history, so nothing is lost by changing a contract or a priority. See
docs/rules/sla.md.
"""

from ecuanime.rules.sla.clock import read
from ecuanime.rules.sla.credits import Breach, credit_shares
from ecuanime.rules.sla.histories import changes_for, first_unanswered, rounds_of, stood_between
from ecuanime.rules.sla.question import (
    SlaAnswer,
    SlaQuestion,
    SlaTarget,
    StateChange,
    TicketState,
    answer,
    read_question,
    reading_of,
)
from ecuanime.rules.sla.values import Change, History, Metric, Outcome, Piece, Reading, Run, Target, Why

__all__ = [
    "Breach",
    "Change",
    "History",
    "Metric",
    "Outcome",
    "Piece",
    "Reading",
    "Run",
    "SlaAnswer",
    "SlaQuestion",
    "SlaTarget",
    "StateChange",
    "Target",
    "TicketState",
    "Why",
    "answer",
    "changes_for",
    "credit_shares",
    "first_unanswered",
    "read",
    "read_question",
    "reading_of",
    "rounds_of",
    "stood_between",
]
