"""Terms windows: from an instant on a ticket's work falls under another contract, and what spans the instant is cut."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions.cutting import fit_to_windows, hold_windows
from ecuanime.worklog.actions.entries import span_between, write_entry
from ecuanime.worklog.models import EntryState, TermsWindow, TimeEntry, Timer
from ecuanime.worklog.queries.contracts import FREE_STATES, windows_of
from ecuanime.worklog.rating import with_relations


@transaction.atomic
def open_window(
    *,
    ticket: Ticket,
    since: datetime,
    contract: Contract | None,
    now: datetime,
    is_free: bool = False,
    bills_apart: bool = False,
) -> TermsWindow:
    """Let the ticket's work from an instant on fall under a contract; `is_free` work counts nothing for the bill.

    Time recorded before under no contract falls under this one, as free as it was. A timer that runs across the instant
    is recorded up to it and runs on; entries nobody has reviewed are cut at it. With `bills_apart` invoice runs leave
    the ticket's time out. The same instant again is a no-op.
    Refused: `reviewed_across` (reviewed work spans it or lies after it).
    """
    hold_windows(ticket)
    known = TermsWindow.objects.filter(ticket=ticket, since=since).first()
    if known is not None:
        return known
    _refuse_reviewed(ticket, since)
    for timer in Timer.objects.select_for_update(of=("self",)).filter(ticket=ticket, started_at__lt=since):
        _record_until(timer, since, now)
    window = TermsWindow.objects.create(
        ticket=ticket,
        since=since,
        contract=contract,
        is_free=is_free,
        bills_apart=bills_apart,
        created_at=now,
    )
    if contract is not None:
        _name_contract(ticket, contract)
    number = contract.number if contract else None
    record("terms_window_opened", ticket, now=now, since=since, contract=number, is_free=is_free)
    windows = windows_of(ticket)
    rows = _touched(ticket, since).filter(state__in=FREE_STATES, corrects=None)
    for entry in list(with_relations(rows.select_for_update(of=("self",), no_key=True)).order_by("id")):
        fit_to_windows(entry, windows, now)
    return window


@transaction.atomic
def bill_with_the_rest(*, ticket: Ticket, now: datetime) -> None:
    """Let invoice runs take the ticket's time again; what is billed stays where it is."""
    if TermsWindow.objects.filter(ticket=ticket, bills_apart=True).update(bills_apart=False):
        record("billed_with_the_rest", ticket, now=now)


def _name_contract(ticket: Ticket, contract: Contract) -> None:
    TermsWindow.objects.filter(ticket=ticket, contract=None).update(contract=contract)
    nameless = TimeEntry.objects.filter(ticket=ticket, contract=None, state__in=FREE_STATES)
    nameless.update(contract=contract)


def _touched(ticket: Ticket, since: datetime) -> QuerySet[TimeEntry]:
    """The ticket's work with clock times that reaches beyond an instant."""
    return TimeEntry.objects.filter(Q(ended_at__gt=since), ticket=ticket)


def _refuse_reviewed(ticket: Ticket, since: datetime) -> None:
    decided = (EntryState.REVIEWED, EntryState.DISPUTED, EntryState.APPROVED)
    if _touched(ticket, since).filter(state__in=decided).exists():
        raise Refused(
            "reviewed_across",
            _(
                "Work of this ticket that was reviewed already reaches beyond that moment. Choose a later one, or hand "
                "that work back first."
            ),
        )


def _record_until(timer: Timer, since: datetime, now: datetime) -> None:
    """Turn what a running timer has counted up to an instant into an entry; it goes on from there."""
    span = span_between(timer.started_at, since, now)
    if span.elapsed_seconds >= 1:
        write_entry(
            user=timer.user,
            ticket=timer.ticket,
            work_type=timer.work_type,
            span=span,
            note=timer.note,
            now=now,
        )
    timer.started_at = since
    timer.save(update_fields=["started_at"])
