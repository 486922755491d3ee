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
from tests.factories.emergencies import STRUCK, Sala, make_sala
from tests.factories.notices import send_due_bundles
from tests.receivers import receiver, without_guard

pytestmark = pytest.mark.django_db

MINUTES = 5
"""An expert has them before the next one is alerted."""
DAYTIME = datetime.fromisoformat("2026-11-10T17:50+01:00")
"""Ten minutes before a day's hours end."""


@pytest.fixture
def sala() -> Sala:
    return make_sala()


def pass_minutes(sala: Sala, count: int) -> Iterator[int]:
    """The worker's minutes, one by one, on a clock that `sala.now` may be set on meanwhile."""
    for minute in range(1, count + 1):
        sala.later(minutes=1)
        actions.take_due_cases(now=sala.now)
        send_due_bundles(now=sala.now)
        yield minute


def goes_wrong(sala: Sala, count: int = 3 * MINUTES) -> list[str]:
    """What does not hold of the law while so many minutes pass; nothing when all of it does."""
    steps: dict[int, int] = {}
    for minute in pass_minutes(sala, count):
        steps.setdefault(Alert.objects.filter(emergency=sala.case).count(), minute)
    return [*late_steps(steps), *unfinished(sala), *repeated(sala)]


def late_steps(steps: dict[int, int]) -> list[str]:
    """Whoever was alerted later than the bound allows: a minute more than the one before them had."""
    second = steps.get(2)
    return [] if second is not None and second <= MINUTES + 1 else [f"the second expert after {second}"]


def unfinished(sala: Sala) -> list[str]:
    """Neither taken on, nor at the last step with the supervisors told and the screen saying so."""
    case = sala.again()
    if case.lead_id is not None:
        return []
    told = Notice.objects.filter(user=sala.supervisor, event_id__startswith="emergency:unclaimed:")
    says = unclaimed([case], is_open=True) == {case.pk}
    return [] if told.exists() and says else ["nobody was told that nobody answers"]


def repeated(sala: Sala) -> list[str]:
    """Whoever was alerted twice of the case."""
    people = list(Alert.objects.filter(emergency=sala.case).values_list("user__name", flat=True))
    return [name for name in people if people.count(name) > 1]


def bundle_of(person: User) -> Bundle:
    return Bundle.objects.get(user=person, notifier="apprise")


