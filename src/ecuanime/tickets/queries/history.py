"""All that was done to a ticket, as the audit trail holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ecuanime.foundation.models import AuditEntry
from ecuanime.foundation.paging import Page, page_of
from ecuanime.tickets.models import Ticket


@dataclass(frozen=True)
class Change:
    """One thing done to a ticket: who did it (`name`), when, and the network address they came from, if any."""

    at: datetime
    name: str
    address: str
    verb: str
    data: Mapping[str, Any]


def history_of(ticket: Ticket, *, after: str = "", size: int = 50) -> Page[Change]:
    """A page of a ticket's history, the newest first, in one query."""
    entries = AuditEntry.objects.filter(object_kind="tickets.ticket", object_id=str(ticket.pk))
    page = page_of(entries, order=("-id",), after=after, size=size)
    return Page([_change(entry) for entry in page.rows], page.next)


def _change(entry: AuditEntry) -> Change:
    data = json.loads(entry.body).get("data", {})
    return Change(entry.at, entry.actor_name, entry.address or "", entry.verb, data)
