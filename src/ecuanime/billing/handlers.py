"""What billing hears: that the firm exists, which then knows its taxes."""

from __future__ import annotations

from ecuanime.billing.actions import seed_taxes
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.staff.events import FirmSetUp
from ecuanime.staff.queries import the_firm


@hears(FirmSetUp)
def note_taxes(event: FirmSetUp) -> None:
    """The rates of its country are noted; again changes nothing."""
    seed_taxes(the_firm().country, now=read_clock())
