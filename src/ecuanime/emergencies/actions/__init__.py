"""Every write on emergencies: from the declaration to the closing, and how they are served."""

from ecuanime.emergencies.actions.accepting import accept, decline, latest_answer, withdraw
from ecuanime.emergencies.actions.alerts import take_due_case, take_due_cases
from ecuanime.emergencies.actions.answering import (
    Estimate,
    hand_on,
    revise,
    say_not_viable,
    say_viable,
    take_on,
)
from ecuanime.emergencies.actions.declaring import Declared, declare_in_portal, declare_on_ticket
from ecuanime.emergencies.actions.opening import give_proof, note_paid, start_on_proof, waive_guarantee
from ecuanime.emergencies.actions.setting import set_alert_list, set_service
from ecuanime.emergencies.actions.working import (
    acknowledge_normal,
    bill_phase,
    close,
    declare_normal,
    note_relapse,
)

__all__ = [
    "Declared",
    "Estimate",
    "accept",
    "acknowledge_normal",
    "bill_phase",
    "close",
    "declare_in_portal",
    "declare_normal",
    "declare_on_ticket",
    "decline",
    "give_proof",
    "hand_on",
    "latest_answer",
    "note_paid",
    "note_relapse",
    "revise",
    "say_not_viable",
    "say_viable",
    "set_alert_list",
    "set_service",
    "start_on_proof",
    "take_due_case",
    "take_due_cases",
    "take_on",
    "waive_guarantee",
    "withdraw",
]
