"""The words that say which tickets: one language for addresses, the API and saved views, see docs/how-to/filters.md."""

from ecuanime.tickets.filters.language import Query, Term, Unreadable, Value, read_query
from ecuanime.tickets.filters.translation import matching

__all__ = ["Query", "Term", "Unreadable", "Value", "matching", "read_query"]
