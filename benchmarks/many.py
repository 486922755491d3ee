"""A desk of any size: clients, tickets and messages written straight into the tables, and as plain JSON lines.

The lines (`clients.jsonl`, `tickets.jsonl`, `messages.jsonl`) let the same data be loaded into another program. All is
made from numbers, so that each run makes the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.words import plain_words
from ecuanime.tickets.models import Channel, Message, State, Tag, Ticket

CLIENTS, TAGS, MESSAGES_EACH, BATCH = 500, 20, 3, 2_000
FIRST_NUMBER = 10_000_000
WORDS = [
    *(
        "correo",
        "factura",
        "servidor",
        "copia",
        "disco",
        "red",
        "impresora",
        "web",
        "dominio",
        "clave",
        "almacén",
    ),
    *("pedido", "nómina", "balance", "informe", "usuario", "permiso", "certificado", "instalación", "cambio"),
]
RARE = "ornitorrinco"
STATES = [
    *[State.CLOSED] * 14,
    *[State.SOLVED] * 2,
    *(State.OPEN, State.NEW, State.WAITING_CLIENT, State.WAITING_THIRD),
]


FOUND = """
WITH said AS MATERIALIZED (
    SELECT ticket, search_document(subject, people, '', '') AS of_ticket,
        search_document(subject, people, '', body) AS of_message
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS plain (ticket, subject, people, body)
)
INSERT INTO tickets_searchdocument (ticket_id, message_id, is_internal, at, words, is_stale)
    SELECT ticket, NULL, false, created_at, of_ticket, false FROM said JOIN tickets_ticket ON id = ticket
    UNION ALL
    SELECT ticket, id, false, created_at, of_message, false FROM said JOIN tickets_message ON ticket_id = ticket
"""
"""What search reads; the messages of a ticket say the same, so that its words are read once for all of them."""


def fill(tickets: int, folder: Path) -> float:
    """Write `tickets` tickets with three messages each, and the lines into `folder`; the seconds it took."""
    begun = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    now = read_clock()
    contacts = _contacts(now, folder)
    people = list(User.objects.filter(roles__overlap=[Role.TECHNICIAN, Role.SUPERVISOR]).order_by("pk"))
    tags = Tag.objects.bulk_create(Tag(name=f"banco-{number}") for number in range(TAGS))
    with (folder / "tickets.jsonl").open("w") as lines, (folder / "messages.jsonl").open("w") as threads:
        for numbers in _batches(tickets):
            made = Ticket.objects.bulk_create(_ticket(n, now, contacts, people) for n in numbers)
            messages = [message for ticket in made for message in _messages(ticket)]
            Message.objects.bulk_create(messages, batch_size=BATCH)
            _hang(made, tags)
            _let_be_found(made)
            lines.writelines(_line(_plain_ticket(ticket)) for ticket in made)
            threads.writelines(_line(_plain_message(message)) for message in messages)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return round(time.perf_counter() - begun, 1)


def _batches(total: int) -> Iterator[range]:
    for start in range(0, total, BATCH):
        yield range(start, min(total, start + BATCH))


def _contacts(now: datetime, folder: Path) -> list[Contact]:
    clients = Client.objects.bulk_create(
        Client(code=f"B-{n:05}", name=f"{WORDS[n % 20].title()} {n}, S. L.", currency="EUR", created_at=now)
        for n in range(CLIENTS)
    )
    with (folder / "clients.jsonl").open("w") as lines:
        lines.writelines(_line({"code": client.code, "name": client.name}) for client in clients)
    return Contact.objects.bulk_create(
        Contact(client=client, name=f"Elvira {n}", email=f"elvira{n}@b{n}.example", created_at=now)
        for n, client in enumerate(clients)
    )


def _ticket(number: int, now: datetime, contacts: list[Contact], people: list[User]) -> Ticket:
    contact, state = contacts[number * 7919 % CLIENTS], STATES[number * 13 % 20]
    at = now - timedelta(minutes=number * 104_729 % 1_500_000)
    word = RARE if number % 10_000 == 77 else WORDS[number * 3 % 20]
    return Ticket(
        number=FIRST_NUMBER + number,
        token=f"bench{number:020}",
        subject=f"{WORDS[number % 20]} {word} {WORDS[number * 11 % 20]} {number}",
        client=contact.client,
        contact=contact,
        requester_name=contact.name,
        requester_email=contact.email,
        channel=Channel.EMAIL,
        state=state,
        priority=1 + number * 31 % 4,
        assignee=people[number % len(people)] if number % 5 else None,
        waits_since=at if state in (State.OPEN, State.NEW) and number % 3 else None,
        last_message_at=at,
        last_snippet="Buenos días: no conseguimos abrir el programa desde ayer. ¿Podéis mirarlo?",
        solved_at=at if state in (State.SOLVED, State.CLOSED) else None,
        closed_at=at if state == State.CLOSED else None,
        created_at=at - timedelta(hours=number % 90),
    )


def _messages(ticket: Ticket) -> Iterator[Message]:
    for place in range(MESSAGES_EACH):
        is_reply = place % 2 == 1
        yield Message(
            ticket=ticket,
            kind=Message.Kind.REPLY if is_reply else Message.Kind.INBOUND,
            channel=Channel.EMAIL,
            author=ticket.assignee if is_reply else None,
            contact=None if is_reply else ticket.contact,
            from_name=ticket.requester_name,
            from_email=ticket.requester_email,
            text=_text(ticket),
            written_at=ticket.created_at + timedelta(minutes=place),
            created_at=ticket.created_at + timedelta(minutes=place),
        )


def _hang(tickets: list[Ticket], tags: list[Tag]) -> None:
    through = Ticket.tags.through
    through.objects.bulk_create(
        through(ticket_id=ticket.pk, tag_id=tags[ticket.number % TAGS].pk) for ticket in tickets
    )


def _let_be_found(tickets: list[Ticket]) -> None:
    said = [
        (
            ticket.pk,
            plain_words(ticket.subject),
            plain_words(f"{ticket.requester_name} {ticket.requester_email}"),
            plain_words(_text(ticket)),
        )
        for ticket in tickets
    ]
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [list(column) for column in zip(*said, strict=True)])


def _text(ticket: Ticket) -> str:
    return f"{ticket.subject}. {ticket.last_snippet} " * 4


def _plain_ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "client": ticket.client.code if ticket.client else None,
        "state": str(ticket.state),
        "priority": ticket.priority,
        "assignee": ticket.assignee.email if ticket.assignee else None,
        "created_at": ticket.created_at.isoformat(),
        "last_message_at": ticket.last_message_at.isoformat(),
    }


def _plain_message(message: Message) -> dict[str, Any]:
    return {
        "ticket": message.ticket.number,
        "kind": str(message.kind),
        "from": message.from_email,
        "text": message.text,
        "at": message.created_at.isoformat(),
    }


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"
