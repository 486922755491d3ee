"""`kill -9` around the hand-over of an emergency: no alert is lost, and a repeat is the same one once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Alert
from ecuanime.notices.actions.sending import LEASE
from ecuanime.notices.models import Bundle
from tests.crash import killed, run_script
from tests.factories.emergencies import make_scene
from tests.factories.notices import send_due_bundles
from tests.receivers import UNGUARDED, receiver, without_guard

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
SCRIPT = """
from datetime import datetime
from ecuanime.notices.actions import send_bundle
from ecuanime.notices.notifiers.apprise import sending
sending._CHILD = {child!r}
send_bundle(bundle_id={bundle}, now=datetime.fromisoformat({now!r}))
"""


@pytest.mark.parametrize(("point", "repeats"), [("notices.claimed", 0), ("notices.handed_over", 1), ("", 0)])
def test_a_kill_around_the_hand_over_loses_no_alert_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, point: str, repeats: int
) -> None:
    """Without a kill, which is the control, it is sent at once and nothing is left to do."""
    without_guard(monkeypatch)
    scene = make_scene()
    with receiver("well") as there:
        there.reaches(scene.expert)
        scene.declare()
        bundle = Bundle.objects.get(user=scene.expert, notifier="apprise")
        script = SCRIPT.format(child=UNGUARDED, bundle=bundle.pk, now=scene.now.isoformat())
        assert killed(run_script(script, crash_at=point)) is bool(point)
        assert len(there.got) == (point != "notices.claimed")

        scene.now += LEASE - timedelta(seconds=1)
        send_due_bundles(now=scene.now)
        assert len(there.got) == (point != "notices.claimed"), "somebody may be at it still"
        scene.later(seconds=1)
        actions.take_due_cases(now=scene.now)
        send_due_bundles(now=scene.now)

    assert len(there.got) == 1 + repeats
    assert len(set(there.got)) == 1, "the same bundle's number, by which a repeat is told"
    assert f"({bundle.pk})" in there.got[0]
    assert list(Alert.objects.order_by("id").values_list("user", flat=True)) == [
        scene.expert.pk,
        scene.second.pk,
    ]
