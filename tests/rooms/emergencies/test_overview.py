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
from tests.factories.emergencies import STRUCK, Sala, by_minute, make_sala

pytestmark = pytest.mark.django_db


def seen(sala: Sala) -> Overview:
    first = STRUCK.date()
    return overview_of(
        Emergency.objects.all(), first, first + timedelta(days=9), firm=the_firm(), now=sala.now
    )


def worked(sala: Sala, *, guarantee: int = 0) -> None:
    """A case of 3:10 until normal against 4:00, and 7:00 for the causes against 6:00, invoiced."""
    sala.answer(guarantee_hours=guarantee)
    sala.accept()
    if guarantee:
        sala.pay()
    sala.work(hours=3, minutes=10)
    sala.normal()
    sala.review()
    sala.bill(Document.NORMALISATION)
    actions.acknowledge_normal(emergency=sala.again(), contact=sala.lead, now=sala.now)
    sala.work(hours=7)
    sala.write_dossier()
    actions.close(emergency=sala.again(), by=sala.expert, now=sala.now)
    sala.review()
    sala.bill(Document.MITIGATION)


def test_answers_estimates_cost_dossier_and_guarantees_are_counted() -> None:
    sala = make_sala()
    sala.declare()
    worked(sala, guarantee=2)
    sala.later(minutes=1)
    sala.declare()  # by now there is a dossier
    sala.later(minutes=65)
    sala.answer(guarantee_hours=0)
    sala.accept()
    sala.declare()
    actions.say_not_viable(
        emergency=sala.case, reason="No.", elsewhere="Otra firma.", by=sala.expert, now=sala.later(minutes=5)
    )
    found = seen(sala)
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
    sala = make_sala()
    make_contract(sala.client, version=by_minute("22.00", kind=PlanKind.MONTHLY))
    sala.declare()
    sala.answer(guarantee_hours=2)
    sala.accept()
    assert [row.opening for row in seen(sala).behind("plan")] == [Opening.PLAN]
    before = STRUCK.date() - timedelta(days=9)
    empty = overview_of(
        Emergency.objects.all(), before, STRUCK.date() - timedelta(days=1), firm=the_firm(), now=sala.now
    )
    assert (empty.rows, empty.in_time_percent, empty.typical_minutes, empty.billed) == ([], None, None, [])


@contextmanager
def counted() -> Iterator[Any]:
    with CaptureQueriesContext(connection) as queries:
        yield queries


def test_it_costs_the_same_at_one_and_at_three() -> None:
    sala = make_sala()
    sala.declare()
    worked(sala)
    seen(sala)
    with counted() as once:
        seen(sala)
    for _more in range(2):
        sala.declare()
        worked(sala)
    with counted() as thrice:
        found = seen(sala)
    assert (len(found.rows), len(thrice)) == (3, len(once))
