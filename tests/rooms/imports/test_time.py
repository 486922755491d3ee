"""Time of a former program comes once, on closed tickets, and is shown and counted, never drawn nor billed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from ecuanime.accounts.models import Role, User
from ecuanime.billing.queries import run_preview
from ecuanime.clients.models import Client
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.models import Movement
from ecuanime.tickets.models import State, Ticket
from ecuanime.worklog.access import visible_to_contact
from ecuanime.worklog.models import EntryState, RatedEntry, TimeEntry
from ecuanime.worklog.queries import entry_line, month_register, time_of_ticket
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_person,
    make_work_type,
)
from tests.rooms.imports.files import brought, csv_of, given, outcomes
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db
HEADERS = ("Cliente", "Técnico", "Fecha", "Horas", "Minutos", "Tipo", "Nota", "Ticket", "Asunto")
FIRST = ("C-0700", "Teo Bruna", "03/02/2026", "1:30", "", "remote", "Router", "INC-1", "Sin red")
ROWS = (
    FIRST,
    ("Óptica", "teo@firma.example", "01/02/2026", "", "45", "Remote", "Copias", "INC-1", ""),
    ("Óptica", "Teo Bruna", "10/01/2026", "2", "", "remote", "", "", ""),
    ("Óptica", "Teo Bruna", "10/01/2026", "2", "", "remote", "", "", ""),
)


@pytest.fixture(autouse=True)
def customer() -> Client:
    """A client with a contract that would rate new work."""
    make_firm(country="ES")
    make_work_type("remote")
    client = make_client(name="Óptica", code="C-0700")
    make_contract(client=client)
    return client


@pytest.fixture(autouse=True)
def technician() -> User:
    """Who did it, and has left."""
    person = make_person(Role.TECHNICIAN, name="Teo Bruna", email="teo@firma.example")
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person


def test_time_comes_once_on_closed_tickets_and_touches_no_hours(customer: Client, technician: User) -> None:
    file = brought("time", csv_of(HEADERS, *ROWS))
    assert (file.new, given("time", csv_of(HEADERS, *ROWS)).known) == (4, 4)
    referred, other = Ticket.objects.order_by("number")
    assert (referred.subject, referred.state) == ("INC-1 · Sin red", State.CLOSED)
    assert (referred.created_at.date(), referred.closed_at.date()) == (date(2026, 1, 31), date(2026, 2, 2))
    assert [entry.elapsed_seconds for entry in TimeEntry.objects.order_by("pk")] == [5400, 2700, 7200, 7200]
    assert set(TimeEntry.objects.values_list("state", "contract")) == {(EntryState.SETTLED, None)}
    for model in (Movement, RatedEntry, OutgoingMail):
        assert not model.objects.exists()
    preview = run_preview(NOW.date())
    assert (preview.rows, preview.left_out.any) == ((), False)

    time = time_of_ticket(referred)
    assert (time.totals.elapsed_seconds, time.totals.unpriced) == (8100, 0)
    assert month_register(technician, date(2026, 1, 1)).untimed_seconds == 14400
    line = entry_line(TimeEntry.objects.filter(ticket=other)[0])
    assert (line.problems, line.warnings, line.figures) == ((), (), None)
    contact = make_contact(client=customer, is_project_lead=True)
    assert visible_to_contact(contact).count() == 4


def test_it_never_changes(customer: Client) -> None:
    brought("time", csv_of(HEADERS, FIRST))
    for change in ({"state": "approved"}, {"elapsed_seconds": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            TimeEntry.objects.update(**change)


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        (0, "Nadie", "unknown_client"),
        (1, "Nadie", "unknown_person"),
        (5, "buceo", "unknown_work_type"),
        (2, "11/11/2026", "future"),
        (2, "", "empty_cell"),
        (3, "", "no_duration"),
        (4, "90", "no_duration"),
        (3, "0:00", "too_short"),
        (3, "24:01", "too_long"),
        (3, "-1", "end_before_start"),
    ],
)
def test_a_wrong_row_keeps_all_out(place: int, cell: str, code: str) -> None:
    row = (*FIRST[:place], cell, *FIRST[place + 1 :])
    assert outcomes(given("time", csv_of(HEADERS, ROWS[2], row))) == [(2, "new", ""), (3, "wrong", code)]
    assert not TimeEntry.objects.exists()
    assert not Ticket.objects.exists()


def test_it_stands_on_the_pages_as_brought_over(client: Browser, customer: Client) -> None:
    brought("time", csv_of(HEADERS, FIRST))
    entry = TimeEntry.objects.get()
    client.force_login(make_person(Role.SUPERVISOR))
    page = client.get(reverse("hours_entry", args=[entry.pk])).content.decode()
    for part in ("brought over, settled", "Brought over from a former program", "here it costs nothing"):
        assert part in page
    ticket = whole_ticket(client, entry.ticket.number)
    assert "settled before it was brought over" in ticket
    assert "No contract yet" not in ticket
