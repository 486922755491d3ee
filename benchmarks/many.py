"""A desk of any size: clients, tickets and messages written straight into the tables, and as plain JSON lines.

The lines (`clients.jsonl`, `tickets.jsonl`, `messages.jsonl`) let the same data be loaded into another program. All is
made from numbers, so that each run makes the same. PostgreSQL makes it itself, after the pattern of one ticket and one
message that went through the models, and indexes it afterwards: a million tickets take minutes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Model

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.words import ACCENTED, PLAIN
from ecuanime.tickets.models import Channel, Message, State, Tag, Ticket

CLIENTS, TAGS, BATCH = 500, 20, 50_000
FIRST_NUMBER = 10_000_000
SNIPPET = "Buenos días: no conseguimos abrir el programa desde ayer. ¿Podéis mirarlo?"
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
TABLES = ("tickets_ticket", "tickets_message", "tickets_ticket_tags", "tickets_searchdocument")

WRITE_TICKETS = """
WITH numbered AS (
    SELECT n, (%(clients)s::bigint[])[1 + n * 7919 %% cardinality(%(clients)s::bigint[])] AS client,
        (%(states)s::text[])[1 + n * 13 %% 20] AS stands,
        %(now)s::timestamptz - n * 104729 %% 1500000 * interval '1 minute' AS at,
        CASE WHEN n %% 10000 = 77 THEN %(rare)s ELSE (%(words)s::text[])[1 + n * 3 %% 20] END AS word
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
)
INSERT INTO tickets_ticket ({columns}) SELECT {made} FROM numbered
JOIN clients_contact AS contact ON contact.client_id = numbered.client
JOIN tickets_ticket AS pattern ON pattern.number = %(pattern)s,
LATERAL jsonb_populate_record(pattern, jsonb_build_object(
    'id', nextval('tickets_ticket_id_seq'),
    'number', %(pattern)s + n,
    'token', 'bench' || lpad(n::text, 20, '0'),
    'subject', concat_ws(' ', (%(words)s::text[])[1 + n %% 20], word, (%(words)s::text[])[1 + n * 11 %% 20], n),
    'client_id', client,
    'contact_id', contact.id,
    'requester_name', contact.name,
    'requester_email', contact.email,
    'state', stands,
    'priority', 1 + n * 31 %% 4,
    'assignee_id', CASE WHEN n %% 5 > 0 THEN (%(people)s::bigint[])[1 + n %% cardinality(%(people)s::bigint[])] END,
    'waits_since', CASE WHEN stands IN ('open', 'new') AND n %% 3 > 0 THEN at END,
    'last_message_at', at,
    'solved_at', CASE WHEN stands IN ('solved', 'closed') THEN at END,
    'closed_at', CASE WHEN stands = 'closed' THEN at END,
    'created_at', at - n %% 90 * interval '1 hour'
)) AS made
"""

WRITE_MESSAGES = """
INSERT INTO tickets_message ({columns}) SELECT {made} FROM tickets_ticket AS ticket
CROSS JOIN (VALUES (0, false), (1, true), (2, false)) AS place (minutes, is_reply)
JOIN tickets_message AS pattern ON pattern.id = %(message)s,
LATERAL jsonb_populate_record(pattern, jsonb_build_object(
    'id', nextval('tickets_message_id_seq'),
    'ticket_id', ticket.id,
    'kind', CASE WHEN is_reply THEN 'reply' ELSE 'inbound' END,
    'author_id', CASE WHEN is_reply THEN ticket.assignee_id END,
    'contact_id', CASE WHEN NOT is_reply THEN ticket.contact_id END,
    'from_name', ticket.requester_name,
    'from_email', ticket.requester_email,
    'text', repeat(ticket.subject || '. ' || ticket.last_snippet || ' ', 4),
    'written_at', ticket.created_at + minutes * interval '1 minute',
    'created_at', ticket.created_at + minutes * interval '1 minute'
)) AS made
WHERE ticket.number BETWEEN %(pattern)s + %(first)s AND %(pattern)s + %(last)s
"""

WRITE_TAGS = """
INSERT INTO tickets_ticket_tags (ticket_id, tag_id)
SELECT id, (%(tags)s::bigint[])[1 + number %% cardinality(%(tags)s::bigint[])] FROM tickets_ticket
WHERE number BETWEEN %(pattern)s + %(first)s AND %(pattern)s + %(last)s
"""

LET_BE_FOUND = """
WITH words AS MATERIALIZED (
    SELECT id AS ticket, created_at, search_document(about, people, '', '') AS of_ticket,
        search_document(about, people, '', repeat(about || ' ' || said || ' ', 4)) AS of_message
    FROM tickets_ticket
    CROSS JOIN LATERAL (VALUES (
        pg_temp.plain_words(subject),
        pg_temp.plain_words(requester_name || ' ' || requester_email),
        pg_temp.plain_words(last_snippet)
    )) AS plain (about, people, said)
    WHERE number BETWEEN %(pattern)s + %(first)s AND %(pattern)s + %(last)s
)
INSERT INTO tickets_searchdocument (ticket_id, message_id, is_internal, at, words, is_stale)
    SELECT ticket, NULL, false, created_at, of_ticket, false FROM words
    UNION ALL
    SELECT ticket, id, false, tickets_message.created_at, of_message, false
    FROM words JOIN tickets_message ON ticket_id = ticket
