"""The compliance report says the same on screen, as CSV and on paper, in the office and in the portal."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from ecuanime.accounts.models import Role
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import set_service_level
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.actions import grant_credit
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import change_state, reply, tell_due_deadlines
from ecuanime.tickets.models import State
from ecuanime.worklog.actions import give_credits
from ecuanime.worklog.compliance import Month, compliance_of
from ecuanime.worklog.models import BreachCredit, EntryState, TimeEntry
from tests.factories import NOW, make_contact, make_person, make_work_type
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


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def test_a_supervisor_gives_the_credit_of_a_month_once(office: Office, client: Browser) -> None:
    tell(office)
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    boss = make_person(Role.SUPERVISOR, language="en")
    give = partial(give_credits, client=office.client, month=NOVEMBER, by=boss, now=december)
    assert refused(lambda: give(by=office.technician)) == "not_allowed"
    assert refused(lambda: give(now=NOW)) == "month_open"
    Contract.objects.update(state=Contract.State.ENDED)
    assert refused(give) == "no_contract"
    Contract.objects.update(state=Contract.State.ACTIVE)
    assert not BreachCredit.objects.exists()
    assert not Lot.objects.exists()
    client.force_login(boss)
    address = f"/clientes/{office.client.code}/cumplimiento/"
    with patch("django.utils.timezone.now", return_value=december):
        page = client.get(f"{address}?mes=2026-11").content.decode()
        assert "Give this credit" in page
        for _time in range(2):
            client.post(f"{address}abonar/", {"mes": "2026-11"})
        page = client.get(f"{address}?mes=2026-11").content.decode().replace("\xa0", " ")
    assert "0 h 45 given" in page
    assert "Give this credit" not in page
    lot = Lot.objects.get()
    assert (lot.contract, lot.left, lot.unit_price_paid, lot.is_bonus) == (office.contract, 4500, 0, True)
    assert sorted(BreachCredit.objects.values_list("minutes", flat=True)) == [15, 30]
    assert refused(give) == "nothing_to_give"
    first = BreachCredit.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        BreachCredit.objects.create(
            deadline=first.deadline, lot=lot, minutes=1, month=first.month, given_at=NOW, given_by=boss
        )
    lead = make_contact(office.client, is_project_lead=True, signs_in=True, language="en")
    assert lead.user
    client.force_login(lead.user)
    assert "given on" in client.get("/portal/cumplimiento/?mes=2026-11").content.decode()


def test_what_was_given_pays_for_work_whatever_the_plan() -> None:
    office = make_office(PlanKind.ON_DEMAND, approval="supervisor")
    lot = grant_credit(contract=office.contract, minutes=45, reason="x", now=NOW, idempotency_key="c")
    again = grant_credit(contract=office.contract, minutes=45, reason="x", now=NOW, idempotency_key="c")
    assert again == lot
    office.approved(30, work_on=NOW.date())
    lot.refresh_from_db()
    assert lot.left == 1500
    with pytest.raises(Refused):
        grant_credit(contract=office.contract, minutes=0, reason="x", now=NOW, idempotency_key="d")
    assert Lot.objects.count() == 1


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
