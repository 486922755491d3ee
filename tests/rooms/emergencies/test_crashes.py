"""`kill -9` in the middle of alerting, of acceptance with its paper, and of normality's cut: whole, or not at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.translation import get_language
from pytest_django.fixtures import Settings

from ecuanime.billing.models import Invoice, Series
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.contracts.models import Contract
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Acceptance, Alert, Emergency, Happening
from ecuanime.foundation.audit import broken_links
from ecuanime.foundation.files import is_whole
from ecuanime.notices.models import Notice
from ecuanime.worklog.models import EntryState, TermsWindow, TimeEntry
from tests.crash import killed, run_script
from tests.factories.emergencies import Scene, make_scene

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

BEGIN = """
from datetime import datetime
from django.utils.translation import activate
from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Emergency
now = datetime.fromisoformat({now!r})
activate({language!r})
case = Emergency.objects.order_by("pk").first()
"""


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Scene:
    settings.ECUANIME_FILES = str(tmp_path)
    return make_scene()


def dies(scene: Scene, script: str, point: str) -> None:
    """A process does it, and is killed at the point."""
    assert killed(
        run_script(BEGIN.format(now=scene.now.isoformat(), language=get_language()) + script, crash_at=point)
    )


@pytest.mark.parametrize("point", ["emergencies.alerted", "emergencies.looked_at"])
def test_a_kill_while_alerting_alerts_nobody_twice_and_forgets_nobody(scene: Scene, point: str) -> None:
    for _case in range(2):
        scene.declare()
    scene.later(minutes=6)
    told = Notice.objects.count()

    dies(scene, "actions.take_due_cases(now=now)", point)

    survived = 1 if point == "emergencies.looked_at" else 0
    assert (Alert.objects.count(), Notice.objects.count()) == (2 + survived, told + survived)

    for _again in range(2):
        actions.take_due_cases(now=scene.now)

    assert (Alert.objects.count(), Notice.objects.count()) == (4, told + 2)
    assert Alert.objects.filter(said=Alert.Said.SILENT, user=scene.expert).count() == 2
    assert set(Emergency.objects.values_list("next_due_at", flat=True)) == {scene.now + timedelta(minutes=5)}


@pytest.mark.parametrize("point", ["emergencies.paper_kept", "billing.number_taken", "emergencies.accepted"])
def test_a_kill_while_accepting_leaves_it_unaccepted_and_charges_nothing(scene: Scene, point: str) -> None:
    scene.declare()
    scene.answer(guarantee_hours=2)
    scene.later(minutes=5)
    seen = scene.read()

    dies(
        scene,
        f"""
actions.accept(
    emergency=case, contact=Contact.objects.get(pk={scene.lead.pk}), text_sha256={seen!r}, address=None, now=now
)""",
        point,
    )

    assert scene.again().stage == "viable"
    rows = (Acceptance, Invoice, Contract)
    assert [model.objects.count() for model in rows] == [0, 0, 0]
    assert sum(series.next_number - 1 for series in Series.objects.all()) == 0

    accepted = [
        actions.accept(
            emergency=scene.case, contact=scene.lead, text_sha256=seen, address=None, now=scene.now
        )
        for _again in range(2)
    ]

    assert accepted[0] == accepted[1]
    assert [model.objects.count() for model in rows] == [1, 1, 2]
    guarantee = Invoice.objects.get()
    assert (guarantee.number, guarantee.net, scene.again().guarantee) == ("F-2026-0001", 7000, guarantee)
    assert is_whole(accepted[0].pdf_id)
    assert list(verify_invoices()) == []
    assert list(broken_links()) == []


def test_a_kill_in_the_cut_of_normality_leaves_the_phase_running(scene: Scene) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.work(hours=2)
    windows = TermsWindow.objects.count()

    dies(
        scene,
        f"""
from datetime import timedelta
actions.declare_normal(
    emergency=case, evidence="22 rutas.", by=User.objects.get(pk={scene.expert.pk}),
    at=now - timedelta(minutes=30), now=now,
)""",
        "emergencies.time_cut",
    )

    assert (scene.again().stage, scene.case.normal_at) == ("normalising", None)
    assert TermsWindow.objects.count() == windows
    assert [each.state for each in TimeEntry.objects.all()] == [EntryState.OPEN]

    scene.normal(at=scene.now - timedelta(minutes=30))

    first, second = TimeEntry.objects.order_by("started_at")
    assert (first.elapsed_seconds, second.elapsed_seconds) == (5400, 1800)
    assert TermsWindow.objects.count() == windows + 1
    assert Happening.objects.filter(act="declare_normal").count() == 1
    assert list(broken_links()) == []
