"""Whatever breaks on the way, an emergency goes on to the next expert in time, and ends with somebody who knows of it.

The rota that comes one day keeps the same law: `goes_wrong` is what it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import User
from ecuanime.emergencies import actions, notices
from ecuanime.emergencies.actions import alerts
from ecuanime.emergencies.models import Alert
from ecuanime.emergencies.queries import unclaimed
from ecuanime.notices.models import Bundle, Notice
from ecuanime.staff.models import Competence
from tests.factories import make_calendar, make_person
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.factories.notices import send_due_bundles
from tests.receivers import receiver, without_guard

pytestmark = pytest.mark.django_db

MINUTES = 5
"""An expert has them before the next one is alerted."""
DAYTIME = datetime.fromisoformat("2026-11-10T17:50+01:00")
"""Ten minutes before a day's hours end."""


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def pass_minutes(scene: Scene, count: int) -> Iterator[int]:
    """The worker's minutes, one by one, on a clock that `scene.now` may be set on meanwhile."""
    for minute in range(1, count + 1):
        scene.later(minutes=1)
        actions.take_due_cases(now=scene.now)
        send_due_bundles(now=scene.now)
        yield minute


def goes_wrong(scene: Scene, count: int = 3 * MINUTES) -> list[str]:
    """What does not hold of the law while so many minutes pass; nothing when all of it does."""
    steps: dict[int, int] = {}
    for minute in pass_minutes(scene, count):
        steps.setdefault(Alert.objects.filter(emergency=scene.case).count(), minute)
    return [*late_steps(steps), *unfinished(scene), *repeated(scene)]


def late_steps(steps: dict[int, int]) -> list[str]:
    """Whoever was alerted later than the bound allows: a minute more than the one before them had."""
    second = steps.get(2)
    return [] if second is not None and second <= MINUTES + 1 else [f"the second expert after {second}"]


def unfinished(scene: Scene) -> list[str]:
    """Neither taken on, nor at the last step with the supervisors told and the screen saying so."""
    case = scene.again()
    if case.lead_id is not None:
        return []
    told = Notice.objects.filter(user=scene.supervisor, event_id__startswith="emergency:unclaimed:")
    says = unclaimed([case], is_open=True) == {case.pk}
    return [] if told.exists() and says else ["nobody was told that nobody answers"]


def repeated(scene: Scene) -> list[str]:
    """Whoever was alerted twice of the case."""
    people = list(Alert.objects.filter(emergency=scene.case).values_list("user__name", flat=True))
    return [name for name in people if people.count(name) > 1]


def bundle_of(person: User) -> Bundle:
    return Bundle.objects.get(user=person, notifier="apprise")


