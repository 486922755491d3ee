"""Jobs of the firm."""

from __future__ import annotations

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.staff.actions import load_public_holidays
from ecuanime.staff.queries import current_firm, has_holidays_in


@job(name="staff.note_next_years_holidays", queue="default")
def note_next_years_holidays(timestamp: int) -> None:
    """Once the list lacks the coming year, note its public holidays; a list somebody has edited stays as it is."""
    firm = current_firm()
    now = read_clock()
    if firm is not None and not has_holidays_in(now.astimezone(firm.zone).year + 1):
        load_public_holidays(now=now)
