"""The one module that touches the job queue (procrastinate): every job is declared through `job`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Max, Min
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)

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


def lay_out(queue: App) -> None:
    """Give the queue the house's manager; called once it is ready."""
    queue.job_manager = _PatientManager(queue.connector)


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
