"""The compliance report says the same on screen, as CSV and on paper, in the office and in the portal."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from ecuanime.accounts.models import Role
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import set_service_level
from ecuanime.tickets.actions import change_state, reply, tell_due_deadlines
from ecuanime.tickets.models import State
from ecuanime.worklog.compliance import Month, compliance_of
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.factories import NOW, make_person, make_work_type
from tests.factories.tickets import make_ticket
from tests.factories.worklog import Office, make_office

pytestmark = pytest.mark.django_db
NOVEMBER = Month(NOW.date().replace(day=1), "Europe/Madrid")
TARGETS = {(3, "first_response"): 60, (3, "solution"): 240}


@pytest.fixture
def office() -> Office:
    office = make_office()
    set_service_level(
        client=office.client, targets=TARGETS, credit_minutes=30, credit_most_minutes=45, now=NOW
    )
    return office


def tell(office: Office, *, tickets: int = 1) -> Client:
    """So many tickets answered in time, and as many that were answered late, solved late and opened again."""
    boss = make_person(Role.SUPERVISOR)
    for minutes in (30, 90) * tickets:
        ticket = make_ticket(contact=office.lead)
        reply(ticket=ticket, author=boss, text="Ya.", now=NOW + timedelta(minutes=minutes))
        if minutes == 90:
            for hour, state in ((5, State.SOLVED), (6, State.OPEN)):
                change_state(ticket=ticket, state=state, by=boss, now=NOW + timedelta(hours=hour))
        TimeEntry.objects.create(
            ticket=ticket,
            client=office.client,
            contract=office.contract,
            user=office.technician,
            work_type=make_work_type("remote"),
            work_on=NOW.date(),
            started_at=NOW + timedelta(hours=7),
            ended_at=NOW + timedelta(hours=8),
            elapsed_seconds=3600,
            state=EntryState.APPROVED,
            created_at=NOW,
        )
    tell_due_deadlines(now=NOW + timedelta(hours=10))
    return office.client


def test_each_figure_is_what_its_list_adds_up_to(office: Office) -> None:
    found = compliance_of(tell(office), NOVEMBER)
    assert [(row.metric, row.kept, row.broken, row.percent) for row in found.times] == [
        ("first_response", 1, 1, 50),
        ("solution", 0, 2, 0),
    ]
    assert len(found.deadlines) == found.all_times.total == 4
    assert [(row.seconds, row.visits) for row in found.delivered] == [(7200, 0)]
    assert (found.quality.reopened, found.quality.rework_seconds) == (1, 3600)
    assert found.credit_minutes == 45, "three broken promises at 30 minutes, at most 45 a month"
    december = Month(date(2026, 12, 1), "Europe/Madrid")
    assert compliance_of(office.client, december).all_times.total == 0


def test_it_reads_the_same_everywhere_and_leads_alone_see_it(office: Office, client: Browser) -> None:
    tell(office)
    client.force_login(make_person(Role.SUPERVISOR, language="en"))
    base = f"/clientes/{office.client.code}/cumplimiento/"
    page = client.get(f"{base}?mes=2026-11").content.decode()
    assert "1 of 4" in page
    rows = list(csv.reader(io.StringIO(client.get(f"{base}csv/?mes=2026-11").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["time"] * 4 + ["quantity"] * 2 + ["quality"]
    pdf = PdfReader(io.BytesIO(client.get(f"{base}pdf/?mes=2026-11").content))
    printed = "".join(each.extract_text() for each in pdf.pages)
    assert "Compliance report" in printed
    assert "0 h 45" in printed.replace("\xa0", " ")
    assert office.client.name in client.get("/plazos/cumplimiento/?mes=2026-11").content.decode()
    assert client.get(f"{base}?mes=nonsense").status_code == 404


def test_more_promises_cost_no_more_queries(office: Office, client: Browser) -> None:
    client.force_login(make_person(Role.SUPERVISOR, language="en"))
    counted = []
    for tickets in (1, 2):
        tell(office, tickets=tickets)
        for address in (f"/clientes/{office.client.code}/cumplimiento/", "/plazos/cumplimiento/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{address}?mes=2026-11").status_code == 200
            counted.append(len(queries))
    assert counted[:2] == counted[2:]
