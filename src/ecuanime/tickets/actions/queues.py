"""Making queues, closing them, and moving tickets between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.actions import set_service_level
from ecuanime.delivery.models import Mailbox
from ecuanime.delivery.text import one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Team
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import leave_line, lock, refuse_closed, save
from ecuanime.tickets.actions.giving import give_out_after_commit
from ecuanime.tickets.models import Priority, Queue, Ticket


@transaction.atomic
def keep_queue(
    *,
    queue: Queue | None,
    name: str,
    now: datetime,
    team: Team | None = None,
    mailbox: Mailbox | None = None,
    default_priority: int = Priority.NORMAL,
    giving_out: str = Queue.GivingOut.AS_FIRM,
    position: int = 0,
    is_active: bool = True,
) -> Queue:
    """Make a queue, or change `queue` into this. Tickets that lie in it stay as they are.

    Refuses `no_name`, `queue_known` (another has that name), `mailbox_taken`, `bad_priority` and `bad_giving_out`.
    """
    name = one_line(name, 60).strip()
    others = Queue.objects.exclude(pk=queue.pk) if queue else Queue.objects.all()
    if not name:
        raise Refused("no_name", _("A queue needs a name."))
    if others.filter(name__iexact=name).exists():
        raise Refused("queue_known", _("There is a queue with that name already."))
    if mailbox is not None and others.filter(mailbox=mailbox).exists():
        raise Refused("mailbox_taken", _("What comes to that mailbox lands in another queue already."))
    if default_priority not in Priority.values:
        raise Refused("bad_priority", _("There is no such priority. Choose one from the list."))
    if giving_out not in Queue.GivingOut.values:
        raise Refused("bad_giving_out", _("Say whether its tickets are given to somebody, from the list."))
    kept = queue or Queue()
    kept.name, kept.team, kept.mailbox, kept.position = name, team, mailbox, position
    kept.default_priority, kept.giving_out, kept.is_active = default_priority, giving_out, is_active
    kept.save()
    audit.record("queue_kept", kept, now=now, name=name, team=str(team or ""), mailbox=str(mailbox or ""))
    return kept


@transaction.atomic
def promise_in_queue(*, queue: Queue, now: datetime, **terms: Any) -> Queue:
    """Promise these times in a queue to whoever has no terms of their own: as `contracts.actions.set_service_level`."""
    queue = Queue.objects.select_for_update(of=("self",)).select_related("service_level").get(pk=queue.pk)
    queue.service_level = set_service_level(of_queue=True, level=queue.service_level, now=now, **terms)
    queue.save(update_fields=["service_level"])
    audit.record("queue_promises", queue, now=now, name=queue.name)
    return queue


@transaction.atomic
def move_to_queue(
    *,
    ticket: Ticket,
    queue: Queue | None,
    by: User | None,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Put a ticket into a queue, or into none: what that one promises counts from now on.

    Where its tickets are given out, somebody is looked for. Refuses `stale`, `closed` and `queue_closed`.
    """
    ticket = lock(ticket, expected_version)
    if ticket.queue_id == (queue.pk if queue else None):
        return ticket
    refuse_closed(ticket)
    if queue is not None and not queue.is_active:
        text = _("Queue “%(name)s” takes nothing new. Choose another.")
        raise Refused("queue_closed", text % {"name": queue.name})
    before, ticket.queue = ticket.queue, queue
    keep_clocks(ticket, now=now)
    save(ticket)
    leave_line(ticket, "queue", before or "", queue or "", by=by, now=now)
    give_out_after_commit(ticket)
    return ticket
