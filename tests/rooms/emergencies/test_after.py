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
from tests.factories.emergencies import Sala, by_minute, make_sala

pytestmark = pytest.mark.django_db


@pytest.fixture
def sala() -> Sala:
    """A case of 3:10 until normal and 5:00 for the causes, with a guarantee of 2 h, closed and approved."""
    sala = make_sala()
    sala.declare()
    sala.answer(guarantee_hours=2)
    sala.accept()
    sala.pay()
    sala.work(hours=3, minutes=10)
    sala.normal()
    actions.acknowledge_normal(emergency=sala.again(), contact=sala.lead, now=sala.now)
    sala.work(hours=5)
    sala.write_dossier()
    actions.close(emergency=sala.again(), by=sala.expert, now=sala.now)
    sala.review()
    return sala


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


def test_closing_asks_the_contact_once(sala: Sala) -> None:
    asked = Opinion.objects.get()
    assert (asked.ticket, asked.contact) == (sala.case.ticket, sala.lead)
    assert ask_satisfaction(ticket=sala.case.ticket, now=sala.now, is_over=True) is None
    give_opinion(opinion=asked, level=4, comment="Bien.", now=sala.now)
    today = sala.now.date()
    seen = overview_of(
        Emergency.objects.all(), today - timedelta(days=2), today, firm=the_firm(), now=sala.now
    )
    assert (seen.satisfaction, seen.counts["rated"]) == (4, 1)


def test_the_same_hours_under_each_plan_that_fits(sala: Sala) -> None:
    monthly("20.00", fee="100.00", hours=6, name="Seis horas")
    monthly("30.00", fee="10.00", hours=0, name="Cuota")
    by_minute("10.00", kind=PlanKind.ON_DEMAND)
    elsewhere = make_version(PlanKind.HOUR_PACK, is_published=False, currency="USD")
    elsewhere.grants.get().areas.add(ProductArea.objects.create(code="bd", name="Bases de datos"))
    publish(elsewhere)
    found = comparison_of(sala.case, now=sala.now)
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


def test_an_offer_is_drafted_once_with_those_numbers(sala: Sala) -> None:
    version = monthly("20.00", fee="100.00", hours=6, name="Seis horas")
    code = version.plan.code
    for by, plan, why in ((sala.expert, code, "not_allowed"), (sala.supervisor, "x", "unknown_plan")):
        with pytest.raises(Refused) as refused:
            actions.propose_plan(emergency=sala.case, plan=plan, by=by, now=sala.now)
        assert refused.value.code == why
    assert not Contract.objects.filter(state=Contract.State.DRAFT).exists()
    offer = actions.propose_plan(emergency=sala.case, plan=code, by=sala.supervisor, now=sala.now)
    again = actions.propose_plan(emergency=sala.case, plan=code, by=sala.supervisor, now=sala.now)
    assert (offer.state, offer.version, again) == (Contract.State.DRAFT, version, offer)
    assert list(offer.areas.all()) == [sala.area]
    assert offer.note.startswith("EX-0001: ")
    assert all(amount in offer.note for amount in ("305.83", "143.33"))


def test_a_supervisor_compares_and_offers_from_the_page(sala: Sala, time_machine: object) -> None:
    version = monthly("20.00", fee="100.00", hours=6, name="Seis horas")
    time_machine.move_to(sala.now, tick=False)  # type: ignore[attr-defined]
    browser, address = Browser(), f"/emergencias/{sala.case.number}/propuesta/"
    browser.force_login(sala.expert)
    assert browser.get(address).status_code == 403
    browser.force_login(sala.supervisor)
    page = browser.get(address).content.decode()
    assert "Seis horas" in page
    assert "143.33" in page
    assert browser.post(address, {"plan": "x"}).status_code == 422
    drafted = browser.post(address, {"plan": version.plan.code})
    assert drafted.headers["Location"] == f"/contratos/{Contract.objects.latest('pk').number}/"
    assert address in browser.get(f"/emergencias/{sala.case.number}/").content.decode()


def test_before_any_work_is_approved_there_is_nothing_to_compare() -> None:
    sala = make_sala()
    sala.declare()
    assert comparison_of(sala.case, now=sala.now) is None
