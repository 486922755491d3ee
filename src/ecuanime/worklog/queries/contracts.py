"""The contract that work belongs to, and time as a contract that ends has to know it."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import in_place_of
from ecuanime.rules.calendars import end_of_day, local_date
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.models import Ticket
from ecuanime.tickets.queries import proposed_contract
from ecuanime.worklog.models import EntryState, RatedSegment, TermsWindow, TimeEntry

UNDECIDED_STATES = (EntryState.OPEN, EntryState.CLOSED, EntryState.REVIEWED, EntryState.DISPUTED)
FREE_STATES = (EntryState.OPEN, EntryState.CLOSED)
"""Of which nobody has approved anything yet."""


def contract_for(ticket: Ticket, *, at: datetime) -> Contract | None:
    """What the ticket's terms window says for the moment of the work; else the ticket's contract, or the one in its
    place then; else the client's that fits.

    It may have none.
    """
    window = window_at(ticket, at)
    if window is not None and window.contract is not None:
        return in_place_of(window.contract, local_date(at, window.contract.time_zone))
    if ticket.contract is None:
        return proposed_contract(ticket.client, ticket.area, ticket.site, now=at)
    return in_place_of(ticket.contract, local_date(at, ticket.contract.time_zone))


def windows_of(ticket: Ticket) -> list[TermsWindow]:
    """The ticket's terms windows, the earliest first; almost every ticket has none."""
    windows = TermsWindow.objects.filter(ticket=ticket).select_related("contract")
    return list(windows.order_by("since"))


def window_at(ticket: Ticket, at: datetime) -> TermsWindow | None:
    """The terms window that holds at an instant."""
    windows = TermsWindow.objects.filter(ticket=ticket, since__lte=at).select_related("contract")
    return windows.order_by("-since").first()


def midday_of(day: date) -> datetime:
    """An instant of the firm's day, for work that says only its day."""
    return datetime.combine(day, time(12), the_firm().zone)


def open_time(contract: Contract) -> QuerySet[TimeEntry]:
    """The work under a contract that is neither approved nor rejected, the earliest first."""
    entries = TimeEntry.objects.filter(contract=contract, state__in=UNDECIDED_STATES)
    return entries.select_related("ticket", "user", "area", "site").order_by("work_on", "id")


def held_segments(contract: Contract) -> QuerySet[RatedSegment]:
    """What of the approved work under a contract waits for a person before it is charged."""
    return RatedSegment.objects.filter(
        rating__contract=contract,
        rating__superseded_at=None,
        rating__entry__state=EntryState.APPROVED,
    ).exclude(held_reason="")


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
