"""Regular jobs go on whatever the clock does, and what a worker was at when it died is done again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from inspect import signature
from typing import Any

import pytest
from django.db import connection
from procrastinate import App, periodic
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.testing import InMemoryConnector

from ecuanime.config.periodic import REGULAR_JOBS, Regular
from ecuanime.delivery.jobs import send_due_mails, send_mail
from ecuanime.foundation.jobs import MOST_ATTEMPTS, Scheduler, _PatientManager, retry_stalled_jobs

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC).timestamp()
HOUR, DAY = 3600, 86400
Original = Scheduler.__bases__[0]


def scheduler(cron: str, kind: type[periodic.PeriodicDeferrer] = Scheduler) -> periodic.PeriodicDeferrer:
    """One of a queue with one regular job."""
    queue = App(connector=InMemoryConnector())

    @queue.periodic(cron=cron)
    @queue.task(name="look")
    def look(timestamp: int) -> None:
        """Nothing: it is only asked for."""

    return kind(registry=queue.periodic_registry)


def asked(of: periodic.PeriodicDeferrer, at: float) -> list[float]:
    """The runs that are asked for half a second after a moment, against noon."""
    return [moment - NOON for _job, moment in of.get_previous_tasks(at=at + 0.5)]


def test_a_worker_takes_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Scheduler] = []

    async def note(ours: Scheduler) -> None:
        taken.append(ours)

    monkeypatch.setattr(Scheduler, "worker", note)
    App(connector=InMemoryConnector()).run_worker(wait=False, install_signal_handlers=False)
    assert len(taken) == 1, (
        f"procrastinate {version('procrastinate')} takes its scheduler from elsewhere: lay_out"
    )


@pytest.mark.parametrize(
    ("theirs", "ours", "takes"),
    [
        (Original.get_timestamps, Scheduler.get_timestamps, ["self", "periodic_task", "since", "until"]),
        (JobManager.batch_defer_jobs, _PatientManager.batch_defer_jobs, ["self", "jobs", "connection"]),
    ],
)
def test_what_ours_stands_in_for_is_called_as_before(
    theirs: Callable[..., object], ours: Callable[..., object], takes: list[str]
) -> None:
    """A new version of procrastinate may change what ours stands in for: `ecuanime.foundation.jobs` has to follow."""
    found = [list(signature(each).parameters) for each in (theirs, ours)]
    assert found == [takes, takes], (
        f"procrastinate {version('procrastinate')} calls {theirs.__qualname__} otherwise"
    )


def test_each_run_is_asked_for_once() -> None:
    ours = scheduler("* * * * *")
    runs = [asked(ours, NOON + second) for second in (0, 20, 60, 60, 120)]
    assert runs == [[0], [], [60], [], [120]]


@pytest.mark.parametrize("step", [HOUR, DAY])
def test_set_back_it_goes_on_at_once(step: int) -> None:
    ours, theirs = scheduler("* * * * *"), scheduler("* * * * *", Original)
    for each in (ours, theirs):
        assert asked(each, NOON) == [0]
    back = NOON - step
    assert [asked(ours, back + second) for second in (0, 60)] == [[-step], [60 - step]]
    assert [asked(theirs, back + second) for second in (0, 60)] == [[], []], "the control stands still"


def test_set_forward_it_asks_for_the_latest_run_only() -> None:
    ours, theirs = scheduler("* * * * *"), scheduler("* * * * *", Original)
    for each in (ours, theirs):
        asked(each, NOON)
    assert asked(ours, NOON + DAY) == [DAY]
    assert len(asked(theirs, NOON + DAY)) == DAY / 60, "the control asks for each of them"


def test_a_nightly_run_that_was_slept_through_comes_in_the_morning() -> None:
    ours = scheduler("30 4 * * *")
    assert asked(ours, NOON) == []
    assert asked(ours, NOON + DAY - 7 * HOUR) == []
    assert asked(scheduler("30 4 * * *"), NOON + DAY) == [], "a new process does not know of it"
    assert asked(ours, NOON + DAY - 7.5 * HOUR) == [DAY - 7.5 * HOUR]
    assert asked(ours, NOON + 3 * DAY) == [3 * DAY - 7.5 * HOUR]


@pytest.mark.django_db
@pytest.mark.parametrize("regular", REGULAR_JOBS, ids=lambda regular: regular.function.split(":")[1])
def test_before_the_firm_is_set_up_none_of_them_fails(
    regular: Regular, caplog: pytest.LogCaptureFixture
) -> None:
    module, name = regular.function.split(":")
    task = getattr(import_module(module), name)
    if task is retry_stalled_jobs:
        pytest.skip("it looks at the queue alone, and needs a worker: see below")
    task(timestamp=0)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert not ProcrastinateJob.objects.filter(task_name="foundation.deliver").exists()


def die_at(**changes: object) -> ProcrastinateJob:
    """A mail's job that a worker was at when it died."""
    key = send_mail.defer(mail_id=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [key])
        for name, value in changes.items():
            cursor.execute(f"UPDATE procrastinate_jobs SET {name} = %s WHERE id = %s", [value, key])
    return ProcrastinateJob.objects.get(pk=key)


def ask(regular: Any) -> None:
    """Queue a regular job, unless the scheduler of a worker has."""
    with suppress(AlreadyEnqueued):
        regular.defer(timestamp=0)


def work(queue: str) -> None:
    """Do what waits in a queue as a worker does, and return."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(queues=[queue], wait=False, install_signal_handlers=False, listen_notify=False)


def state_of(job: ProcrastinateJob) -> str:
    return str(ProcrastinateJob.objects.get(pk=job.pk).status)


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_was_at_is_done_again() -> None:
    left = die_at()
    work("mail")
    assert state_of(left) == "doing", "the control: nobody else looks after it"
    ask(retry_stalled_jobs)
    work("events")
    assert state_of(left) == "todo"
    work("mail")
    assert state_of(left) == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_what_kills_its_worker_again_and_again_is_given_up() -> None:
    left = die_at(attempts=MOST_ATTEMPTS)
    ask(retry_stalled_jobs)
    work("events")
    assert state_of(left) == "failed"


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_anew_meanwhile_is_not_asked_for_twice() -> None:
    left = die_at(queueing_lock="delivery.send_due_mails")
    ask(send_due_mails)
    later = ProcrastinateJob.objects.get(queueing_lock=send_due_mails.queueing_lock, status="todo")
    ask(retry_stalled_jobs)
    work("events")
    assert [state_of(left), state_of(later)] == ["failed", "todo"]
