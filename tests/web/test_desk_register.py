"""The working-time register: derived from recorded time, a person's own or, for supervisors, everybody's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.contracts.models import Approval
from ecuanime.worklog.actions import close_day, record_correction
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries import month_register
from tests.factories import NOW
from tests.factories.worklog import WORKED_ON, Office, make_office

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def office() -> Office:
    office = make_office()
    type(office.technician).objects.update(language="en")
    return office


def at(clock: str, day: int = 9) -> datetime:
    """In Madrid, an hour ahead of UTC."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour) - 1, int(minute), tzinfo=UTC)


def worked(office: Office, start: str, end: str) -> TimeEntry:
    return office.entry(started_at=at(start), ended_at=at(end))


def test_a_day_has_entry_exit_and_breaks_and_counts_overlaps_once(office: Office) -> None:
    worked(office, "09:00", "11:00")
    worked(office, "10:30", "11:30")
    worked(office, "12:00", "14:00")
    office.entry(20)

    [day] = month_register(office.technician, NOVEMBER).days

    assert (day.day, day.begun_at, day.ended_at) == (WORKED_ON, at("09:00"), at("14:00"))
    assert [(gap.started_at, gap.ended_at) for gap in day.breaks] == [(at("11:30"), at("12:00"))]
    assert (day.worked_seconds, day.break_seconds, day.untimed_seconds) == (4.5 * 3600, 1800, 1200)
    assert not day.is_final


def test_what_the_client_does_not_pay_for_was_worked_all_the_same(office: Office) -> None:
    worked(office, "09:00", "10:00")
    close_day(day=WORKED_ON, now=NOW)
    TimeEntry.objects.update(state=EntryState.REJECTED)

    [day] = month_register(office.technician, NOVEMBER).days

    assert (day.worked_seconds, day.is_final) == (3600, True)


def test_a_rejected_correction_takes_nothing_from_what_was_worked() -> None:
    office = make_office(approval=Approval.SUPERVISOR)
    entry = office.approved(60)
    facts = {"by": office.technician, "reason": "Eran menos", "now": NOW}
    for seconds in (-600, -1200):
        record_correction(entry=entry, seconds=seconds, **facts)  # type: ignore[arg-type]
    TimeEntry.objects.filter(elapsed_seconds=-1200).update(state=EntryState.REJECTED)

    [day] = month_register(office.technician, NOVEMBER).days

    assert day.untimed_seconds == 3000


def test_the_month_on_screen_and_as_a_file(office: Office, client: Browser) -> None:
    worked(office, "09:00", "10:00")
    worked(office, "10:15", "11:00")
    client.force_login(office.technician)

    shown = client.get("/horas/jornada/").content.decode()
    file = client.get("/horas/jornada/csv/", {"mes": "2026-11"})

    assert "10:00–10:15" in shown
    assert file.headers["Content-Disposition"].endswith(f'2026-11-{office.technician.pk}.csv"')
    assert file.content.decode().splitlines()[1] == (
        "Teo Bruna,2026-11-09,09:00,11:00,10:00-10:15,15,105,0,no"
    )
    assert "Nothing is recorded" in client.get("/horas/jornada/", {"mes": "2026-10"}).content.decode()


def test_the_register_of_another_is_for_supervisors(office: Office, client: Browser) -> None:
    query = {"persona": str(office.technician.pk)}
    client.force_login(office.supervisor)
    assert "Teo Bruna" in client.get("/horas/jornada/", query).content.decode()
    client.force_login(office.technician)
    for address in ("/horas/jornada/", "/horas/jornada/csv/"):
        assert client.get(address, {"persona": str(office.supervisor.pk)}).status_code == 404
        assert client.get(address, {"mes": "2026-13"}).status_code == 404
        assert client.get(address, {"persona": "x"}).status_code == 404


def test_a_month_costs_the_same_at_one_day_and_at_three(office: Office, client: Browser) -> None:
    client.force_login(office.supervisor)
    query, counts = {"persona": str(office.technician.pk)}, []
    for number in range(3):
        started = at("09:00") - timedelta(days=number)
        office.entry(60, started_at=started)
        with CaptureQueriesContext(connection) as queries:
            client.get("/horas/jornada/", query)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
