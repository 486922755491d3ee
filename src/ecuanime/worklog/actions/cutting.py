"""Cutting entries in two, and keeping them to the terms windows of their ticket."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime

from ecuanime.contracts.queries import in_place_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions.common import day_of
from ecuanime.worklog.events import TimeRecorded
from ecuanime.worklog.models import TermsWindow, TimeEntry
from ecuanime.worklog.queries.contracts import midday_of, windows_of


def hold_windows(ticket: Ticket) -> list[TermsWindow]:
    """The ticket's terms windows, which nobody adds to until this transaction ends."""
    Ticket.objects.select_for_update(no_key=True).filter(pk=ticket.pk).values_list("pk").first()
    return windows_of(ticket)


def twin_of(entry: TimeEntry, now: datetime) -> TimeEntry:
    """A second entry that says the same; pieces counted by the unit stay with the first."""
    twin = copy(entry)
    twin.pk, twin._state.adding = None, True
    twin.units, twin.version, twin.created_at = None, 1, now
    return twin


def fit_to_windows(entry: TimeEntry, windows: Sequence[TermsWindow], now: datetime) -> list[TimeEntry]:
    """Cut an entry, whose row is new or locked, where a window begins inside it, and let each piece fall under its own.

    What counted for the bill is kept as far as it fits. Without windows nothing changes.
    """
    pieces = [entry]
    for window in windows:
        last = pieces[-1]
        if last.started_at is None or last.ended_at is None:
            break
        if last.started_at < window.since < last.ended_at:
            pieces.append(_cut(last, window.since, now))
    for piece in pieces:
        _fall_under(piece, windows)
    for piece in pieces[1:]:
        record("time_cut", piece, now=now, cut_from=entry.pk, at=piece.started_at)
        publish(TimeRecorded(entry_id=piece.pk, ticket_id=piece.ticket_id))
    return pieces


def _cut(entry: TimeEntry, at: datetime, now: datetime) -> TimeEntry:
    """End an entry at an instant inside it; gives the entry that goes on from there."""
    rest, left = twin_of(entry, now), entry.billable_seconds
    entry.ended_at, rest.started_at = at, at
    rest.work_on = day_of(at)
    for row in (entry, rest):
        row.elapsed_seconds = _seconds(row)
        row.billable_seconds = None if left is None else min(left, row.elapsed_seconds)
        left = None if left is None else left - min(left, row.elapsed_seconds)
    entry.version += 1
    entry.save()
    rest.save()
    return rest


def _seconds(entry: TimeEntry) -> int:
    if entry.started_at is None or entry.ended_at is None:
        raise ValueError("only work with clock times is cut")
    return int((entry.ended_at - entry.started_at).total_seconds())


def _fall_under(entry: TimeEntry, windows: Sequence[TermsWindow]) -> None:
    at = entry.started_at or midday_of(entry.work_on)
    window = next((each for each in reversed(windows) if each.since <= at), None)
    if window is None:
        return
    if window.contract is not None:
        entry.contract = in_place_of(window.contract, local_date(at, window.contract.time_zone))
    if window.is_free:
        entry.billable_seconds = 0
    entry.save(update_fields=["contract", "billable_seconds"])
