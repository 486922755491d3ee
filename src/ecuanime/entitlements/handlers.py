"""What the room does when hours were drawn."""

from __future__ import annotations

from ecuanime.entitlements.actions import tell_low
from ecuanime.entitlements.events import HoursDrawn
from ecuanime.entitlements.queries import lots_drawn_by
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears


@hears(HoursDrawn)
def tell_what_runs_low(event: HoursDrawn) -> None:
    """The client hears of each lot that the drawing left low; heard again, nobody is told again."""
    for lot in lots_drawn_by(event.movement_id):
        tell_low(lot=lot, now=read_clock())
