"""The figures over all emergencies, each counted over the list that is given with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.contracts.models import PlanKind
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Emergency
from ecuanime.emergencies.overview import LISTS, Opening, Overview, overview_of
from ecuanime.rules.express import Document, Phase
from ecuanime.staff.queries import the_firm
from tests.factories import make_contract
from tests.factories.emergencies import STRUCK, Scene, by_minute, make_scene

pytestmark = pytest.mark.django_db


def seen(scene: Scene) -> Overview:
    first = STRUCK.date()
    return overview_of(
        Emergency.objects.all(), first, first + timedelta(days=9), firm=the_firm(), now=scene.now
    )


def worked(scene: Scene, *, guarantee: int = 0) -> None:
    """A case of 3:10 until normal against 4:00, and 7:00 for the causes against 6:00, invoiced."""
    scene.answer(guarantee_hours=guarantee)
    scene.accept()
    if guarantee:
        scene.pay()
    scene.work(hours=3, minutes=10)
    scene.normal()
    scene.review()
    scene.bill(Document.NORMALISATION)
    actions.acknowledge_normal(emergency=scene.again(), contact=scene.lead, now=scene.now)
    scene.work(hours=7)
    scene.write_dossier()
    actions.close(emergency=scene.again(), by=scene.expert, now=scene.now)
    scene.review()
    scene.bill(Document.MITIGATION)


def test_answers_estimates_cost_dossier_and_guarantees_are_counted() -> None:
    scene = make_scene()
    scene.declare()
    worked(scene, guarantee=2)
    scene.later(minutes=1)
    scene.declare()  # by now there is a dossier
    scene.later(minutes=65)
    scene.answer(guarantee_hours=0)
    scene.accept()
    scene.declare()
    actions.say_not_viable(
        emergency=scene.case,
        reason="No.",
        elsewhere="Otra firma.",
        by=scene.expert,
        now=scene.later(minutes=5),
    )
    found = seen(scene)
    assert [row.case.number for row in found.rows] == ["EX-0003", "EX-0002", "EX-0001"]
    assert found.minutes == [5, 10, 75]
    assert (found.typical_minutes, found.most_minutes, found.in_time_percent) == (10, 75, 66)
    assert [row.case.number for row in found.behind("late")] == ["EX-0002"]
    first = found.rows[-1]
    assert (first.opening, first.had_dossier) == (Opening.PAID, None)  # it was written after the declaration
    assert {row.opening for row in found.behind("expert")} == {Opening.EXPERT}
    assert (found.counts["dossier"], found.counts["not_viable"], found.dossier_percent) == (2, 1, 100)
    until, causes = found.phases
    assert (until.cases, until.above, until.estimated_minutes, until.seconds) == (1, 0, 240, 11_400)
    assert (causes.cases, causes.above, causes.estimated_minutes, causes.seconds) == (1, 1, 360, 25_200)
    assert found.billed == [("USD", {Phase.NORMALISATION: 11_083, Phase.MITIGATION: 17_500})]
    assert all(len(found.behind(name)) == found.counts[name] for name in LISTS)
    assert sum(found.counts[name] for name in ("paid", "proof", "plan", "expert")) == found.counts["worked"]


def test_a_plan_of_the_area_waives_and_days_bound_the_report() -> None:
    scene = make_scene()
    make_contract(scene.client, version=by_minute("22.00", kind=PlanKind.MONTHLY))
    scene.declare()
    scene.answer(guarantee_hours=2)
    scene.accept()
    assert [row.opening for row in seen(scene).behind("plan")] == [Opening.PLAN]
    before = STRUCK.date() - timedelta(days=9)
    empty = overview_of(
        Emergency.objects.all(), before, STRUCK.date() - timedelta(days=1), firm=the_firm(), now=scene.now
    )
    assert (empty.rows, empty.in_time_percent, empty.typical_minutes, empty.billed) == ([], None, None, [])


@contextmanager
def counted() -> Iterator[Any]:
    with CaptureQueriesContext(connection) as queries:
        yield queries


def test_it_costs_the_same_at_one_and_at_three() -> None:
    scene = make_scene()
    scene.declare()
    worked(scene)
    seen(scene)
    with counted() as once:
        seen(scene)
    for _more in range(2):
        scene.declare()
        worked(scene)
    with counted() as thrice:
        found = seen(scene)
    assert (len(found.rows), len(thrice)) == (3, len(once))
