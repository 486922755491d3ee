"""The pages of emergencies pass axe-core, light and dark, on a desk and on a phone, and none scrolls sideways."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared
from ecuanime.emergencies.models import Emergency, ExpressService
from ecuanime.staff.models import Competence, ProductArea
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


@pytest.mark.parametrize("path", ["/emergencias/", "/emergencias/{case}/"])
def test_at_the_desk(path: str, case: Emergency, windows: Windows) -> None:
    look(windows.of(User.objects.get(roles=[Role.TECHNICIAN])), path.format(case=case))


@pytest.mark.parametrize("path", ["/portal/emergencias/nueva/", "/portal/emergencias/{case}/"])
def test_in_the_portal(path: str, case: Emergency, windows: Windows) -> None:
    look(windows.of(case.contact.user), path.format(case=case))


@pytest.mark.parametrize("path", ["/ajustes/emergencias/"])
def test_in_the_settings(path: str, case: Emergency, windows: Windows) -> None:
    look(windows.of(User.objects.get(roles=[Role.ADMINISTRATOR])), path)
