"""The time of one ticket as its page shows it: entries, sums, and the why of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.access import may_change_entry, visible_on_ticket
from ecuanime.worklog.figures import Totals, totals_of
from ecuanime.worklog.models import EntryState
from ecuanime.worklog.pending import UNDECIDED
from ecuanime.worklog.queries import TicketLine, TicketTime
from ecuanime.worklog.words import Names, Told, names_for, tell

TONES = {
    EntryState.APPROVED: ("check", "ok"),
    EntryState.DISPUTED: ("message-question", "warn"),
    EntryState.REJECTED: ("ban", "bad"),
    EntryState.SETTLED: ("file-import", "dash"),
}


@dataclass(frozen=True)
class TimeLine:
    """An entry with its why; `rounded_minutes` is None while nobody can say (no contract)."""

    line: TicketLine
    steps: Sequence[Told]
    icon: str
    tone: str
    rounded_minutes: int | None
    may_change: bool


@dataclass(frozen=True)
class TicketTimeView:
    """The entries the person may see, the sums over them, and what is still to be drawn for them (hundredths)."""

    lines: list[TimeLine]
    totals: Totals
    would_include: int
    would_take: int
    would_exceed: int
    hidden: int


def ticket_time(user: User, ticket: Ticket, time: TicketTime) -> TicketTimeView:
    """What `user` may see of the time of a ticket, in one query at most."""
    seen = visible_on_ticket(user, (line.entry for line in time.lines))
    shown = [line for line in time.lines if line.entry.pk in seen]
    zone = ticket.contract.time_zone if ticket.contract else timezone.get_current_timezone_name()
    types = {line.entry.work_type.code: str(line.entry.work_type) for line in shown}
    names = names_for(
        (line.figures.trace for line in shown if line.figures),
        zone=zone,
        known=Names(lots=time.lot_codes, work_types=types),
    )
    lines = []
    for line in shown:
        icon, tone = TONES.get(EntryState(line.entry.state), ("clock-pause", "dash"))
        figures = line.figures
        lines.append(
            TimeLine(
                line=line,
                steps=tell(figures.trace, names) if figures else (),
                icon=icon,
                tone=tone,
                rounded_minutes=figures.rounded_minutes if figures else None,
                may_change=may_change_entry(user, line.entry),
            )
        )
    waiting = [line.figures for line in time.lines if line.entry.state in UNDECIDED and line.figures]
    return TicketTimeView(
        lines=lines,
        totals=totals_of((line.entry, line.figures) for line in shown),
        would_include=sum(figures.included for figures in waiting),
        would_take=sum(figures.drawn for figures in waiting),
        would_exceed=sum(figures.overage for figures in waiting),
        hidden=len(time.lines) - len(shown),
    )
