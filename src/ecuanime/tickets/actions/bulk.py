"""Changing many tickets at once: a few while one waits, thousands as a job, each refusal told and none in the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.actions.together import Changes, change_together, use_macro
from ecuanime.tickets.models import BulkRun, Macro, Ticket

MOST_TICKETS = 5_000
AT_ONCE = 50


@transaction.atomic
def start_bulk(
    *, tickets: Iterable[int], changes: Changes, by: User, now: datetime, macro: Macro | None = None
) -> BulkRun:
    """Note that these tickets (keys) shall change; `continue_bulk` does it. What `by` may not see is left out.

    Refuses `nothing_chosen`, `no_change`, `too_many` (5,000) and as `Changes.require_known` does.
    """
    wanted = list(dict.fromkeys(tickets))
    if len(wanted) > MOST_TICKETS:
        text = _("These are more than %(most)s tickets. Narrow the list first.")
        raise Refused("too_many", text % {"most": MOST_TICKETS})
    visible = set(visible_tickets(by).filter(pk__in=wanted).values_list("pk", flat=True))
    keys = [key for key in wanted if key in visible]
    if not keys:
        raise Refused("nothing_chosen", _("Choose at least one ticket."))
    if not changes and macro is None:
        raise Refused("no_change", _("Say what shall change."))
    changes.require_known()
    run = BulkRun.objects.create(by=by, tickets=keys, changes=changes.as_json(), macro=macro, started_at=now)
    audit.record("tickets_changed_together", run, now=now, tickets=len(keys), changes=run.changes)
    return run


@transaction.atomic
def continue_bulk(*, run: BulkRun, now: datetime, at_most: int = AT_ONCE) -> BulkRun:
    """Take the next tickets of a run, each by itself; a repeat goes on where the last one ended."""
    run = BulkRun.objects.select_for_update(of=("self",)).select_related("by", "macro").get(pk=run.pk)
    with translation.override(run.by.language):
        for key in run.tickets[run.done : run.done + at_most]:
            refusal = _change(run, key, now)
            if refusal:
                run.refused.append(refusal)
            run.done += 1
    if run.done >= run.total and run.finished_at is None:
        run.finished_at = now
    run.save()
    return run


def _change(run: BulkRun, key: int, now: datetime) -> list[object] | None:
    """Change one; a refusal comes back as the ticket's number and the reason."""
    ticket = Ticket.objects.get(pk=key)
    try:
        with transaction.atomic():
            if run.macro is not None:
                use_macro(ticket=ticket, macro=run.macro, by=run.by, now=now)
            change_together(ticket=ticket, changes=Changes.of(run.changes), by=run.by, now=now)
    except Refused as refusal:
        return [ticket.number, str(refusal)]
    return None