"""
"""What search reads; the messages of a ticket say the same, so that its words are read once for all of them."""

PLAIN_WORDS = """
CREATE FUNCTION pg_temp.plain_words(said text) RETURNS text LANGUAGE sql AS $$
    SELECT btrim(regexp_replace(translate(lower(said), '{accented}', '{plain}'), '[^a-z0-9]+', ' ', 'g'))
$$
"""
"""What `foundation.words.plain_words` makes of these texts."""

LINES = {
    "tickets": """
        SELECT json_build_object('number', number, 'subject', subject, 'client', client.code, 'state', state,
            'priority', priority, 'assignee', account.email, 'created_at', ticket.created_at,
            'last_message_at', last_message_at)
        FROM tickets_ticket AS ticket LEFT JOIN clients_client AS client ON client.id = client_id
        LEFT JOIN accounts_user AS account ON account.id = assignee_id
    """,
    "messages": """
        SELECT json_build_object('ticket', number, 'kind', kind, 'from', from_email, 'text', text,
            'at', message.created_at)
        FROM tickets_message AS message JOIN tickets_ticket AS ticket ON ticket.id = ticket_id
    """,
}

AS_LINES = "COPY ({}) TO STDOUT (FORMAT csv, DELIMITER e'\\x01', QUOTE e'\\x02')"
"""As they are: text has neither of the two signs, so nothing is escaped."""


def fill(tickets: int, folder: Path) -> float:
    """Write `tickets` tickets with three messages each, and the lines into `folder`; the seconds it took."""
    begun = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    now = read_clock()
    known = _known(now)
    writes = (_of(Ticket, WRITE_TICKETS), _of(Message, WRITE_MESSAGES), WRITE_TAGS, LET_BE_FOUND)
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_WORDS.format(accented=ACCENTED + ACCENTED.upper(), plain=PLAIN + PLAIN))
        with _indexed_afterwards(cursor):
            for first in range(1, tickets + 1, BATCH):
                numbers = {"first": first, "last": min(tickets, first + BATCH - 1)}
                for write in writes:
                    cursor.execute(write, known | numbers)
        cursor.execute("SELECT nextval('tickets_version'), nextval('desk_version')")
        cursor.execute("VACUUM ANALYZE")
        _keep_lines(cursor, folder)
    return round(time.perf_counter() - begun, 1)


def _known(now: datetime) -> dict[str, Any]:
    """Whom and what the tickets speak of, and the pattern of a ticket and of a message."""
    clients = Client.objects.bulk_create(
        Client(code=f"B-{n:05}", name=f"{WORDS[n % 20].title()} {n}, S. L.", currency="EUR", created_at=now)
        for n in range(CLIENTS)
    )
    Contact.objects.bulk_create(
        Contact(client=client, name=f"Elvira {n}", email=f"elvira{n}@b{n}.example", created_at=now)
        for n, client in enumerate(clients)
    )
    tags = Tag.objects.bulk_create(Tag(name=f"banco-{number}") for number in range(TAGS))
    people = User.objects.filter(roles__overlap=[Role.TECHNICIAN, Role.SUPERVISOR]).order_by("pk")
    ticket, message = _pattern(clients[0], now)
    return {
        "now": now,
        "clients": [client.pk for client in clients],
        "tags": [tag.pk for tag in tags],
        "people": [person.pk for person in people],
        "states": [str(state) for state in STATES],
        "words": WORDS,
        "rare": RARE,
        "pattern": ticket.number,
        "message": message.pk,
    }


def _pattern(client: Client, now: datetime) -> tuple[Ticket, Message]:
    ticket = Ticket.objects.create(
        number=FIRST_NUMBER,
        subject=WORDS[0],
        client=client,
        channel=Channel.EMAIL,
        state=State.CLOSED,
        last_message_at=now,
        last_snippet=SNIPPET,
        created_at=now,
    )
    message = Message.objects.create(
        ticket=ticket,
        kind=Message.Kind.INBOUND,
        channel=Channel.EMAIL,
        text=SNIPPET,
        written_at=now,
        created_at=now,
    )
    return ticket, message


def _of(model: type[Model], write: str) -> str:
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated]
    return write.format(columns=", ".join(columns), made=", ".join(f"made.{column}" for column in columns))


@contextmanager
def _indexed_afterwards(cursor: Any) -> Iterator[None]:
    """What no constraint needs is indexed once all is there; the rows are right by their making, and not looked up."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute("RESET session_replication_role; RESET maintenance_work_mem")


def _keep_lines(cursor: Any, folder: Path) -> None:
    clients = Client.objects.order_by("pk").values("code", "name")
    with (folder / "clients.jsonl").open("w") as lines:
        lines.writelines(json.dumps(client, ensure_ascii=False) + "\n" for client in clients)
    for name, asked in LINES.items():
        with (folder / f"{name}.jsonl").open("wb") as lines, cursor.copy(AS_LINES.format(asked)) as rows:
            lines.writelines(rows)
