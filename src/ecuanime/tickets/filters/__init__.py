"""The words that say which tickets: one language for addresses, the API and saved views, see docs/how-to/filters.md."""

from ecuanime.tickets.filters.asking import Asker
from ecuanime.tickets.filters.completion import Offer, offers
from ecuanime.tickets.filters.language import LONGEST_QUERY, Query, Term, Unreadable, Value, read_query
from ecuanime.tickets.filters.translation import (
    groups_of,
    hangs_on_time,
    matching,
    matching_for,
    speaks_of_snoozed,
)

__all__ = [
    "LONGEST_QUERY",
    "Asker",
    "Offer",
    "Query",
    "Term",
    "Unreadable",
    "Value",
    "groups_of",
    "hangs_on_time",
    "matching",
    "matching_for",
    "offers",
    "read_query",
    "speaks_of_snoozed",
]
