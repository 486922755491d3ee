"""The job of the API: forget what nobody asks for again."""

from __future__ import annotations

from ecuanime.api.once import forget_answers
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job


@job(name="api.forget_old_answers", queue="maintenance", queueing_lock="api.forget_old_answers")
def forget_old_answers(timestamp: int) -> None:
    """Drop the answers whose keys have been kept long enough."""
    forget_answers(now=read_clock())
