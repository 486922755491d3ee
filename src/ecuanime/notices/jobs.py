"""The regular job of notices."""

from __future__ import annotations

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.notices import actions


@job(name="notices.send_due_bundles", queue="mail", queueing_lock="notices.send_due_bundles")
def send_due_bundles(timestamp: int) -> None:
    """Send what has gathered for long enough, and what a dead worker left behind."""
    actions.send_due_bundles(now=read_clock())
