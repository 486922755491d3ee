"""Time of a former program: worked and settled there, kept here to be looked up and counted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import WorkType
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions.entries import client_of, span_on
from ecuanime.worklog.models import EntryState, TimeEntry


@transaction.atomic
def bring_time(
    *,
    user: User,
    ticket: Ticket,
    work_type: WorkType,
    work_on: date,
    seconds: int,
    now: datetime,
    note: str = "",
) -> TimeEntry:
    """Keep what somebody worked on a day: it has no contract, draws and bills nothing, and never changes.

    Refused: `no_client`, `too_short`, `too_long` (over 24 h), `future`.
    """
    span = span_on(work_on, seconds, now)
    if span.elapsed_seconds < 1:
        raise Refused("too_short", _("This work took no time. Correct its times."))
    entry = TimeEntry.objects.create(
        user=user,
        ticket=ticket,
        client_id=client_of(ticket),
        work_type=work_type,
        work_on=work_on,
        elapsed_seconds=span.elapsed_seconds,
        note=" ".join(note.split())[:300],
        state=EntryState.SETTLED,
        created_at=now,
    )
    record("time_brought", entry, now=now, ticket=ticket.number, work_on=work_on, seconds=seconds)
    return entry
