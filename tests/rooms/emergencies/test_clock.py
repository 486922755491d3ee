"""The hour and the alerts on the worker's minutes: each is told within a minute of being due, and once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ecuanime.config.periodic import REGULAR_JOBS
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Alert
from ecuanime.emergencies.words import clock_for
from ecuanime.notices.models import Notice
from tests.factories.emergencies import STRUCK, Scene, make_scene

pytestmark = pytest.mark.django_db

MADRID = ZoneInfo("Europe/Madrid")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def minutes_after(scene: Scene, until: datetime) -> None:
    """What the worker does: it looks once at the beginning of each minute."""
    tick = scene.now.replace(second=0, microsecond=0) + MINUTE
    while tick <= until:
        actions.take_due_cases(now=tick)
        tick += MINUTE


def told(key: str) -> list[datetime]:
    """When a kind of notice was given."""
    found = Notice.objects.filter(event_id__startswith=f"emergency:{key}:").order_by("created_at", "id")
    return list(found.values_list("created_at", flat=True))


def test_the_job_looks_every_minute() -> None:
    [job] = [each for each in REGULAR_JOBS if each.function == "ecuanime.emergencies.jobs:take_due_cases"]
    assert job.cron == "* * * * *"


@pytest.mark.parametrize("second", [0, 1, 59])
def test_an_escalation_comes_within_a_minute_of_being_due_and_once(scene: Scene, second: int) -> None:
    scene.now = STRUCK.replace(second=second)
    scene.declare()
    minutes_after(scene, STRUCK + timedelta(minutes=90))
    first, second_ = Alert.objects.order_by("id")
    assert first.due_at is not None
    assert timedelta(0) <= second_.sent_at - first.due_at < MINUTE
    assert second_.due_at is not None
    [unclaimed] = set(told("unclaimed"))
    assert timedelta(0) <= unclaimed - second_.due_at < MINUTE
    [late] = set(told("late"))
    assert timedelta(0) <= late - (scene.now + timedelta(hours=1)) < MINUTE
    assert scene.again().breached_at == late


def test_a_worker_that_was_away_tells_what_it_missed_once(scene: Scene) -> None:
    scene.declare()
    back = scene.later(minutes=90)
    for tick in range(3):
        actions.take_due_cases(now=back + tick * MINUTE)
    assert set(told("late")) == {back}
    assert [alert.sent_at for alert in Alert.objects.order_by("id")] == [STRUCK, back]


@pytest.mark.parametrize(
    ("declared", "due"),
    [
        ("2027-03-28T01:30+01:00", "2027-03-28T03:30+02:00"),  # the wall clock leaves an hour out
        ("2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00"),  # it has an hour twice
    ],
)
def test_the_hour_is_sixty_minutes_when_the_clocks_change(scene: Scene, declared: str, due: str) -> None:
    scene.now = datetime.fromisoformat(declared)
    case = scene.declare()
    up = datetime.fromisoformat(due)
    assert case.answer_due_at == up == scene.now + timedelta(hours=1)
    half = clock_for(case, is_open=True, now=scene.now + timedelta(minutes=30))
    assert half.text == "30 min"
    minutes_after(scene, up - MINUTE)
    assert told("late") == []
    minutes_after(scene, up)
    assert set(told("late")) == {up}
    assert up.astimezone(MADRID).hour == (3 if up.month == 3 else 2)
