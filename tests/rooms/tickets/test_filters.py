"""The query language: what each condition finds, what is refused and where, and that nothing breaks it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecuanime.accounts.models import User
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import (
    assign,
    change_state,
    define_field,
    fill_fields,
    keep_queue,
    move_to_queue,
    retire_field,
    set_area,
    set_priority,
    set_tags,
)
from ecuanime.tickets.filters import Asker, Unreadable, hangs_on_time, matching, matching_for, read_query
from ecuanime.tickets.filters.keys import FIELD, FLAGS, known_key
from ecuanime.tickets.filters.translation import READERS
from ecuanime.tickets.models import Priority, State, Ticket
from tests.factories import NOW, make_client, make_contact, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def irene() -> User:
    return make_person(name="Irene Nuñez")


@pytest.fixture
def tickets(irene: User) -> None:
    """Three: 1001 of ACME, urgent, Irene's; 1002 of Ñandú, waiting for the client; 1003 of nobody known, old."""
    acme = make_contact(make_client(name="ACME Logística"), name="Ana Ruiz", email="ana@acme.example")
    area = ProductArea.objects.create(code="erp", name="ERP")
    first = make_ticket(contact=acme, subject="El programa no envía", now=NOW - timedelta(hours=5))
    assign(ticket=first, assignee=irene, by=irene, now=NOW)
    set_priority(ticket=first, priority=Priority.URGENT, by=irene, now=NOW)
    set_tags(ticket=first, names=["Copias"], by=irene, now=NOW)
    set_area(ticket=first, area=area, by=irene, now=NOW)
    move_to_queue(
        ticket=first, queue=keep_queue(queue=None, name="Segunda línea", now=NOW), by=irene, now=NOW
    )
    other = make_contact(make_client(name="Ñandú"), name="Luis")
    second = make_ticket(contact=other, subject="Factura 77 sin abrir", now=NOW - timedelta(days=1))
    change_state(ticket=second, state=State.WAITING_CLIENT, by=irene, now=NOW)
    make_ticket(client=None, subject="Correo raro", now=NOW - timedelta(days=40))


FINDS = {
    "": [1001, 1002, 1003],
    "state:new": [1001, 1003],
    "estado:espera_cliente,cerrado": [1002],
    "-state:new": [1002],
    "is:open": [1001, 1002, 1003],
    "es:sin_asignar": [1002, 1003],
    "priority:<=high": [1001],
    "priority:3": [1002, 1003],
    "priority:urgent..normal": [1001, 1002, 1003],
    "assignee:me": [1001],
    "assignee:nunez": [1001],
    "-asignado:yo": [1002, 1003],
    "client:acme": [1001],
    "cliente:nandu": [1002],
    "client:none": [1003],
    "-client:acme": [1002, 1003],
    "contact:ana@acme.example": [1001],
    "area:erp": [1001],
    'queue:"segunda linea"': [1001],
    "queue:none": [1002, 1003],
    "tag:copias": [1001],
    "tag:none": [1002, 1003],
    "-tag:copias": [1002, 1003],
    "number:1001..1002": [1001, 1002],
    "#1002": [1002],
    "created:<2d": [1001, 1002],
    "created:>=2d": [1003],
    "waiting:>4h": [1001, 1003],
    "created:2026-09..2026-10": [1003],
    "due:none": [1001, 1002, 1003],
    "due:<2d": [],
    "due:2026-11": [],
    "is:late,snoozed": [],
    "updated:<2d": [1001, 1002],
    "solved:<2d": [],
    "contract:none": [1001, 1002, 1003],
    "channel:portal": [],
    "programa": [1001],
    '"no envia"': [1001],
    '"envia programa"': [],
    "-programa": [1002, 1003],
    "subject:factura tag:none": [1002],
    "client:acme,nandu -is:unassigned": [1001],
}


@pytest.mark.usefixtures("tickets")
def test_each_condition_finds_its_own(irene: User) -> None:
    for text, expected in FINDS.items():
        found = matching(irene, read_query(text), now=NOW).values_list("number", flat=True)
        assert sorted(found) == expected, text


