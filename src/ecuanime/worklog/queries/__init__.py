"""Shared reads about time, each with a constant number of queries."""

from ecuanime.worklog.queries.billable import billable_segments, clients_with_billable_time, priced_segments
from ecuanime.worklog.queries.client import (
    AwaitingDay,
    ClientHours,
    client_hours,
    entries_awaiting,
    entries_by_cause,
    portal_entries,
)
from ecuanime.worklog.queries.cuts import (
    ClientCut,
    CutDay,
    CutPage,
    cut_days,
    cut_page,
    days_to_close,
    due_cuts,
    open_disputes,
)
from ecuanime.worklog.queries.day import (
    DayLine,
    Gap,
    MyDay,
    StuckTimer,
    UsualWork,
    entries_between,
    my_day,
    overlaps_of,
    running_timer,
    stuck_timers,
    usual_work,
)
from ecuanime.worklog.queries.lines import EntryLine, lines_of, totals_of_lines
from ecuanime.worklog.queries.register import Register, RegisterDay, month_register
from ecuanime.worklog.queries.tickets import TicketLine, TicketTime, entry_line, time_of_ticket

__all__ = [
    "AwaitingDay",
    "ClientCut",
    "ClientHours",
    "CutDay",
    "CutPage",
    "DayLine",
    "EntryLine",
    "Gap",
    "MyDay",
    "Register",
    "RegisterDay",
    "StuckTimer",
    "TicketLine",
    "TicketTime",
    "UsualWork",
    "billable_segments",
    "client_hours",
    "clients_with_billable_time",
    "cut_days",
    "cut_page",
    "days_to_close",
    "due_cuts",
    "entries_awaiting",
    "entries_between",
    "entries_by_cause",
    "entry_line",
    "lines_of",
    "month_register",
    "my_day",
    "open_disputes",
    "overlaps_of",
    "portal_entries",
    "priced_segments",
    "running_timer",
    "stuck_timers",
    "time_of_ticket",
    "totals_of_lines",
    "usual_work",
]
