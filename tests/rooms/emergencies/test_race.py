"""Two act on a case at once: it is done once. The control shows that the lock is what sees to it."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier

import pytest
from pytest_django.fixtures import Settings

from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import answering
from ecuanime.emergencies.models import Alert, Emergency, Happening
from tests.factories.emergencies import Sala, make_sala
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sala(settings: Settings, tmp_path: Path) -> Sala:
    settings.ECUANIME_FILES = str(tmp_path)
    sala = make_sala()
    sala.declare()
    return sala


def both_take_it_on(sala: Sala) -> int:
    """How many have taken it on."""
    at_once(
        [
            lambda: actions.take_on(emergency=sala.case, by=sala.expert, now=sala.now),
            lambda: actions.take_on(emergency=sala.case, by=sala.second, now=sala.now),
        ]
    )
    return Happening.objects.filter(act="take_on").count()


def test_of_two_experts_one_takes_it_on(sala: Sala) -> None:
    assert both_take_it_on(sala) == 1


def test_without_the_lock_both_would(sala: Sala, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(2, timeout=30)

    def unlocked(emergency: Emergency) -> Emergency:
        found = Emergency.objects.select_related("ticket", "area", "lead").get(pk=emergency.pk)
        together.wait()
        return found

    monkeypatch.setattr(answering, "lock", unlocked)
    assert both_take_it_on(sala) == 2


def test_an_alert_that_two_workers_find_due_is_passed_on_once(sala: Sala) -> None:
    due = sala.later(minutes=6)
    done = at_once([lambda: actions.take_due_case(emergency=sala.case, now=due)] * 2)
    assert sorted(map(bool, done)) == [False, True]
    assert Alert.objects.count() == 2
