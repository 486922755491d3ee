"""Shared reads about tickets: inbox, ticket page, search, and what intake looks up."""

from ecuanime.tickets.queries.assignment import Suggestion, suggestion_for
from ecuanime.tickets.queries.checklists import ChecklistOnTicket, checklists_on
from ecuanime.tickets.queries.counters import COUNTED_UP_TO, counts_of, news_in
from ecuanime.tickets.queries.deadlines import Standing, deadline_events_of, deadlines_of, standings
from ecuanime.tickets.queries.fields import Filled, fields_of, ticket_fields
from ecuanime.tickets.queries.history import Change, history_of
from ecuanime.tickets.queries.inbox import (
    listed,
    names_of,
    numbers_listed,
    portal_tickets,
    portal_tickets_among,
    tickets_numbered,
    tickets_of_client,
)
from ecuanime.tickets.queries.joined import Related, merge_to_undo, related_to
from ecuanime.tickets.queries.listings import ORDERS, Listing, Source, View, rows_of
from ecuanime.tickets.queries.lookups import (
    fits,
    newest_inbound,
    proposed_contract,
    reply_recipients,
    survivor_of,
    takes_part,
    ticket_by_message_ids,
    ticket_by_token,
)
from ecuanime.tickets.queries.macros import macros_for
from ecuanime.tickets.queries.outages import affected_by, outage_lines, outage_of
from ecuanime.tickets.queries.own_lists import queue_for, queues_for, saved_view_for, saved_views_for
from ecuanime.tickets.queries.page import (
    ThreadEntry,
    TicketPage,
    attachment_for,
    follow_ups_of,
    lines_of,
    thread_before,
    thread_for_client,
    thread_since,
    ticket_page,
    ticket_with_surroundings,
)
from ecuanime.tickets.queries.presence import Present, others_present
from ecuanime.tickets.queries.satisfaction import (
    Satisfaction,
    opinion_of,
    opinions_between,
    satisfaction_between,
)
from ecuanime.tickets.queries.search import Found, Hit, search, search_tickets
from ecuanime.tickets.queries.versions import Versions, versions

__all__ = [
    "COUNTED_UP_TO",
    "ORDERS",
    "Change",
    "ChecklistOnTicket",
    "Filled",
    "Found",
    "Hit",
    "Listing",
    "Present",
    "Related",
    "Satisfaction",
    "Source",
    "Standing",
    "Suggestion",
    "ThreadEntry",
    "TicketPage",
    "Versions",
    "View",
    "affected_by",
    "attachment_for",
    "checklists_on",
    "counts_of",
    "deadline_events_of",
    "deadlines_of",
    "fields_of",
    "fits",
    "follow_ups_of",
    "history_of",
    "lines_of",
    "listed",
    "macros_for",
    "merge_to_undo",
    "names_of",
    "newest_inbound",
    "news_in",
    "numbers_listed",
    "opinion_of",
    "opinions_between",
    "others_present",
    "outage_lines",
    "outage_of",
    "portal_tickets",
    "portal_tickets_among",
    "proposed_contract",
    "queue_for",
    "queues_for",
    "related_to",
    "reply_recipients",
    "rows_of",
    "satisfaction_between",
    "saved_view_for",
    "saved_views_for",
    "search",
    "search_tickets",
    "standings",
    "suggestion_for",
    "survivor_of",
    "takes_part",
    "thread_before",
    "thread_for_client",
    "thread_since",
    "ticket_by_message_ids",
    "ticket_by_token",
    "ticket_fields",
    "ticket_page",
    "ticket_with_surroundings",
    "tickets_numbered",
    "tickets_of_client",
    "versions",
]
