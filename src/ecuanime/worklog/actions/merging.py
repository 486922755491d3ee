"""Merging tickets with the time on them, so that what a merge means for hours and incidents is true at its commit.

What was approved stays on the ticket it was approved for, with its rating, rounding and invoice. What was not goes
along. Of two incidents of one contract the merged ticket's is given back; its only one goes along too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.rules.packs import Drawdown
from ecuanime.tickets import actions as tickets
from ecuanime.tickets.models import Merge, Ticket
from ecuanime.worklog.actions.incidents import draw_incident, give_incident_back
from ecuanime.worklog.models import TicketIncident, TimeEntry, Timer
from ecuanime.worklog.pending import UNDECIDED

MOST_MERGED = 20


@transaction.atomic
def merge_tickets(
    *, ticket: Ticket, into: Ticket, by: User, now: datetime, expected_version: int | None = None
) -> Merge:
    """Merge `ticket` into another of the same client, time and incidents included.

    Refused as `tickets.actions.merge_ticket`.
    """
    merge = tickets.merge_ticket(ticket=ticket, into=into, by=by, now=now, expected_version=expected_version)
    entries = _ids(TimeEntry.objects.filter(ticket=ticket, state__in=UNDECIDED))
    timers = _ids(Timer.objects.filter(ticket=ticket))
    TimeEntry.objects.filter(pk__in=entries).update(ticket=into)
    Timer.objects.filter(pk__in=timers).update(ticket=into)
    carried = _carry_incidents(ticket, into)
    reason = _("Merged into #%(number)s.") % {"number": into.number}
    returned = give_incident_back(ticket=ticket, reason=reason, now=now)
    merge.moved |= {
        "entries": entries,
        "timers": timers,
        "incidents": carried,
        "returned": [incident.pk for incident in returned],
    }
    merge.save(update_fields=["moved"])
    return merge


@transaction.atomic
def merge_many(
    *, tickets: Sequence[Ticket], into: Ticket, by: User, now: datetime, versions: Mapping[int, int]
) -> list[Merge]:
    """Merge each of `tickets` into one; when one is refused, none is. `versions` are those somebody saw, by ticket.

    All are locked first, in the order of their keys, so that two such merges never wait for each other. Refuses
    `nothing_chosen`, `too_many` (20), and as `merge_tickets`.
    """
    if not tickets:
        raise Refused("nothing_chosen", _("Choose at least two tickets of which one goes on."))
    if len(tickets) > MOST_MERGED:
        text = _("These are more than %(most)s tickets. Choose fewer.") % {"most": MOST_MERGED}
        raise Refused("too_many", text)
    keys = [into.pk, *(ticket.pk for ticket in tickets)]
    list(Ticket.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return [
        merge_tickets(ticket=each, into=into, by=by, now=now, expected_version=versions.get(each.pk))
        for each in tickets
    ]


@transaction.atomic
def undo_merges(*, merges: Iterable[Merge], by: User, now: datetime) -> list[Merge]:
    """Take several merges into one ticket back, the latest first, all or none. Refused as `undo_merge`."""
    latest_first = sorted(merges, key=lambda merge: merge.pk, reverse=True)
    return [undo_merge(merge=merge, by=by, now=now) for merge in latest_first]


@transaction.atomic
def undo_merge(*, merge: Merge, by: User, now: datetime) -> Merge:
    """Take a merge back with its time: the incident that it gave back is drawn again.

    Refused as `tickets.actions.undo_merge`; `changed_since` also when time was decided on or written meanwhile, and
    as drawing refuses when its pack has nothing left.
    """
    merge = tickets.undo_merge(merge=merge, by=by, now=now)
    ticket, into, moved = merge.merged, merge.into, merge.moved
    entries = TimeEntry.objects.filter(pk__in=moved["entries"], ticket=into, state__in=UNDECIDED)
    incidents = TicketIncident.objects.filter(pk__in=moved["incidents"], ticket=into, given_back_at=None)
    if entries.count() != len(moved["entries"]) or incidents.count() != len(moved["incidents"]):
        text = _("The time of #%(number)s has changed since the merge. It stays as it is.")
        raise Refused("changed_since", text % {"number": into.number})
    entries.update(ticket=ticket)
    incidents.update(ticket=ticket)
    Timer.objects.filter(pk__in=moved["timers"], ticket=into).update(ticket=ticket)
    for returned in TicketIncident.objects.filter(pk__in=moved["returned"]).select_related("contract"):
        draw_incident(ticket, returned.contract, Drawdown(returned.lot_id, 1), now)
    return merge


def _carry_incidents(ticket: Ticket, into: Ticket) -> list[int]:
    """Let the incidents go along under whose contracts the other ticket holds none."""
    there = TicketIncident.objects.filter(ticket=into, given_back_at=None).values("contract")
    alone = _ids(TicketIncident.objects.filter(ticket=ticket, given_back_at=None).exclude(contract__in=there))
    TicketIncident.objects.filter(pk__in=alone).update(ticket=into)
    return alone


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))
