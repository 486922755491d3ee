"""One typed line: how it reads, what comes back from it, and what recording it does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract
from ecuanime.tickets.models import Ticket
from ecuanime.web.desk.fast_line import FastLine, read_line, written
from ecuanime.worklog.actions import record_time
from ecuanime.worklog.models import TimeEntry
from tests.factories import make_contact, make_contract, make_firm, make_mailbox, make_person, make_work_type
from tests.factories.tickets import make_ticket

MADRID = ZoneInfo("Europe/Madrid")
TODAY = date(2026, 11, 27)
TYPES = {
    "remote": ("Remoto", "Remote"),
    "phone": ("Teléfono", "Phone"),
    "onsite": ("In situ", "On site"),
    "travel": ("Desplazamiento", "Travel"),
    "training": ("Formación", "Training"),
    "consultancy": ("Consultoría", "Consultancy"),
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "4817 9:15-10:40 remoto Cambio de DNS",
            {"starts": time(9, 15), "ends": time(10, 40), "work_type": "remote", "note": "Cambio de DNS"},
        ),
        ("4817 45m tel Llamada", {"seconds": 2700, "work_type": "phone", "note": "Llamada"}),
        ("4817 45 tel", {"seconds": 2700, "work_type": "phone"}),
        ("#4817 1h30 in situ con María", {"seconds": 5400, "work_type": "onsite", "note": "con María"}),
        ("1:30 #4817 on site", {"seconds": 5400, "work_type": "onsite"}),
        ("4817 1,5 h cortesía", {"seconds": 5400, "is_goodwill": True}),
        ("4817 37 km despl", {"units": 37, "work_type": "travel"}),
        ("4817 x2 travel 20m", {"units": 2, "seconds": 1200, "work_type": "travel"}),
        ("9-9:40 4817 ayer", {"starts": time(9), "ends": time(9, 40), "day": date(2026, 11, 26)}),
        ("4817 from 23:30 to 24 urgent", {"starts": time(23, 30), "ends": time(0), "is_urgent": True}),
        ("4817 9/11 1h lunes", {"day": date(2026, 11, 9), "seconds": 3600, "note": "lunes"}),
        ("4817 1h monday", {"seconds": 3600, "day": date(2026, 11, 23)}),
        ("4817 1h viernes", {"seconds": 3600, "day": date(2026, 11, 20)}),
        ("4817 31/12 1h", {"day": date(2025, 12, 31), "seconds": 3600}),
        ("4817 9-10 3 equipos", {"starts": time(9), "ends": time(10), "note": "3 equipos"}),
        ("4817 1h con el cliente", {"seconds": 3600, "note": "con el cliente"}),
        ("4817 1h tra", {"seconds": 3600, "doubtful": ("travel", "training")}),
        ("4817 1h : remote desktop fails", {"seconds": 3600, "note": "remote desktop fails"}),
        ("4817 25:10-26:00", {"note": "25:10-26:00"}),
    ],
)
def test_a_line_reads_as_people_mean_it(text: str, said: dict[str, Any]) -> None:
    assert read_line(text, TYPES, TODAY) == FastLine(number=4817, **said)


def test_what_is_written_reads_the_same() -> None:
    said = FastLine(
        number=4817,
        starts=time(9, 15),
        ends=time(10),
        units=3,
        work_type="onsite",
        is_urgent=True,
        is_goodwill=True,
        note="urgent: 5 km",
    )
    values = {key: value for key, value in asdict(said).items() if key not in ("day", "seconds", "doubtful")}
    assert read_line(written(**values), TYPES, TODAY) == said
    assert written(number=4817, seconds=4530, work_type="phone") == "4817 1:15 phone"


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    for code in ("remote", "phone"):
        make_work_type(code)
    person = make_person(language="en")
    client.force_login(person)
    return person


@pytest.fixture
def ticket(me: User) -> Ticket:
    contact = make_contact()
    make_contract(contact.client)
    return make_ticket(contact=contact, subject="La copia falla")


def yesterday() -> date:
    return timezone.now().astimezone(MADRID).date() - timedelta(days=1)


def at(clock: str) -> datetime:
    return datetime.combine(yesterday(), time.fromisoformat(clock), MADRID)


def worked(person: User, ticket: Ticket, start: str, end: str, **fields: Any) -> TimeEntry:
    values = {"work_type": make_work_type("remote"), "now": timezone.now()} | fields
    return record_time(user=person, ticket=ticket, started_at=at(start), ended_at=at(end), **values)


@pytest.mark.django_db
def test_after_a_renewal_the_contract_in_force_that_day_is_named(
    client: Client, me: User, ticket: Ticket
) -> None:
    ended = ticket.client.contracts.get()
    Ticket.objects.update(contract=ended)
    Contract.objects.update(ends_on=yesterday() - timedelta(days=1))
    successor = make_contract(ticket.client, starts_on=yesterday(), replaces=ended)

    shown = client.get(
        f"/horas/mi-dia/{yesterday()}/linea/", {"linea": f"{ticket.number} 45m phone"}
    ).content.decode()

    assert successor.number in shown
    assert ended.number not in shown


@pytest.mark.django_db
def test_a_line_is_shown_as_understood_and_then_recorded(client: Client, me: User, ticket: Ticket) -> None:
    address, text = f"/horas/mi-dia/{yesterday()}/linea/", f"{ticket.number} 9:15-10:40 phone Restaurada"
    worked(me, ticket, "10:30", "11:00")
    shown = client.get(address, {"linea": text}).content.decode()
    assert "La copia falla" in shown
    assert "09:15–10:40 · 1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}25" in shown
    assert "«Restaurada»" in shown
    assert f"overlaps #{ticket.number}, 10:30–11:00" in shown
    assert TimeEntry.objects.count() == 1, "looking records nothing"
    answer = client.post(address, {"linea": text})
    assert answer.headers["Location"] == f"/horas/mi-dia/{yesterday()}/"
    entry = TimeEntry.objects.latest("id")
    assert (entry.started_at, entry.ended_at) == (at("09:15"), at("10:40"))
    assert (entry.user, entry.work_type.code, entry.note) == (me, "phone", "Restaurada")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("45m phone", "Say which ticket"),
        ("999999 45m", "There is no ticket #999999"),
        ("{number} phone", "Write from when to when, or how long"),
        ("{number} 10:00-9:00 phone", "The end is before the beginning"),
        ("{number} 25h phone", "at most 24 hours"),
        ("{number} 100000000h", "Write from when to when"),
    ],
)
def test_a_line_that_cannot_be_recorded_keeps_its_text(
    client: Client, me: User, ticket: Ticket, line: str, words: str
) -> None:
    text = line.format(number=ticket.number)
    answer = client.post(f"/horas/mi-dia/{yesterday()}/linea/", {"linea": text})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{text}"' in shown
    assert words in shown.split('role="alert"')[1]
    assert not TimeEntry.objects.exists()


@pytest.mark.django_db
def test_pieces_may_take_no_time(client: Client, me: User, ticket: Ticket) -> None:
    client.post(f"/horas/mi-dia/{yesterday()}/linea/", {"linea": f"{ticket.number} 37 km"})
    entry = TimeEntry.objects.get()
    assert (entry.units, entry.elapsed_seconds) == (37, 0)
    assert "37 pieces" in client.get(f"/horas/mi-dia/{yesterday()}/").content.decode()


@pytest.mark.django_db
def test_an_earlier_entry_is_offered_again_as_a_line(client: Client, me: User, ticket: Ticket) -> None:
    for start, end in (("09:00", "09:30"), ("12:00", "12:40")):
        worked(me, ticket, start, end, note="Revisar copias")
    page = client.get(f"/horas/mi-dia/{yesterday()}/")
    assert [row.again for row in page.context["rows"] if row.line] == [
        f"{ticket.number} 09:00-09:30 remote : Revisar copias",
        f"{ticket.number} 12:00-12:40 remote : Revisar copias",
    ]
    assert [(each.again, each.work.times) for each in page.context["usual"]] == [
        (f"{ticket.number} 0:40 remote : Revisar copias", 2)
    ]
    offered = client.get("/horas/mi-dia/", {"linea": page.context["usual"][0].again}).content.decode()
    assert f'value="{ticket.number} 0:40 remote : Revisar copias"' in offered


@pytest.mark.django_db
def test_the_day_is_drawn_with_its_gaps_and_overlaps(client: Client, me: User, ticket: Ticket) -> None:
    for start, end in (("09:00", "10:00"), ("09:30", "10:30"), ("12:00", "13:00")):
        worked(me, ticket, start, end)
    drawing = client.get(f"/horas/mi-dia/{yesterday()}/").context["drawing"]
    assert [(block.kind, block.x, block.y) for block in drawing.blocks] == [
        ("overlaps", "10", 20),
        ("overlaps", "15", 50),
        ("worked", "40", 20),
    ]
    assert [(gap.x, gap.width, gap.url) for gap in drawing.gaps] == [("25", "15", "?linea=10:30-12:00+")]


@pytest.mark.django_db
def test_shared_time_is_left_to_the_other_entry(client: Client, me: User, ticket: Ticket) -> None:
    whole = worked(me, ticket, "09:00", "12:00", billable_seconds=9000)
    inside = worked(me, ticket, "10:00", "10:30")
    client.post(f"/horas/partes/{whole.pk}/dejar-sitio/", {"other": inside.pk})
    rows = TimeEntry.objects.exclude(pk=inside.pk).order_by("started_at")
    assert [(row.started_at, row.ended_at, row.billable_seconds) for row in rows] == [
        (at("09:00"), at("10:00"), 3600),
        (at("10:30"), at("12:00"), 5400),
    ]
    swallowed = worked(me, ticket, "09:10", "09:20")
    answer = client.post(f"/horas/partes/{swallowed.pk}/dejar-sitio/", {"other": whole.pk}, follow=True)
    assert "nothing would remain" in answer.content.decode()
    answer = client.post(f"/horas/partes/{whole.pk}/dejar-sitio/", {"other": "x"}, follow=True)
    assert "deleted meanwhile" in answer.content.decode()


@pytest.mark.django_db
def test_a_day_costs_the_same_at_one_entry_and_at_three(client: Client, me: User, ticket: Ticket) -> None:
    counts = []
    for start, end in (("09:00", "09:30"), ("09:20", "11:00"), ("12:00", "13:00")):
        worked(me, ticket, start, end, note="Revisar copias")
        worked(me, ticket, start, end, note="Revisar copias")
        client.get(f"/horas/mi-dia/{yesterday()}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/horas/mi-dia/{yesterday()}/")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
