"""What notices hears: that regular work was left undone."""

from __future__ import annotations

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.foundation.rounds import RowsLeftDue
from ecuanime.notices.actions import tell_left_due


@hears(RowsLeftDue)
def rows_were_left(event: RowsLeftDue) -> None:
    """Administrators can look at what failed."""
    tell_left_due(left=event, now=read_clock())
