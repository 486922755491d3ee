"""What is offered while somebody writes in a filter: for which part, to whom, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from ecuanime.accounts.models import User
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import define_field, keep_queue, set_tags
from ecuanime.tickets.filters import matching, offers, read_query
from ecuanime.tickets.filters.completion import piece_at
from tests.factories import NOW, make_client, make_contact, make_contract, make_firm, make_person
from tests.factories.tickets import make_ticket
from tests.shared import made_once, own


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("|", ("", "", "")),
        ("pri|", ("", "pri", "pri")),
        ("-pri|ority:high", ("", "pri", "priority:")),
        ("word tag:|", ("tag", "", "")),
        ("tag:cop| is:open", ("tag", "cop", "cop")),
        ("tag:uno,co|p,x", ("tag", "co", "cop")),
        ("priority:<=hi|", ("priority", "hi", "hi")),
        ("created:2026-01..to|", ("created", "to", "to")),
        ('queue:"segunda l| x', ("queue", "segunda l", '"segunda l')),
        ('queue:"se|gunda" x', ("queue", "se", '"segunda"')),
        ('"a phrase" ta|', ("", "ta", "ta")),
        ("campo.n_de_serie:a|", ("campo.n_de_serie", "a", "a")),
    ],
)
def test_the_part_that_is_being_written(text: str, piece: tuple[str, str, str]) -> None:
    at, plain = text.index("|"), text.replace("|", "")
    found = piece_at(plain, at)
    assert (found.key, found.typed, plain[found.start : found.end]) == piece


def _world() -> dict[str, Any]:
    irene = make_person(name="Irene Nuñez", email="irene@firm.example")
    contact = make_contact(make_client(name="ACME"), name="Ana Ruiz", email="ana@acme.example", signs_in=True)
    set_tags(ticket=make_ticket(contact=contact), names=["copias", "Caché, web"], by=irene, now=NOW)
    keep_queue(queue=None, name="Segunda línea", now=NOW)
    ProductArea.objects.create(code="erp", name="Sistemas de gestión")
    make_contract(contact.client)
    define_field(name="Color", kind="choice", choices=["Rojo", "Azul oscuro"], now=NOW)
    define_field(name="Número de serie", kind="text", now=NOW)
    return {"irene": irene, "contact": contact}


world = made_once(_world)


def said(user: User, text: str) -> list[str]:
    return [offer.text for offer in offers(user, text, len(text), now=NOW)]


@pytest.mark.django_db
def test_keys_and_words_in_the_readers_language(world: dict[str, Any]) -> None:
    irene = own(world)["irene"]
    with translation.override("en"):
        assert said(irene, "pri") == said(irene, "prio") == ["priority:"]
        assert said(irene, "field.") == ["field.color:", "field.numero_de_serie:"]
        assert said(irene, "serie") == []
        assert said(irene, "numero") == ["number:", "field.numero_de_serie:"]
        assert said(irene, "state:wai") == ["waiting_client", "waiting_third"]
        assert said(irene, "is:sno") == ["snoozed"]
        assert said(irene, "priority:<=h") == ["high"]
        assert said(irene, "created:>to") == ["today"]
    with translation.override("es"):
        assert said(irene, "priori") == ["prioridad:"]
        assert said(irene, "estado:esp") == ["espera_cliente", "espera_tercero"]
        assert said(irene, "es:ap") == ["aplazado"]
        assert said(irene, "colo") == ["campo.color:"]


@pytest.mark.django_db
def test_people_tags_queues_and_the_like(world: dict[str, Any]) -> None:
    irene, contact = own(world)["irene"], own(world)["contact"]
    with translation.override("en"):
        for text, offered in {
            "assignee:nuñ": ["irene@firm.example"],
            "assignee:me": [],
            "client:acm": [contact.client.code],
            "client:no": ["none"],
            "contact:ru": ["ana@acme.example"],
            "area:gesti": ["erp"],
            "queue:seg": ['"Segunda línea"'],
            "tag:cop": ["copias"],
            "tag:CACHE": ['"Caché, web"'],
            "field.color:az": ['"Azul oscuro"'],
            "field.color:rojo": ["Rojo"],
            "field.numero_de_serie:no": ["none"],
            "field.nothing:n": [],
            "subject:n": [],
            "colour:r": [],
        }.items():
            assert said(irene, text) == offered, text
        assert said(irene, "tag:copias") == [], "what stands there already is not offered"


@pytest.mark.django_db
def test_what_is_offered_can_be_read(world: dict[str, Any]) -> None:
    irene = own(world)["irene"]
    for language in ("en", "es"):
        with translation.override(language):
            for key in said(irene, ""):
                for value in said(irene, key):
                    matching(irene, read_query(f"{key}{value}"), now=NOW)


@pytest.mark.django_db
def test_it_costs_the_same_with_more_of_them(world: dict[str, Any]) -> None:
    irene = own(world)["irene"]
    costs = []
    for rows in (1, 3):
        for _ in range(rows):
            make_contact(make_client(name="Otra"), name="Ana Otra")
        with CaptureQueriesContext(connection) as queries:
            for text in ("client:otr", "contact:ana", "tag:c", "queue:s", "assignee:i", "fie"):
                said(irene, text)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_it_is_asked_by_address(world: dict[str, Any], client: Client) -> None:
    make_firm()
    client.force_login(own(world)["irene"])
    shown = client.get("/bandeja/completar/", {"q": "x tag:co", "at": "8"}).content.decode()
    assert 'data-text="copias" data-start="6" data-end="8"' in shown
    for odd in ("", "-1", "99999", "٣", "x", "9" * 40):
        assert client.get("/bandeja/completar/", {"q": 'tag:"\\ %', "at": odd}).status_code == 200
