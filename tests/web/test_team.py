"""Teams, hours and leave on their pages, and the proposal on a ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import Role, User
from ecuanime.rules.calendars import Band
from ecuanime.staff.actions import note_leave, set_competences, set_working_hours
from ecuanime.staff.models import Firm, Leave, ProductArea, Team
from ecuanime.staff.queries import bands_of
from ecuanime.tickets.actions import assign_by_policy
from tests.factories import make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db
ALWAYS = [Band(day, timezone.datetime.min.time(), timezone.datetime.min.time()) for day in range(7)]


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


@pytest.fixture
def me(client: Client) -> User:
    person = make_person(Role.ADMINISTRATOR, name="Adela Rey")
    client.force_login(person)
    return person


def test_a_team_is_made_changed_and_dissolved(client: Client, me: User) -> None:
    client.post("/ajustes/equipos/", {"name": "Sistemas", "members": [me.pk]})
    team = Team.objects.get()
    assert list(team.members.all()) == [me]
    refused = client.post("/ajustes/equipos/", {"name": "sistemas"})
    assert refused.status_code == 422
    assert "There is already a team with this name" in refused.content.decode()
    client.post(f"/ajustes/equipos/{team.pk}/", {"name": "Redes"})
    team.refresh_from_db()
    assert (team.name, team.members.count()) == ("Redes", 0)
    client.post("/ajustes/equipos/reparto/", {"given_out": "on"})
    assert Firm.objects.get().assigns_by_itself
    client.post(f"/ajustes/equipos/{team.pk}/disolver/")
    assert not Team.objects.exists()


def test_hours_are_written_as_people_write_them(client: Client, me: User) -> None:
    week = {"day_0": "9-14, 15:30–18.00", "day_4": "22:00-24:00"}
    assert client.post(f"/ajustes/personas/{me.pk}/horario/", week).status_code == 302
    written = [(band.weekday, f"{band.opens:%H:%M}", f"{band.closes:%H:%M}") for band in bands_of(me)]
    assert written == [(0, "09:00", "14:00"), (0, "15:30", "18:00"), (4, "22:00", "00:00")]
    assert "09:00-14:00, 15:30-18:00" in client.get(f"/ajustes/personas/{me.pk}/").content.decode()
    for wrong in ("mañanas", "9:00", "25-26", "14-9", "9-14, 13-15"):
        assert client.post(f"/ajustes/personas/{me.pk}/horario/", {"day_0": wrong}).status_code == 422
    assert len(bands_of(me)) == 3


def test_leave_is_asked_for_approved_and_cancelled(client: Client, me: User) -> None:
    nuria = make_person(name="Nuria")
    client.force_login(nuria)
    days = {"kind": "sick", "first_day": "2027-03-01", "last_day": "2027-03-05"}
    client.post("/equipo/", days | {"person": nuria.pk})
    leave = Leave.objects.get()
    assert leave.approved_at is None
    assert client.post("/equipo/", days | {"person": me.pk}).status_code == 422, "only one's own"
    client.post(f"/equipo/ausencias/{leave.pk}/aprobar/")
    leave.refresh_from_db()
    assert leave.approved_at is None
    client.force_login(make_person(name="Otra"))
    assert "Sick leave</" not in client.get("/equipo/").content.decode().split("<form")[0]
    client.force_login(me)
    client.post(f"/equipo/ausencias/{leave.pk}/aprobar/")
    leave.refresh_from_db()
    assert leave.approved_by == me
    client.post(f"/equipo/ausencias/{leave.pk}/cancelar/")
    leave.refresh_from_db()
    assert leave.cancelled_at is not None


def test_the_teams_page_costs_the_same_for_one_person_and_for_many(client: Client, me: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/equipo/").status_code == 200
        return len(queries)

    today = timezone.localdate()
    one = cost()
    for _each in range(3):
        person = make_person()
        note_leave(user=person, kind="holiday", first_day=today, last_day=today, by=me, now=timezone.now())
    assert cost() == one


def test_a_ticket_that_nobody_has_proposes_somebody_with_the_reason(client: Client, me: User) -> None:
    linux = ProductArea.objects.create(code="linux", name="Linux")
    nuria, iker = make_person(name="Nuria Sanz"), make_person(name="Iker Oca")
    for person in (nuria, iker):
        set_competences(user=person, levels={linux.pk: "consultant"}, now=timezone.now())
        set_working_hours(user=person, bands=ALWAYS, now=timezone.now())
    day = timezone.localdate()
    note_leave(
        user=iker,
        kind="holiday",
        first_day=day - timedelta(days=1),
        last_day=day + timedelta(days=1),
        by=me,
        now=timezone.now(),
    )
    ticket = make_ticket(area=linux)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    asked = f"/tickets/{ticket.number}/paneles/reparto/"
    assert f'hx-get="{asked}" hx-trigger="load, retry"' in page
    shown = client.get(asked).content.decode()
    assert "Assign it to Nuria Sanz" in shown
    assert "knows Linux (consultant), at work until" in shown
    assert "is on leave" in shown
    client.post(f"/tickets/{ticket.number}/asignar/", {"assignee": nuria.pk, "version": ticket.version})
    ticket.refresh_from_db()
    assert ticket.assignee == nuria
    assert "Who could take it" not in client.get(f"/tickets/{ticket.number}/").content.decode()
    Firm.objects.update(assigns_by_itself=True)
    given = assign_by_policy(ticket=make_ticket(area=linux), now=timezone.now())
    told = client.get(f"/tickets/{given.number}/").content.decode()
    assert "Chosen because: knows the area (consultant), at work until" in told
