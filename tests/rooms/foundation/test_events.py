"""What is announced arrives as it was said, and only if its transaction commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.foundation import events
from ecuanime.foundation.jobs import deliver

HEARD: list[object] = []


@dataclass(frozen=True)
class DayEnded:
    """A fact with every kind of value that an event may hold."""

    number: int
    note: str
    day: date
    at: datetime
    until: date | None = None


def listen(event: DayEnded) -> None:
    """Remember what was heard."""
    HEARD.append(event)


EVENT = DayEnded(7, "fin", date(2026, 11, 10), datetime(2026, 11, 10, 19, tzinfo=UTC))


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    HEARD.clear()
    monkeypatch.setitem(events._handlers, DayEnded, [listen])


@pytest.mark.django_db(transaction=True)
def test_dates_and_moments_arrive_as_they_were_said() -> None:
    events.publish(EVENT)
    job = ProcrastinateJob.objects.filter(task_name="foundation.deliver").latest("pk")
    deliver(**job.args)
    assert HEARD == [EVENT]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_announced() -> None:
    before = ProcrastinateJob.objects.count()
    with transaction.atomic():
        events.publish(EVENT)
        assert ProcrastinateJob.objects.count() == before + 1
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.count() == before


def test_only_an_event_can_be_announced() -> None:
    for thing in ("text", DayEnded):
        with pytest.raises(TypeError):
            events.publish(thing)
