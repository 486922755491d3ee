"""Every write on time: timers, entries, the daily cut, reviews, approvals, and what they draw."""

from ecuanime.worklog.actions.approvals import (
    answer_dispute,
    approve_entries,
    approve_or_escalate,
    consent_to_overage,
    dispute_entry,
)
from ecuanime.worklog.actions.brought import bring_time
from ecuanime.worklog.actions.comments import comment_as_client, comment_as_firm
from ecuanime.worklog.actions.contracts import end_contract, move_open_time
from ecuanime.worklog.actions.corrections import record_correction
from ecuanime.worklog.actions.credits import give_credits
from ecuanime.worklog.actions.cuts import CutReport, close_day, close_ticket_time, send_cut
from ecuanime.worklog.actions.drawing import free_entry, rate_again
from ecuanime.worklog.actions.entries import cut_out_overlap, delete_entry, edit_entry, record_time
from ecuanime.worklog.actions.expiry import expire_lot
from ecuanime.worklog.actions.incidents import give_incident_back
from ecuanime.worklog.actions.merging import MOST_MERGED, merge_many, merge_tickets, undo_merge, undo_merges
from ecuanime.worklog.actions.periods import move_what_is_left, open_due_periods
from ecuanime.worklog.actions.rerating import rate_all_again, reattach
from ecuanime.worklog.actions.reviews import (
    adjust_entry,
    choose_contract,
    reject_entry,
    review_entries,
    review_entry,
)
from ecuanime.worklog.actions.timers import (
    Started,
    ask_about_timer,
    catch_timers,
    discard_timer,
    end_stuck_timer,
    keep_timer,
    start_timer,
    stop_timer,
)
from ecuanime.worklog.actions.windows import bill_with_the_rest, open_window

__all__ = [
    "MOST_MERGED",
    "CutReport",
    "Started",
    "adjust_entry",
    "answer_dispute",
    "approve_entries",
    "approve_or_escalate",
    "ask_about_timer",
    "bill_with_the_rest",
    "bring_time",
    "catch_timers",
    "choose_contract",
    "close_day",
    "close_ticket_time",
    "comment_as_client",
    "comment_as_firm",
    "consent_to_overage",
    "cut_out_overlap",
    "delete_entry",
    "discard_timer",
    "dispute_entry",
    "edit_entry",
    "end_contract",
    "end_stuck_timer",
    "expire_lot",
    "free_entry",
    "give_credits",
    "give_incident_back",
    "keep_timer",
    "merge_many",
    "merge_tickets",
    "move_open_time",
    "move_what_is_left",
    "open_due_periods",
    "open_window",
    "rate_again",
    "rate_all_again",
    "reattach",
    "record_correction",
    "record_time",
    "reject_entry",
    "review_entries",
    "review_entry",
    "send_cut",
    "start_timer",
    "stop_timer",
    "undo_merge",
    "undo_merges",
]
