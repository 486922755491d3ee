"""What the catalogue does when it hears from the firm."""

from __future__ import annotations

from ecuanime.contracts.actions import provide_basics
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.staff.events import FirmSetUp


@hears(FirmSetUp)
def lay_out_basics(event: FirmSetUp) -> None:
    """A new firm finds the usual work types and coverage calendars; again changes nothing."""
    provide_basics(now=read_clock())
