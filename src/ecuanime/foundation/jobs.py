"""The one module that touches the job queue (procrastinate): every job is declared through `job`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max, Min
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


def worker_seen_at() -> datetime | None:
    """When a worker last said that it runs; None when there is none."""
    from procrastinate.contrib.django.models import ProcrastinateWorker

    seen: datetime | None = ProcrastinateWorker.objects.aggregate(seen=Max("last_heartbeat"))["seen"]
    return seen


def oldest_waiting_job(now: datetime) -> datetime | None:
    """Since when the job has waited that has been due the longest at `now`; None when none is due."""
    from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(status="todo")
    planned: datetime | None = waiting.filter(scheduled_at__lte=now).aggregate(at=Min("scheduled_at"))["at"]
    first = waiting.filter(scheduled_at=None).order_by("pk").values("pk")[:1]
    asked = ProcrastinateEvent.objects.filter(job__in=first, type="deferred").aggregate(at=Min("at"))["at"]
    return min((at for at in (planned, asked) if at is not None), default=None)
