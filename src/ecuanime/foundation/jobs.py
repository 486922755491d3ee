"""The one module that touches the job queue (procrastinate): every job is declared through `job`."""

from __future__ import annotations

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)

job = app.task
periodic = app.periodic


@job(name="foundation.deliver", queue="events", retry=RETRY)
def deliver(*, handler: str, event: str, facts: dict[str, Any]) -> None:
    """Bring one published event to one of its handlers."""
    from ecuanime.foundation.events import hand_over

    hand_over(handler, event, facts)
