"""Noting that the client's service is normal again, or is not after all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import leave_line, lock, refuse_closed, save
from ecuanime.tickets.clocks import NORMAL
from ecuanime.tickets.models import Ticket


@transaction.atomic
def note_normal(*, ticket: Ticket, by: User, now: datetime, at: datetime | None = None) -> Ticket:
    """Note since when service is normal again (now, unless `at` says when): its clock stops there.

    Refuses `closed`, `already_normal` and `bad_moment` (before the ticket was opened, or still to come).
    """
    ticket, since = lock(ticket), at or now
    refuse_closed(ticket)
    if ticket.normal_at is not None:
        raise Refused("already_normal", _("It is noted already that service is normal again."))
    if not ticket.created_at <= since <= now:
        text = _(
            "Service became normal between the opening of the ticket and now: choose a moment in between."
        )
        raise Refused("bad_moment", text)
    ticket.normal_at = since
    leave_line(ticket, NORMAL, "", since.isoformat(), by=by, now=now)
    keep_clocks(ticket, now=now)
    save(ticket)
    return ticket


@transaction.atomic
def take_back_normal(*, ticket: Ticket, by: User, now: datetime) -> Ticket:
    """Note that service is not normal after all: its clock goes on from now. Refuses `closed` and `not_normal`."""
    ticket = lock(ticket)
    refuse_closed(ticket)
    if ticket.normal_at is None:
        raise Refused("not_normal", _("Nobody has noted that service is normal again."))
    before, ticket.normal_at = ticket.normal_at, None
    leave_line(ticket, NORMAL, before.isoformat(), "", by=by, now=now)
    keep_clocks(ticket, now=now)
    save(ticket)
    return ticket
