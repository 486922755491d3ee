"""The one module that touches the job queue (procrastinate): every job is declared through `job`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Max, Min
from procrastinate import App, JobContext, RetryStrategy
from procrastinate import periodic as scheduling
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

MOST_ATTEMPTS = 8
URGENT = 10
"""The priority of a job for which somebody waits whose business stands still: it takes the next place that is free."""
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4)

job = app.task
periodic = app.periodic

_held_back: ContextVar[bool] = ContextVar("held_back", default=False)


class _PatientManager(JobManager):
    """Puts jobs into the queue, except those asked for inside `held_back`."""

    def batch_defer_jobs(self, jobs: list[Job], connection: Any | None = None) -> list[Job]:
        """The jobs with their ids; held back they get −1 and are forgotten."""
        if _held_back.get():
            return [each.evolve(id=-1) for each in jobs]
        return super().batch_defer_jobs(jobs, connection)


class Scheduler(scheduling.PeriodicDeferrer):
    """Asks for the latest run of each regular job, once, whichever way the clock was set meanwhile.

    Procrastinate's own waits after a clock was set back until it is past what it asked for last, and runs no regular
    job for so long; set forward, it asks for every run that was left out. Each job finds by itself what has fallen due.
    """

    def get_timestamps(
        self, periodic_task: scheduling.PeriodicTask[..., Any, ...], since: int | None, until: float
    ) -> Iterable[int]:
        """The run to ask for at `until`, in seconds of Unix time; none when that one was asked for `since`."""
        if since is None:
            return super().get_timestamps(periodic_task, None, until)
        runs = periodic_task.croniter
        runs.set_current(start_time=until)
        latest = round(runs.get_prev(ret_type=float))
        return [] if latest == since else [latest]


def lay_out(queue: App) -> None:
    """Give the queue the house's manager and scheduler; called once it is ready.

    A worker makes its scheduler from a name in procrastinate's own module, so ours is put there. What of procrastinate
    has to stay as it is for that, `tests/rooms/foundation/test_regular_jobs.py` asks at every new version.
    """
    queue.job_manager = _PatientManager(queue.connector)
    scheduling.PeriodicDeferrer = Scheduler  # type: ignore[misc]  # a worker has no other place to take it from


@contextmanager
def held_back() -> Iterator[None]:
    """Nothing asked for inside the block, by this thread, is ever queued: the caller does that work itself.

    For what is written as of the past, whose jobs would act at today's hour.
    """
    before = _held_back.set(True)
    try:
        yield
    finally:
        _held_back.reset(before)


def queue_once(task: Task[[], Any, []]) -> bool:
    """Queue a job that has a queueing lock; False when one like it waits already."""
    try:
        with transaction.atomic():
            task.defer()
    except AlreadyEnqueued:
        return False
    return True


def forget_waiting_jobs() -> None:
    """Drop every job that waits: what they were to act on is gone."""
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


@job(name="foundation.note_end_of_audit_trail", queue="events", queueing_lock="foundation.audit_trail")
def note_end_of_audit_trail(timestamp: int) -> None:
    """Let the audit trail's witness see its newest entry."""
    from ecuanime.foundation.witness import note_end_of_trail

    note_end_of_trail()


@job(
    name="foundation.retry_stalled_jobs",
    queue="events",
    queueing_lock="foundation.retry_stalled_jobs",
    pass_context=True,
)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Do again what a worker was at when it died; one that died with it again and again is given up."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs():
        try:
            if stalled.attempts < MOST_ATTEMPTS:
                await manager.retry_job(stalled)
                continue
        except UniqueViolation:
            pass  # another one that does the same work waits already
        await manager.finish_job(stalled, Status.FAILED, delete_job=False)


class FilesInUse(Exception):
    """Files have to stay for a moment, because some are being stored or backed up: the job is tried again."""


@job(name="foundation.remove_file", queue="events", retry=RETRY)
def remove_file(*, digest: str) -> None:
    """Remove the bytes of a file that was forgotten."""
    from ecuanime.foundation.files import remove

    if not remove(digest):
        raise FilesInUse(digest)


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
