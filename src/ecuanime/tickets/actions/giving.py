"""Whether a ticket is given to somebody by itself, and asking for that once it stands."""

from __future__ import annotations

from ecuanime.staff.queries import gives_out_by_itself
from ecuanime.tickets.models import OPEN_STATES, Queue, Ticket


def is_given_out(ticket: Ticket) -> bool:
    """Whether an open ticket of a known client, had by nobody, is given out: as its queue says, else the firm."""
    if ticket.assignee_id is not None or ticket.client_id is None or ticket.state not in OPEN_STATES:
        return False
    said = ticket.queue.giving_out if ticket.queue else Queue.GivingOut.AS_FIRM
    return gives_out_by_itself() if said == Queue.GivingOut.AS_FIRM else said == Queue.GivingOut.AT_ONCE


def give_out_after_commit(ticket: Ticket) -> None:
    """Ask for somebody to be chosen, where that happens by itself."""
    if not is_given_out(ticket):
        return
    # Imported here because the job stands above the actions.
    from ecuanime.tickets.jobs import give_out

    give_out.defer(ticket_id=ticket.pk)
