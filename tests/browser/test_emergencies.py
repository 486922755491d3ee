"""The pages of emergencies pass axe-core, light and dark, on a desk and on a phone, and none scrolls sideways."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.contracts.offers import hash_of
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared
from ecuanime.emergencies.models import Emergency, ExpressService
from ecuanime.emergencies.paper import text_for
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.tickets.models import Ticket
from tests.browser.axe import Windows, look, needs_axe
from tests.browser.house import House
from tests.browser.test_accessibility import first_client
from tests.factories.emergencies import ESTIMATE, by_minute

pytestmark = needs_axe


@pytest.fixture(scope="module")
def case(house: House) -> Emergency:
    """An emergency that was answered: its client decides."""
    now, area = timezone.now(), ProductArea.objects.get()
    lead = Contact.objects.get(client__code=first_client(), is_project_lead=True)
    expert = User.objects.get(roles=[Role.TECHNICIAN])
    administrator = User.objects.get(roles=[Role.ADMINISTRATOR])
    Competence.objects.get_or_create(user=expert, area=area)
    service = ExpressService(
        is_offered=True, express_plan=by_minute("35").plan, on_demand_plan=by_minute("25").plan
    )
    actions.set_service(service=service, by=administrator, now=now)
    actions.set_alert_list(area=area, people=[expert], by=administrator, now=now)
    declared = Declared(area=area, facts="No arranca el servidor.", desired="Hay rutas.", since="Las 07:10")
    found = actions.declare_in_portal(contact=lead, declared=declared, now=now)
    actions.say_viable(emergency=found, estimate=ESTIMATE, by=expert, now=now)
    return found


@pytest.fixture(scope="module")
def worked(case: Emergency) -> Emergency:
    """Another one, whose client has accepted and whose report was begun."""
    now, expert = timezone.now(), User.objects.get(roles=[Role.TECHNICIAN])
    declared = Declared(area=case.area, facts="No arranca el correo.", desired="Sale y entra correo.")
    found = actions.declare_in_portal(contact=case.contact, declared=declared, now=now)
    estimate = replace(ESTIMATE, guarantee_hours=0)
    answer = actions.say_viable(emergency=found, estimate=estimate, by=expert, now=now)
    found = Emergency.objects.get(pk=found.pk)
    text = text_for(found, answer, now=now, chosen=None)
    actions.accept(
        emergency=found, contact=case.contact, text_sha256=hash_of(text), address="192.0.2.7", now=now
    )
    report = actions.make_report(emergency=found, by=expert, now=now)
    actions.send_report(report=report, by=expert, now=now)
    return Emergency.objects.get(pk=found.pk)


@pytest.mark.parametrize("path", ["/emergencias/{case}/informe/", "/emergencias/{case}/"])
def test_of_a_case_that_is_worked(path: str, worked: Emergency, windows: Windows) -> None:
    look(windows.of(User.objects.get(roles=[Role.TECHNICIAN])), path.format(case=worked))
    look(windows.of(worked.contact.user), f"/portal/emergencias/{worked}/")


def test_before_the_answer(case: Emergency, windows: Windows) -> None:
    """The questions that are asked first, and the form of the answer; and declaring one on a ticket."""
    now, expert = timezone.now(), User.objects.get(roles=[Role.TECHNICIAN])
    declared = Declared(area=case.area, facts="No imprime nada.", desired="Imprime.")
    found = actions.declare_in_portal(contact=case.contact, declared=declared, now=now)
    other = Ticket.objects.filter(client=case.client, emergency=None, contact__isnull=False).first()
    assert other
    for path in (f"/emergencias/{found}/", f"/tickets/{other.number}/emergencia/"):
        look(windows.of(expert), path)
    look(windows.of(case.contact.user), f"/portal/emergencias/{found}/")


@pytest.mark.parametrize("path", ["/emergencias/", "/emergencias/{case}/"])
def test_at_the_desk(path: str, case: Emergency, windows: Windows) -> None:
    look(windows.of(User.objects.get(roles=[Role.TECHNICIAN])), path.format(case=case))


@pytest.mark.parametrize(
    "path", ["/portal/emergencias/", "/portal/emergencias/nueva/", "/portal/emergencias/{case}/"]
)
def test_in_the_portal(path: str, case: Emergency, windows: Windows) -> None:
    look(windows.of(case.contact.user), path.format(case=case))


@pytest.mark.parametrize(
    "path", ["/ajustes/emergencias/", "/emergencias/cifras/", "/emergencias/{case}/propuesta/"]
)
def test_in_the_office(path: str, case: Emergency, windows: Windows) -> None:
    look(windows.of(User.objects.get(roles=[Role.ADMINISTRATOR])), path.format(case=case))
