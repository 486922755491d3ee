"""Time as a contract that ends has to know it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from ecuanime.contracts.models import Contract
from ecuanime.rules.calendars import end_of_day
from ecuanime.worklog.models import EntryState, TimeEntry

UNDECIDED_STATES = (EntryState.OPEN, EntryState.CLOSED, EntryState.REVIEWED, EntryState.DISPUTED)
FREE_STATES = (EntryState.OPEN, EntryState.CLOSED)
"""Of which nobody has approved anything yet."""


def open_time(contract: Contract) -> QuerySet[TimeEntry]:
    """The work under a contract that is neither approved nor rejected, the earliest first."""
    entries = TimeEntry.objects.filter(contract=contract, state__in=UNDECIDED_STATES)
    return entries.select_related("ticket", "user", "area").order_by("work_on", "id")


def entries_across(contract: Contract, instant: datetime) -> QuerySet[TimeEntry]:
    """The work not approved yet that began before an instant and lasted beyond it."""
    return open_time(contract).filter(started_at__lt=instant, ended_at__gt=instant)


def time_after(contract: Contract) -> QuerySet[TimeEntry]:
    """The work not reviewed yet that was done after the contract's last day; none while it has no last day."""
    entries = TimeEntry.objects.filter(contract=contract, state__in=FREE_STATES)
    if contract.ends_on is None:
        return entries.none()
    over = end_of_day(contract.ends_on, contract.time_zone)
    late = Q(started_at__gte=over) | Q(started_at=None, work_on__gt=contract.ends_on)
    return entries.filter(late).order_by("id")
