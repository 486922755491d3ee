"""Going through checklists on a ticket; one that blocks lets it be solved only when it is done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.procedures import actions as procedures
from ecuanime.procedures.models import Checklist, Run, RunItem
from ecuanime.procedures.queries import items_that_block
from ecuanime.tickets.actions.common import leave_line, lock, refuse_closed, save
from ecuanime.tickets.models import Ticket, TicketChecklist


@transaction.atomic
def start_checklist(*, ticket: Ticket, checklist: Checklist, by: User, now: datetime) -> Run:
    """Begin a checklist on a ticket. Refuses `closed`, `retired` and `begun` (it is being gone through already)."""
    ticket = lock(ticket)
    refuse_closed(ticket)
    if ticket.checklists.filter(run__checklist=checklist).exists():
        text = _("“%(name)s” is on this ticket already.")
        raise Refused("begun", text % {"name": checklist.name})
    run = procedures.start_run(checklist=checklist, by=by, now=now)
    TicketChecklist.objects.create(ticket=ticket, run=run)
    save(ticket)
    leave_line(ticket, "checklist", "", run.name, by=by, now=now)
    return run


@transaction.atomic
def answer_checklist(*, ticket: Ticket, item: RunItem, answer: str, by: User, now: datetime) -> RunItem:
    """Answer an item of one of the ticket's checklists. Refuses `closed`, `not_here`, and as `answer_item`."""
    ticket = lock(ticket)
    refuse_closed(ticket)
    if not ticket.checklists.filter(run=item.run_id).exists():
        raise Refused("not_here", _("That checklist is not on this ticket."))
    before = item.answer
    answered = procedures.answer_item(item=item, answer=answer, by=by, now=now)
    if answered.answer != before:
        leave_line(ticket, "checklist_item", answered.text, answered.answer, by=by, now=now)
    return answered


@transaction.atomic
def drop_checklist(*, ticket: Ticket, run: Run, by: User, now: datetime) -> None:
    """Take a checklist off a ticket with its answers; the history keeps them. Refuses `closed`."""
    ticket = lock(ticket)
    refuse_closed(ticket)
    if TicketChecklist.objects.filter(ticket=ticket, run=run).exists():
        name = run.name
        run.delete()
        save(ticket)
        leave_line(ticket, "checklist", name, "", by=by, now=now)


def refuse_unfinished(ticket: Ticket) -> None:
    """Refuse `checklist_open` while a checklist that blocks has required items without an answer."""
    missing = items_that_block().filter(run__ticket_checklist__ticket=ticket).count()
    if missing:
        text = ngettext(
            "#%(number)s cannot be solved yet: %(count)s item of its checklists has no answer.",
            "#%(number)s cannot be solved yet: %(count)s items of its checklists have no answer.",
            missing,
        )
        raise Refused("checklist_open", text % {"number": ticket.number, "count": missing})
