"""The checklists of a ticket, with what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from ecuanime.procedures.models import Run, RunItem
from ecuanime.tickets.models import Ticket


@dataclass(frozen=True)
class ChecklistOnTicket:
    """A run with its items in order."""

    run: Run
    items: list[RunItem]

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(bool(item.answer) for item in self.items)


def checklists_on(ticket: Ticket) -> list[ChecklistOnTicket]:
    """The ticket's runs in the order in which they began, in one query."""
    items = RunItem.objects.filter(run__ticket_checklist__ticket=ticket)
    found: dict[int, ChecklistOnTicket] = {}
    for item in items.select_related("run", "answered_by").order_by("run_id", "position"):
        found.setdefault(item.run_id, ChecklistOnTicket(item.run, [])).items.append(item)
    return list(found.values())
