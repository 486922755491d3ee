"""Every write on emergencies: from the declaration to the closing, and how they are served."""

from ecuanime.emergencies.actions.accepting import accept, decline, latest_answer, withdraw
from ecuanime.emergencies.actions.actors import ActorGiven, add_actor, hand_over, let_actor_go
from ecuanime.emergencies.actions.alerts import take_due_case, take_due_cases
from ecuanime.emergencies.actions.answering import (
    Estimate,
    hand_on,
    revise,
    say_not_viable,
    say_viable,
    take_on,
)
from ecuanime.emergencies.actions.checking import Found
from ecuanime.emergencies.actions.critical import add_critical, mark_critical, take_checklist
from ecuanime.emergencies.actions.declaring import Declared, declare_in_portal, declare_on_ticket
from ecuanime.emergencies.actions.links import renew, revoke_link, send_link_again
from ecuanime.emergencies.actions.opening import give_proof, note_paid, start_on_proof, waive_guarantee
from ecuanime.emergencies.actions.papers import (
    Identity,
    give_agreement,
    give_identity,
    take_back_agreement,
)
from ecuanime.emergencies.actions.pool import raise_ceiling, watch_pool, watch_pools
from ecuanime.emergencies.actions.proposing import propose_plan
from ecuanime.emergencies.actions.reporting import (
    keep_report,
    make_report,
    merged_texts,
    send_report,
    tidy,
)
from ecuanime.emergencies.actions.rhythm import set_rhythm
from ecuanime.emergencies.actions.room import send_news, write_as_client, write_line
from ecuanime.emergencies.actions.setting import set_alert_list, set_service
from ecuanime.emergencies.actions.silence import confirm_silent_case, confirm_silent_cases
from ecuanime.emergencies.actions.strangers import (
    Stranger,
    confirm_declaration,
    declaration_waits,
    forget_unproved,
    take_declaration,
)
from ecuanime.emergencies.actions.working import (
    acknowledge_normal,
    bill_phase,
    close,
    declare_normal,
    note_relapse,
)

__all__ = [
    "ActorGiven",
    "Declared",
    "Estimate",
    "Found",
    "Identity",
    "Stranger",
    "accept",
    "acknowledge_normal",
    "add_actor",
    "add_critical",
    "bill_phase",
    "close",
    "confirm_declaration",
    "confirm_silent_case",
    "confirm_silent_cases",
    "declaration_waits",
    "declare_in_portal",
    "declare_normal",
    "declare_on_ticket",
    "decline",
    "forget_unproved",
    "give_agreement",
    "give_identity",
    "give_proof",
    "hand_on",
    "hand_over",
    "keep_report",
    "latest_answer",
    "let_actor_go",
    "make_report",
    "mark_critical",
    "merged_texts",
    "note_paid",
    "note_relapse",
    "propose_plan",
    "raise_ceiling",
    "renew",
    "revise",
    "revoke_link",
    "say_not_viable",
    "say_viable",
    "send_link_again",
    "send_news",
    "send_report",
    "set_alert_list",
    "set_rhythm",
    "set_service",
    "start_on_proof",
    "take_back_agreement",
    "take_checklist",
    "take_declaration",
    "take_due_case",
    "take_due_cases",
    "take_on",
    "tidy",
    "waive_guarantee",
    "watch_pool",
    "watch_pools",
    "withdraw",
    "write_as_client",
    "write_line",
]