@pytest.mark.parametrize("kind", ["dead", "hanging", "broken"])
def test_an_expert_who_cannot_be_reached_holds_nobody_up(
    sala: Sala, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    without_guard(monkeypatch)
    with receiver(kind) as gone, receiver("well") as there:
        gone.reaches(sala.expert)
        there.reaches(sala.second)
        sala.declare()
        send_due_bundles(now=sala.now)
        assert goes_wrong(sala) == []
    lost = bundle_of(sala.expert)
    assert (lost.sent_at, lost.attempts >= 3) == (None, True), "tried again, and not only once an hour"
    assert lost.error
    [said] = there.got
    assert sala.case.number in said


def test_who_is_reached_and_takes_it_on_ends_it(sala: Sala, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the receivers: what arrives is what lets somebody act."""
    without_guard(monkeypatch)
    with receiver("well") as there:
        there.reaches(sala.expert)
        sala.declare()
        send_due_bundles(now=sala.now)
        [said] = there.got
        assert sala.case.number in said
        actions.take_on(emergency=sala.case, by=sala.expert, now=sala.later(minutes=1))
        list(pass_minutes(sala, 3 * MINUTES))
    assert len(there.got) == 1
    assert (unfinished(sala), Alert.objects.count()) == ([], 1)


def test_control_without_the_worker_the_law_is_broken(sala: Sala, monkeypatch: pytest.MonkeyPatch) -> None:
    sala.declare()
    monkeypatch.setattr(actions, "take_due_cases", lambda now: 0)
    assert len(goes_wrong(sala)) == 2


JUMPS = [
    timedelta(hours=1),
    timedelta(days=1),
    -timedelta(seconds=30),
    -timedelta(hours=1),
    -timedelta(days=1),
]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_the_clock_jumps(sala: Sala, jump: timedelta) -> None:
    sala.declare()
    sala.now += jump
    assert goes_wrong(sala) == []


@pytest.mark.parametrize("jump", JUMPS[-2:], ids=str)
def test_control_with_moments_alone_a_clock_set_back_stops_it(
    sala: Sala, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    sala.declare()
    monkeypatch.setattr(alerts, "keep_bounds", lambda emergency, now: None)
    sala.now += jump
    assert len(goes_wrong(sala)) == 2


def test_a_clock_that_was_wrong_when_it_was_declared_gives_nobody_more_than_an_hour(sala: Sala) -> None:
    sala.now += timedelta(days=1)
    sala.declare()
    sala.now = STRUCK
    list(pass_minutes(sala, 62))
    assert Notice.objects.filter(user=sala.supervisor, event_id__startswith="emergency:late:").exists()
    sala.answer()
    assert sala.case.answered_at == sala.case.declared_at, "no answer comes before its question"


def test_a_clock_that_was_in_the_night_for_a_while_does_not_let_them_sleep() -> None:
    sala = make_sala(calendar=make_calendar())  # 08:00 to 18:00
    sala.now = DAYTIME - timedelta(hours=2)
    sala.declare()
    sala.now += timedelta(hours=6)
    list(pass_minutes(sala, 2))
    assert Alert.objects.count() == 1, "nobody off duty is alerted"
    sala.now -= timedelta(hours=6)
    assert goes_wrong(sala) == []


def test_the_minutes_of_an_alert_go_on_when_the_hours_open_again() -> None:
    sala = make_sala(calendar=make_calendar())
    sala.now = DAYTIME + timedelta(minutes=7)
    sala.declare()
    list(pass_minutes(sala, 60))
    assert Alert.objects.count() == 1
    sala.now = DAYTIME.replace(day=11, hour=8, minute=0)
    list(pass_minutes(sala, 3))
    assert Alert.objects.count() == 2, "three minutes in the evening, two in the morning"


@pytest.mark.parametrize("night", ["2027-03-28T01:57+01:00", "2027-10-31T02:57+02:00"])
def test_the_clocks_change_in_the_middle(sala: Sala, night: str) -> None:
    sala.now = datetime.fromisoformat(night)
    sala.declare()
    assert goes_wrong(sala) == []
    first, second = Alert.objects.order_by("id")
    assert second.sent_at - first.sent_at == timedelta(minutes=MINUTES)


def test_who_passes_it_back_after_all_were_silent_is_told_of_again(sala: Sala) -> None:
    sala.declare()
    assert goes_wrong(sala) == []
    actions.take_on(emergency=sala.case, by=sala.second, now=sala.now)
    actions.hand_on(emergency=sala.again(), by=sala.second, now=sala.later(minutes=1))
    list(pass_minutes(sala, 1))
    assert unfinished(sala) == []
    told = Notice.objects.filter(user=sala.supervisor, event_id__startswith="emergency:unclaimed:")
    assert told.count() == 2


def test_who_is_listed_after_all_were_silent_is_alerted_within_a_minute(sala: Sala) -> None:
    sala.declare()
    assert goes_wrong(sala) == []
    third = make_person(name="Samuel Rey")
    Competence.objects.create(user=third, area=sala.area)
    people = [sala.expert, sala.second, third]
    actions.set_alert_list(area=sala.area, people=people, by=sala.administrator, now=sala.now)
    list(pass_minutes(sala, 1))
    assert Alert.objects.get(user=third).said == ""
    assert unclaimed([sala.again()], is_open=True) == set()


def test_where_nobody_is_listed_the_last_step_is_the_first(sala: Sala) -> None:
    actions.set_alert_list(area=sala.area, people=[], by=sala.administrator, now=sala.now)
    sala.declare()
    assert unfinished(sala) == []
    assert unclaimed([sala.case], is_open=False) == set(), "outside the hours nobody is waited for"


def test_without_a_supervisor_the_administrators_are_told(sala: Sala) -> None:
    User.objects.filter(pk=sala.supervisor.pk).update(is_active=False)
    sala.supervisor = sala.administrator
    sala.declare()
    assert goes_wrong(sala) == []


def test_a_case_that_breaks_holds_up_no_other(sala: Sala, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, tell = sala.declare(), notices.tell_alerted
    sala.declare()

    def breaks(alert: Alert, **given: Any) -> None:
        if alert.emergency_id == broken.pk:
            raise ValueError("a template nobody expected")
        tell(alert, **given)

    monkeypatch.setattr(notices, "tell_alerted", breaks)
    with pytest.raises(ValueError, match="nobody expected"):
        actions.take_due_case(emergency=broken, now=STRUCK + timedelta(minutes=MINUTES))
    assert goes_wrong(sala) == []
    assert Alert.objects.filter(emergency=broken).count() == 1
