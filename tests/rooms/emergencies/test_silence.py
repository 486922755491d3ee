"""The agreed silence confirms that service is normal: at its moment, once, and not after an objection."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Emergency, Happening
from ecuanime.emergencies.words import line_of
from ecuanime.notices.models import Notice
from tests.factories.emergencies import Scene, make_scene
from tests.races import at_once


def to_normal(**service: int) -> Scene:
    scene = make_scene(**service)
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    scene.normal()
    return scene


@pytest.mark.django_db
def test_it_is_agreed_told_beforehand_and_confirms_at_its_moment() -> None:
    scene = to_normal(silence_hours=12)
    due = scene.now + timedelta(hours=12)
    assert "12 hours" in scene.case.acceptance.text
    assert scene.case.silence_at == due
    assert "it counts as confirmed on" in OutgoingMail.objects.latest("pk").text
    scene.service.silence_hours = 1  # what was accepted stays as it was
    scene.service.save()
    assert actions.confirm_silent_cases(now=due - timedelta(seconds=1)) == 0
    assert actions.confirm_silent_cases(now=due) == 1
    assert actions.confirm_silent_cases(now=due) == 0
    assert scene.again().stage == "mitigating"
    line = line_of(Happening.objects.get(act="acknowledge_normal"))
    assert (line.who, line.said) == ("", "Normality confirmed by the agreed silence")
    told = Notice.objects.filter(event_id__startswith="emergency:silence").values_list("user", flat=True)
    assert set(told) == {scene.expert.pk, scene.supervisor.pk}
    assert "Nobody has said otherwise" in OutgoingMail.objects.latest("pk").text


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["objected", "confirmed", "closed", "never agreed"])
def test_it_confirms_nothing_where_somebody_spoke_or_nothing_was_agreed(what: str) -> None:
    scene = to_normal(silence_hours=0 if what == "never agreed" else 12)
    if what == "objected":
        actions.note_relapse(emergency=scene.case, contact=scene.lead, reason="Otra vez.", now=scene.now)
    elif what == "confirmed":
        actions.acknowledge_normal(emergency=scene.case, contact=scene.lead, now=scene.now)
    elif what == "closed":
        scene.write_dossier()
        actions.close(emergency=scene.case, by=scene.expert, reason="Basta.", in_part=True, now=scene.now)
    before = scene.again().stage
    assert scene.case.silence_at is None
    assert actions.confirm_silent_cases(now=scene.now + timedelta(days=3)) == 0
    assert scene.again().stage == before
    assert not Happening.objects.filter(act="acknowledge_normal", contact=None).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_confirm_it_once(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = str(tmp_path)
    scene = to_normal(silence_hours=12)
    due = scene.now + timedelta(hours=12)
    done = at_once([lambda: actions.confirm_silent_case(emergency=Emergency(pk=scene.case.pk), now=due)] * 2)
    assert sorted(map(bool, done)) == [False, True]
    assert Happening.objects.filter(act="acknowledge_normal").count() == 1