@pytest.mark.parametrize("kind", ["dead", "hanging", "broken"])
def test_an_expert_who_cannot_be_reached_holds_nobody_up(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    without_guard(monkeypatch)
    with receiver(kind) as gone, receiver("well") as there:
        gone.reaches(scene.expert)
        there.reaches(scene.second)
        scene.declare()
        send_due_bundles(now=scene.now)
        assert goes_wrong(scene) == []
    lost = bundle_of(scene.expert)
    assert (lost.sent_at, lost.attempts >= 3) == (None, True), "tried again, and not only once an hour"
    assert lost.error
    [said] = there.got
    assert scene.case.number in said


def test_who_is_reached_and_takes_it_on_ends_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the receivers: what arrives is what lets somebody act."""
    without_guard(monkeypatch)
    with receiver("well") as there:
        there.reaches(scene.expert)
        scene.declare()
        send_due_bundles(now=scene.now)
        [said] = there.got
        assert scene.case.number in said
        actions.take_on(emergency=scene.case, by=scene.expert, now=scene.later(minutes=1))
        list(pass_minutes(scene, 3 * MINUTES))
    assert len(there.got) == 1
    assert (unfinished(scene), Alert.objects.count()) == ([], 1)


def test_control_without_the_worker_the_law_is_broken(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.declare()
    monkeypatch.setattr(actions, "take_due_cases", lambda now: 0)
    assert len(goes_wrong(scene)) == 2


JUMPS = [
    timedelta(hours=1),
    timedelta(days=1),
    -timedelta(seconds=30),
    -timedelta(hours=1),
    -timedelta(days=1),
]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_the_clock_jumps(scene: Scene, jump: timedelta) -> None:
    scene.declare()
    scene.now += jump
    assert goes_wrong(scene) == []


@pytest.mark.parametrize("jump", JUMPS[-2:], ids=str)
def test_control_with_moments_alone_a_clock_set_back_stops_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    scene.declare()
    monkeypatch.setattr(alerts, "keep_bounds", lambda emergency, now: None)
    scene.now += jump
    assert len(goes_wrong(scene)) == 2


def test_a_clock_that_was_wrong_when_it_was_declared_gives_nobody_more_than_an_hour(scene: Scene) -> None:
    scene.now += timedelta(days=1)
    scene.declare()
    scene.now = STRUCK
    list(pass_minutes(scene, 62))
    assert Notice.objects.filter(user=scene.supervisor, event_id__startswith="emergency:late:").exists()
    scene.answer()
    assert scene.case.answered_at == scene.case.declared_at, "no answer comes before its question"


def test_a_clock_that_was_in_the_night_for_a_while_does_not_let_them_sleep() -> None:
    scene = make_scene(calendar=make_calendar())  # 08:00 to 18:00
    scene.now = DAYTIME - timedelta(hours=2)
    scene.declare()
    scene.now += timedelta(hours=6)
    list(pass_minutes(scene, 2))
    assert Alert.objects.count() == 1, "nobody off duty is alerted"
    scene.now -= timedelta(hours=6)
    assert goes_wrong(scene) == []


def test_the_minutes_of_an_alert_go_on_when_the_hours_open_again() -> None:
    scene = make_scene(calendar=make_calendar())
    scene.now = DAYTIME + timedelta(minutes=7)
    scene.declare()
    list(pass_minutes(scene, 60))
    assert Alert.objects.count() == 1
    scene.now = DAYTIME.replace(day=11, hour=8, minute=0)
    list(pass_minutes(scene, 3))
    assert Alert.objects.count() == 2, "three minutes in the evening, two in the morning"


@pytest.mark.parametrize("night", ["2027-03-28T01:57+01:00", "2027-10-31T02:57+02:00"])
def test_the_clocks_change_in_the_middle(scene: Scene, night: str) -> None:
    scene.now = datetime.fromisoformat(night)
    scene.declare()
    assert goes_wrong(scene) == []
    first, second = Alert.objects.order_by("id")
    assert second.sent_at - first.sent_at == timedelta(minutes=MINUTES)


def test_who_passes_it_back_after_all_were_silent_is_told_of_again(scene: Scene) -> None:
    scene.declare()
    assert goes_wrong(scene) == []
    actions.take_on(emergency=scene.case, by=scene.second, now=scene.now)
    actions.hand_on(emergency=scene.again(), by=scene.second, now=scene.later(minutes=1))
    list(pass_minutes(scene, 1))
    assert unfinished(scene) == []
    told = Notice.objects.filter(user=scene.supervisor, event_id__startswith="emergency:unclaimed:")
    assert told.count() == 2


def test_who_is_listed_after_all_were_silent_is_alerted_within_a_minute(scene: Scene) -> None:
    scene.declare()
    assert goes_wrong(scene) == []
    third = make_person(name="Samuel Rey")
    Competence.objects.create(user=third, area=scene.area)
    people = [scene.expert, scene.second, third]
    actions.set_alert_list(area=scene.area, people=people, by=scene.administrator, now=scene.now)
    list(pass_minutes(scene, 1))
    assert Alert.objects.get(user=third).said == ""
    assert unclaimed([scene.again()], is_open=True) == set()


def test_where_nobody_is_listed_the_last_step_is_the_first(scene: Scene) -> None:
    actions.set_alert_list(area=scene.area, people=[], by=scene.administrator, now=scene.now)
    scene.declare()
    assert unfinished(scene) == []
    assert unclaimed([scene.case], is_open=False) == set(), "outside the hours nobody is waited for"


def test_without_a_supervisor_the_administrators_are_told(scene: Scene) -> None:
    User.objects.filter(pk=scene.supervisor.pk).update(is_active=False)
    scene.supervisor = scene.administrator
    scene.declare()
    assert goes_wrong(scene) == []


def test_a_case_that_breaks_holds_up_no_other(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, tell = scene.declare(), notices.tell_alerted
    scene.declare()

    def breaks(alert: Alert, **given: Any) -> None:
        if alert.emergency_id == broken.pk:
            raise ValueError("a template nobody expected")
        tell(alert, **given)

    monkeypatch.setattr(notices, "tell_alerted", breaks)
    with pytest.raises(ValueError, match="nobody expected"):
        actions.take_due_case(emergency=broken, now=STRUCK + timedelta(minutes=MINUTES))
    assert goes_wrong(scene) == []
    assert Alert.objects.filter(emergency=broken).count() == 1
