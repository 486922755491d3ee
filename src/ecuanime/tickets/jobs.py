"""Jobs of tickets: closing the silent ones, and giving a new one out."""

from __future__ import annotations

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import RETRY, job
from ecuanime.tickets import actions
from ecuanime.tickets.models import BulkRun, Ticket


@job(name="tickets.close_silent_tickets", queue="tickets", queueing_lock="tickets.close_silent_tickets")
def close_silent_tickets(timestamp: int) -> None:
    """Close the solved tickets nobody has written on for the firm's number of days."""
    actions.close_silent_tickets(now=read_clock())


@job(name="tickets.wake_due_tickets", queue="tickets", queueing_lock="tickets.wake_due_tickets")
def wake_due_tickets(timestamp: int) -> None:
    """Bring back the tickets whose moment has come."""
    actions.wake_due_tickets(now=read_clock())


@job(name="tickets.give_out", queue="tickets", retry=RETRY)
def give_out(*, ticket_id: int) -> None:
    """Choose who answers a new ticket."""
    actions.assign_by_policy(ticket=Ticket(pk=ticket_id), now=read_clock())


@job(name="tickets.tell_due_deadlines", queue="tickets", queueing_lock="tickets.tell_due_deadlines")
def tell_due_deadlines(timestamp: int) -> None:
    """Warn of promised times that run out, and note those that are up."""
    actions.tell_due_deadlines(now=read_clock())


@job(name="tickets.read_for_search", queue="tickets", queueing_lock="tickets.read_for_search")
def read_for_search(timestamp: int) -> None:
    """Read again, for search, the tickets and messages whose people, firm or subject have another name now."""
    actions.read_stale_documents()


@job(name="tickets.run_bulk", queue="tickets", retry=RETRY)
def run_bulk(*, run_id: int) -> None:
    """Change the tickets of a run, a few in each transaction, until none is left."""
    run = BulkRun.objects.get(pk=run_id)
    while run.finished_at is None:
        run = actions.continue_bulk(run=run, now=read_clock())
