"""Every write on tickets."""

from ecuanime.tickets.actions.assigning import assign_by_policy
from ecuanime.tickets.actions.bulk import continue_bulk, start_bulk
from ecuanime.tickets.actions.changing import (
    assign,
    change_state,
    choose_contract,
    close_silent_tickets,
    follow_contract,
    set_area,
    set_priority,
    set_site,
    set_tags,
    tags_named,
    undo_change,
)
from ecuanime.tickets.actions.checklists import answer_checklist, drop_checklist, start_checklist
from ecuanime.tickets.actions.due import renew_promises, tell_due_deadlines
from ecuanime.tickets.actions.fields import define_field, fill_fields, retire_field
from ecuanime.tickets.actions.following import follow, unfollow
from ecuanime.tickets.actions.history import bring_ticket, stretch_ticket
from ecuanime.tickets.actions.indexing import index_together, read_again, read_stale_documents
from ecuanime.tickets.actions.linking import link, set_parent, solve_children, unlink
from ecuanime.tickets.actions.macros import keep_macro
from ecuanime.tickets.actions.merging import merge_ticket, undo_merge, why_not_merged
from ecuanime.tickets.actions.normality import note_normal, take_back_normal
from ecuanime.tickets.actions.opening import (
    change_contact,
    identify_client,
    note_claim,
    note_copy,
    open_follow_up,
    open_ticket,
)
from ecuanime.tickets.actions.outages import declare_outage, end_outage, group_under, tell_all
from ecuanime.tickets.actions.presence import note_presence
from ecuanime.tickets.actions.queues import keep_queue, move_to_queue, promise_in_queue
from ecuanime.tickets.actions.satisfaction import ask_satisfaction, give_opinion
from ecuanime.tickets.actions.snoozing import snooze, wake_due_tickets, wake_ticket
from ecuanime.tickets.actions.splitting import split_ticket
from ecuanime.tickets.actions.together import Changes, change_together, use_macro
from ecuanime.tickets.actions.values import ContactGiven, FileGiven, MessageGiven
from ecuanime.tickets.actions.views import keep_view, remove_view
from ecuanime.tickets.actions.writing import (
    add_inbound_message,
    add_note,
    discard_draft,
    mark_read,
    note_undelivered,
    reply,
    save_draft,
)

__all__ = [
    "Changes",
    "ContactGiven",
    "FileGiven",
    "MessageGiven",
    "add_inbound_message",
    "add_note",
    "answer_checklist",
    "ask_satisfaction",
    "assign",
    "assign_by_policy",
    "bring_ticket",
    "change_contact",
    "change_state",
    "change_together",
    "choose_contract",
    "close_silent_tickets",
    "continue_bulk",
    "declare_outage",
    "define_field",
    "discard_draft",
    "drop_checklist",
    "end_outage",
    "fill_fields",
    "follow",
    "follow_contract",
    "give_opinion",
    "group_under",
    "identify_client",
    "index_together",
    "keep_macro",
    "keep_queue",
    "keep_view",
    "link",
    "mark_read",
    "merge_ticket",
    "move_to_queue",
    "note_claim",
    "note_copy",
    "note_normal",
    "note_presence",
    "note_undelivered",
    "open_follow_up",
    "open_ticket",
    "promise_in_queue",
    "read_again",
    "read_stale_documents",
    "remove_view",
    "renew_promises",
    "reply",
    "retire_field",
    "save_draft",
    "set_area",
    "set_parent",
    "set_priority",
    "set_site",
    "set_tags",
    "snooze",
    "solve_children",
    "split_ticket",
    "start_bulk",
    "start_checklist",
    "stretch_ticket",
    "tags_named",
    "take_back_normal",
    "tell_all",
    "tell_due_deadlines",
    "undo_change",
    "undo_merge",
    "unfollow",
    "unlink",
    "use_macro",
    "wake_due_tickets",
    "wake_ticket",
    "why_not_merged",
]
