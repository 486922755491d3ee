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
from tests.factories.emergencies import Sala, make_sala
from tests.races import at_once


def to_normal(**service: int) -> Sala:
    sala = make_sala(**service)
    sala.declare()
    sala.answer(guarantee_hours=0)
    sala.accept()
    sala.work(hours=1)
    sala.normal()
    return sala


@pytest.mark.django_db
def test_it_is_agreed_told_beforehand_and_confirms_at_its_moment() -> None:
    sala = to_normal(silence_hours=12)
    due = sala.now + timedelta(hours=12)
    assert "12 hours" in sala.case.acceptance.text
    assert sala.case.silence_at == due
    assert "it counts as confirmed on" in OutgoingMail.objects.latest("pk").text
    sala.service.silence_hours = 1  # what was accepted stays as it was
    sala.service.save()
    assert actions.confirm_silent_cases(now=due - timedelta(seconds=1)) == 0
    assert actions.confirm_silent_cases(now=due) == 1
    assert actions.confirm_silent_cases(now=due) == 0
    assert sala.again().stage == "mitigating"
    line = line_of(Happening.objects.get(act="acknowledge_normal"))
    assert (line.who, line.said) == ("", "Normality confirmed by the agreed silence")
    told = Notice.objects.filter(event_id__startswith="emergency:silence").values_list("user", flat=True)
    assert set(told) == {sala.expert.pk, sala.supervisor.pk}
    assert "Nobody has said otherwise" in OutgoingMail.objects.latest("pk").text


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["objected", "confirmed", "closed", "never agreed"])
def test_it_confirms_nothing_where_somebody_spoke_or_nothing_was_agreed(what: str) -> None:
    sala = to_normal(silence_hours=0 if what == "never agreed" else 12)
    if what == "objected":
        actions.note_relapse(emergency=sala.case, contact=sala.lead, reason="Otra vez.", now=sala.now)
    elif what == "confirmed":
        actions.acknowledge_normal(emergency=sala.case, contact=sala.lead, now=sala.now)
    elif what == "closed":
        sala.write_dossier()
        actions.close(emergency=sala.case, by=sala.expert, reason="Basta.", in_part=True, now=sala.now)
    before = sala.again().stage
    assert sala.case.silence_at is None
    assert actions.confirm_silent_cases(now=sala.now + timedelta(days=3)) == 0
    assert sala.again().stage == before
    assert not Happening.objects.filter(act="acknowledge_normal", contact=None).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_confirm_it_once(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = str(tmp_path)
    sala = to_normal(silence_hours=12)
    due = sala.now + timedelta(hours=12)
    done = at_once([lambda: actions.confirm_silent_case(emergency=Emergency(pk=sala.case.pk), now=due)] * 2)
    assert sorted(map(bool, done)) == [False, True]
    assert Happening.objects.filter(act="acknowledge_normal").count() == 1
