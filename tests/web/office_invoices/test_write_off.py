"""Writing off on screen: what it is not, who may, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.accounts.models import Role
from ecuanime.billing.models import Invoice, Payment
from tests.factories import make_person
from tests.factories.billing import MONTH_END, make_billing
from tests.web.office_invoices.test_invoices import text_of

pytestmark = pytest.mark.django_db


def test_written_off_with_a_reason_and_taken_back(client: Browser, time_machine: Any) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    billing = make_billing()
    billing.approved(15)
    issued = billing.issue()
    client.force_login(billing.clerk)
    page = f"/facturas/{issued.number}/"

    assert "This is no credit note" in text_of(client.get(f"{page}incobrable/"))
    sent = {"reason": "Concurso", "written_on": "2026-11-30", "owed": "1353"}
    assert client.post(f"{page}incobrable/", sent | {"reason": ""}).status_code == 422
    assert client.post(f"{page}incobrable/", sent | {"owed": "1"}).status_code == 422
    client.post(f"{page}incobrable/", sent)

    shown = text_of(client.get(page))
    assert "Written off" in shown
    assert "Written off by Marcos León" in shown
    assert issued.number in text_of(client.get("/facturas/", {"ver": "incobrables"}))
    assert "13.53 were written off this year" in text_of(client.get("/facturas/antiguedad/"))
    written = Payment.objects.get()
    assert "owes the" in text_of(client.get(f"{page}incobrable/{written.pk}/deshacer/"))
    client.post(f"{page}incobrable/{written.pk}/deshacer/", {"reason": "Pagó"})
    assert Invoice.objects.get(pk=issued.pk).owed == 1353
    assert "Write off what is left" in text_of(client.get(page))

    client.force_login(make_person(Role.SUPERVISOR))
    assert "Write off what is left" not in text_of(client.get(page))
