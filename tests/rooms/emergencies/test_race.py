"""Two act on a case at once: it is done once. The control shows that the lock is what sees to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier

import pytest
from django.utils.translation import get_language, override
from pytest_django.fixtures import Settings

from ecuanime.billing.actions import record_payment
from ecuanime.billing.models import Invoice
from ecuanime.contracts.models import Contract
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import answering
from ecuanime.emergencies.models import Acceptance, Alert, Assessment, Emergency, Happening, Report
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.models import TimeEntry
from tests.factories.emergencies import ESTIMATE, Scene, make_scene
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Scene:
    settings.ECUANIME_FILES = str(tmp_path)
    scene = make_scene()
    scene.declare()
    return scene


def both_take_it_on(scene: Scene) -> int:
    """How many have taken it on."""
    at_once(
        [
            lambda: actions.take_on(emergency=scene.case, by=scene.expert, now=scene.now),
            lambda: actions.take_on(emergency=scene.case, by=scene.second, now=scene.now),
        ]
    )
    return Happening.objects.filter(act="take_on").count()


def test_of_two_experts_one_takes_it_on(scene: Scene) -> None:
    assert both_take_it_on(scene) == 1


def test_without_the_lock_both_would(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(2, timeout=30)

    def unlocked(emergency: Emergency) -> Emergency:
        found = Emergency.objects.select_related("ticket", "area", "lead").get(pk=emergency.pk)
        together.wait()
        return found

    monkeypatch.setattr(answering, "lock", unlocked)
    assert both_take_it_on(scene) == 2


def test_an_alert_that_two_workers_find_due_is_passed_on_once(scene: Scene) -> None:
    due = scene.later(minutes=6)
    done = at_once([lambda: actions.take_due_case(emergency=scene.case, now=due)] * 2)
    assert sorted(map(bool, done)) == [False, True]
    assert Alert.objects.count() == 2


def accepting(scene: Scene) -> Callable[[], Acceptance]:
    """The client accepts what they have read, in the language they have read it in."""
    seen, language = scene.read(), get_language()

    def accept() -> Acceptance:
        with override(language):
            return actions.accept(
                emergency=scene.case, contact=scene.lead, text_sha256=seen, address=None, now=scene.now
            )

    return accept


def test_accepted_twice_at_once_it_is_charged_once(scene: Scene) -> None:
    scene.answer(guarantee_hours=2)
    done = at_once([accepting(scene)] * 2)
    assert done == [Acceptance.objects.get()] * 2
    assert [model.objects.count() for model in (Invoice, Contract)] == [1, 2]
    assert Happening.objects.filter(act="accept").count() == 1


def test_accepted_and_taken_back_at_once_one_of_them_holds(scene: Scene) -> None:
    scene.answer(guarantee_hours=0)

    def withdraw() -> Emergency:
        return actions.withdraw(emergency=scene.case, contact=scene.lead, reason="Ya arranca.", now=scene.now)

    done = at_once([accepting(scene), withdraw])
    [refused] = [each for each in done if isinstance(each, Refused)]
    is_open = scene.again().stage == "normalising"
    assert (refused.code, scene.case.stage) == ("not_now", "normalising" if is_open else "withdrawn")
    assert Acceptance.objects.count() == is_open
    assert scene.case.ticket.terms_windows.count() == 1 + is_open


def test_of_two_answers_at_once_one_stands(scene: Scene) -> None:
    no = {"reason": "No.", "elsewhere": "El fabricante."}
    done = at_once(
        [
            lambda: actions.say_viable(
                emergency=scene.case, estimate=ESTIMATE, by=scene.expert, now=scene.now
            ),
            lambda: actions.say_not_viable(emergency=scene.case, by=scene.second, now=scene.now, **no),
        ]
    )
    assert [isinstance(each, Refused) for each in done].count(True) == 1
    assert Assessment.objects.get().is_viable == (scene.again().stage == "viable")


def test_a_payment_told_twice_at_once_opens_the_work_once(scene: Scene) -> None:
    scene.answer(guarantee_hours=2)
    scene.accept()
    assert scene.case.guarantee
    record_payment(
        invoice=scene.case.guarantee,
        amount=scene.case.guarantee.owed,
        received_on=scene.now.date(),
        by=scene.clerk,
        now=scene.now,
        idempotency_key="transferencia",
    )
    at_once([lambda: actions.note_paid(emergency=scene.case, now=scene.now)] * 2)
    assert Happening.objects.filter(act="pay").count() == 1
    assert scene.again().ticket.terms_windows.count() == 2  # the free one until here, and normalisation's


def test_normality_declared_twice_at_once_cuts_once(scene: Scene) -> None:
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=1)
    done = at_once(
        [
            lambda: actions.declare_normal(
                emergency=scene.case, evidence="22 rutas.", by=scene.expert, now=scene.now
            )
        ]
        * 2
    )
    assert [isinstance(each, Refused) for each in done].count(True) == 1
    assert scene.again().ticket.terms_windows.count() == 3
    assert TimeEntry.objects.filter(ticket=scene.case.ticket).count() == 1


def test_two_keep_the_report_at_once_and_neither_is_lost(scene: Scene) -> None:
    scene.answer(guarantee_hours=0)
    scene.accept()
    actions.make_report(emergency=scene.case, by=scene.expert, now=scene.now)

    def keep(section: str) -> Report:
        return actions.keep_report(
            emergency=scene.case, seen=1, texts={section: "Un disco."}, by=scene.expert, now=scene.now
        )

    at_once([lambda: keep("causes"), lambda: keep("advice")])
    newest = Report.objects.get(number=3)
    assert (newest.text("causes"), newest.text("advice")) == ("Un disco.", "Un disco.")