@pytest.mark.usefixtures("tickets")
def test_what_hangs_on_time_says_so(irene: User) -> None:
    """What a list asks for is kept for as long as nothing changes only where its words do not look at the clock."""
    texts = [*FINDS, *(f"is:{flag}" for flag in FLAGS)]
    keys = {known_key(term.key.partition(".")[0]) for text in texts for term in read_query(text).terms}
    assert keys | {FIELD} == READERS.keys()
    clockless = Asker(irene, now=None)  # type: ignore[arg-type]  # whoever looks at it fails
    for text in texts:
        if not hangs_on_time(read_query(text)):
            matching_for(clockless, read_query(text))
    for text in ("created:today", "is:late", "es:tarde", "due:<2d", "campo.garantia:hoy", "-creado:>2d"):
        assert hangs_on_time(read_query(text)), text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("colour:red", "colour:"),
        ("is:open state:lost", "lost"),
        ('"no end', '"no end'),
        ("tag:", ":"),
        ('tag:""', '""'),
        ("created:tomorrow", "tomorrow"),
        ("created:2026-02-31", "2026-02-31"),
        ("created:<99999w", "<99999w"),
        ("number:12x", "12x"),
        ("client:>acme", ">acme"),
        ("a\0b", "\0"),
        ("a,,, ***", "***"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(irene: User, text: str, part: str) -> None:
    with pytest.raises(Unreadable) as refused:
        matching(irene, read_query(text), now=NOW)
    assert text[refused.value.at : refused.value.at + refused.value.length] == part
    assert refused.value.text


def test_too_long_and_too_much_are_refused(irene: User) -> None:
    for text in ("a" * 501, "a " * 21, "state:" + ",".join(["new"] * 21)):
        with pytest.raises(Unreadable):
            matching(irene, read_query(text), now=NOW)


@pytest.fixture
def own_fields(irene: User, tickets: None) -> None:
    """1001: A-17 Ñu, red, 2.5, until the end of November; 1002: B*9, dark blue, 10, until New Year's Eve."""
    kinds = {"Número de serie": "text", "Color": "choice", "Puestos": "number", "Garantía": "date"}
    fields = {
        kind: define_field(name=name, kind=kind, choices=["Rojo", "Azul oscuro"], now=NOW)
        for name, kind in kinds.items()
    }
    said = {
        1001: {"text": "A-17 Ñu", "choice": "Rojo", "number": "2,5", "date": "2026-11-30"},
        1002: {"text": "b%9", "choice": "Azul oscuro", "number": "10", "date": "2026-12-31"},
    }
    for number, values in said.items():
        ticket = Ticket.objects.get(number=number)
        fill_fields(
            ticket=ticket, values={fields[kind].pk: text for kind, text in values.items()}, by=irene, now=NOW
        )
    retire_field(field=fields["date"], now=NOW)


FINDS_IN_OWN_FIELDS = {
    'field.numero_de_serie:"a-17 ñu"': [1001],
    "campo.número_de_serie:A-17*": [1001],
    "FIELD.Numero_De_Serie:b%*": [1002],
    "field.numero_de_serie:a": [],
    "field.numero_de_serie:none": [1003],
    "-field.numero_de_serie:none": [1001, 1002],
    "field.color:rojo": [1001],
    'field.color:rojo,"azul oscuro"': [1001, 1002],
    "field.color:azul* is:open": [1002],
    "-field.color:rojo": [1002, 1003],
    "field.puestos:2.5": [1001],
    "field.puestos:>=2.5": [1001, 1002],
    "field.puestos:<-1": [],
    "field.puestos:3..10": [1002],
    "field.garantia:2026-11": [1001],
    "field.garantia:>2026-11": [1002],
    "field.garantia:<=2026-11-30": [1001],
    "field.garantia:2026-11..2026-12": [1001, 1002],
}


@pytest.mark.usefixtures("own_fields")
def test_each_kind_of_own_field_finds_its_own(irene: User) -> None:
    for text, expected in FINDS_IN_OWN_FIELDS.items():
        found = matching(irene, read_query(text), now=NOW).values_list("number", flat=True)
        assert sorted(found) == expected, text


@pytest.mark.usefixtures("own_fields")
@pytest.mark.parametrize(
    ("text", "part", "told"),
    [
        ("-field.tono:rojo", "field.tono:", "field.numero_de_serie, field.color, field.puestos"),
        ("field:rojo", "field:", "field.color"),
        ("field.color:verde", "verde", "Rojo, Azul oscuro"),
        ("field.color:>rojo", ">rojo", ""),
        ("field.puestos:muchos", "muchos", ""),
        ("field.puestos:1..x", "1..x", ""),
        ("field.puestos:99999999999999", "99999999999999", ""),
        ("field.garantia:mañana", "mañana", "2026-01-31"),
    ],
)
def test_no_such_field_or_choice_is_said_with_what_there_is(
    irene: User, text: str, part: str, told: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        matching(irene, read_query(text), now=NOW)
    assert text[refused.value.at : refused.value.at + refused.value.length] == part
    assert told in refused.value.text


def test_without_own_fields_it_says_so(irene: User) -> None:
    with pytest.raises(Unreadable) as refused:
        matching(irene, read_query("field.color:rojo"), now=NOW)
    assert "no fields of its own" in refused.value.text


@pytest.mark.usefixtures("tickets")
def test_a_contact_finds_their_own_and_nothing_of_the_team(irene: User) -> None:
    contact = make_contact(signs_in=True)
    own = make_ticket(contact=contact)
    assert contact.user
    assert [each.pk for each in matching(contact.user, read_query("is:open"), now=NOW)] == [own.pk]
    for text in (
        "assignee:nunez",
        "is:unassigned",
        "is:snoozed",
        "tag:copias",
        "queue:none",
        "cliente:acme",
        "campo.x:y",
    ):
        with pytest.raises(Unreadable):
            matching(contact.user, read_query(text), now=NOW)


PIECES = [
    *(
        "is:",
        "field.x:",
        "state:",
        "-",
        '"',
        ",",
        "..",
        "<",
        ">=",
        "tag:",
        "created:",
        "number:",
        "client:",
        "hoy",
        " ",
    ),
    *(
        "9" * 19,
        "''",
        "\\",
        "%",
        "_",
        "\0",
        "\ud800",
        "ñ",
        "2026-01-01",
        "0001-01-01",
        "1d",
        "&|!:*()",
        ";",
        "٣",
    ),
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join))
def test_nothing_breaks_it(irene: User, text: str) -> None:
    """Either it is read and asked, or it is refused: the database never sees what it cannot take."""
    with suppress(Unreadable):
        list(matching(irene, read_query(text), now=NOW)[:1])


def test_a_query_is_one_statement(irene: User) -> None:
    """And one before it for all tags, and one for all fields of the firm's own."""
    define_field(name="Uno", kind="text", now=NOW)
    for text, statements in {
        "client:a area:b queue:c assignee:e contact:f word": 1,
        "tag:a -tag:b field.uno:a,b -field.uno:none": 3,
    }.items():
        with CaptureQueriesContext(connection) as queries:
            list(matching(irene, read_query(text), now=NOW))
        assert len(queries) == statements
