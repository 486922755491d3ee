"""What is owed both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ecuanime.clients.models import Client


@dataclass(frozen=True)
class Receivables:
    """Figures in minor units of one currency. `to_give_back` is what clients paid above what they owe.

    `unbilled` is approved and on no draft nor invoice yet, half-up once; `drafts` is what drafts come to with tax.
    """

    currency: str
    owed: int
    owed_count: int
    overdue: int
    overdue_count: int
    oldest_due_on: date | None
    to_give_back: int
    drafts: int
    draft_count: int
    unbilled: int
    unbilled_clients: int


def receivables(*, today: date, client: Client | None = None) -> list[Receivables]:
    """What is owed, by currency (the firm's first), of all clients or one; a constant number of queries."""
    raise NotImplementedError
