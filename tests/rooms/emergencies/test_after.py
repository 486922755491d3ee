"""After a case: its contact is asked once how it went, and a plan is offered with the numbers of the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser

from ecuanime.contracts.models import Contract, Fee, Grant, PlanKind, PlanVersion
from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Emergency
from ecuanime.emergencies.overview import overview_of
from ecuanime.emergencies.proposals import comparison_of
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.actions import ask_satisfaction, give_opinion
from ecuanime.tickets.models import Opinion
from tests.factories import make_version, publish
from tests.factories.emergencies import Scene, by_minute, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """A case of 3:10 until normal and 5:00 for the causes, with a guarantee of 2 h, closed and approved."""
    scene = make_scene()
    scene.declare()
    scene.answer(guarantee_hours=2)
    scene.accept()
    scene.pay()
    scene.work(hours=3, minutes=10)
    scene.normal()
    actions.acknowledge_normal(emergency=scene.again(), contact=scene.lead, now=scene.now)
    scene.work(hours=5)
    scene.write_dossier()
    actions.close(emergency=scene.again(), by=scene.expert, now=scene.now)
    scene.review()
    return scene


def monthly(price: str, *, fee: str, hours: int, name: str) -> PlanVersion:
    """A monthly plan by the minute with so many hours, and what an hour beyond them costs."""
    version = make_version(
        PlanKind.MONTHLY,
        is_published=False,
        currency="USD",
        rounding_step=1,
        name_en=name,
        name_es=name,
    )
    version.rates.update(price_per_hour=price)
    Fee.objects.filter(version=version).delete()
    Grant.objects.filter(version=version).delete()
    Fee.objects.create(version=version, price=fee)
    if hours:
        Grant.objects.create(version=version, per=Grant.Per.PERIOD, quantity=hours)
    return publish(version)


def test_closing_asks_the_contact_once(scene: Scene) -> None:
    asked = Opinion.objects.get()
    assert (asked.ticket, asked.contact) == (scene.case.ticket, scene.lead)
    assert ask_satisfaction(ticket=scene.case.ticket, now=scene.now, is_over=True) is None
    give_opinion(opinion=asked, level=4, comment="Bien.", now=scene.now)
    today = scene.now.date()
    seen = overview_of(
        Emergency.objects.all(), today - timedelta(days=2), today, firm=the_firm(), now=scene.now
    )
    assert (seen.satisfaction, seen.counts["rated"]) == (4, 1)


def test_the_same_hours_under_each_plan_that_fits(scene: Scene) -> None:
    monthly("20.00", fee="100.00", hours=6, name="Seis horas")
    monthly("30.00", fee="10.00", hours=0, name="Cuota")
    by_minute("10.00", kind=PlanKind.ON_DEMAND)
    elsewhere = make_version(PlanKind.HOUR_PACK, is_published=False, currency="USD")
    elsewhere.grants.get().areas.add(ProductArea.objects.create(code="bd", name="Bases de datos"))
    publish(elsewhere)
    found = comparison_of(scene.case, now=scene.now)
    assert found is not None
    # 110.83 + 125.00, and 70.00 of guarantee that does not count.
    assert (found.minutes, found.actual) == (490, 305_83)
    # 8:10 less 6:00 at 20.00 and the fee; 3:10 at 30.00 with the case's own 125.00 and the fee.
    assert [(str(each.version), each.total) for each in found.proposals] == [
        ("Seis horas", 143_33),
        ("Cuota", 230_00),
    ]
    dear = "\n".join(f"{step.text}: {step.value}" for step in found.proposals[1].steps)
    assert "At the case's own price, which is lower: 5 h 00: US$125.00" in dear.replace("\xa0", " ")


def test_an_offer_is_drafted_once_with_those_numbers(scene: Scene) -> None:
    version = monthly("20.00", fee="100.00", hours=6, name="Seis horas")
    code = version.plan.code
    for by, plan, why in ((scene.expert, code, "not_allowed"), (scene.supervisor, "x", "unknown_plan")):
        with pytest.raises(Refused) as refused:
            actions.propose_plan(emergency=scene.case, plan=plan, by=by, now=scene.now)
        assert refused.value.code == why
    assert not Contract.objects.filter(state=Contract.State.DRAFT).exists()
    offer = actions.propose_plan(emergency=scene.case, plan=code, by=scene.supervisor, now=scene.now)
    again = actions.propose_plan(emergency=scene.case, plan=code, by=scene.supervisor, now=scene.now)
    assert (offer.state, offer.version, again) == (Contract.State.DRAFT, version, offer)
    assert list(offer.areas.all()) == [scene.area]
    assert offer.note.startswith("EX-0001: ")
    assert all(amount in offer.note for amount in ("305.83", "143.33"))


def test_a_supervisor_compares_and_offers_from_the_page(scene: Scene, time_machine: object) -> None:
    version = monthly("20.00", fee="100.00", hours=6, name="Seis horas")
    time_machine.move_to(scene.now, tick=False)  # type: ignore[attr-defined]
    browser, address = Browser(), f"/emergencias/{scene.case.number}/propuesta/"
    browser.force_login(scene.expert)
    assert browser.get(address).status_code == 403
    browser.force_login(scene.supervisor)
    page = browser.get(address).content.decode()
    assert "Seis horas" in page
    assert "143.33" in page
    assert browser.post(address, {"plan": "x"}).status_code == 422
    drafted = browser.post(address, {"plan": version.plan.code})
    assert drafted.headers["Location"] == f"/contratos/{Contract.objects.latest('pk').number}/"
    assert address in browser.get(f"/emergencias/{scene.case.number}/").content.decode()


def test_before_any_work_is_approved_there_is_nothing_to_compare() -> None:
    scene = make_scene()
    scene.declare()
    assert comparison_of(scene.case, now=scene.now) is None
