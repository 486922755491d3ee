"""With ten thousand tickets every list runs along an index: no full scan, and no sort but of what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.tickets.actions import define_field, read_stale_documents
from ecuanime.tickets.actions.indexing import index_many
from ecuanime.tickets.models import Channel, FieldValue, SavedView, State, Tag, Ticket
from ecuanime.tickets.queries import (
    ORDERS,
    Listing,
    View,
    counts_of,
    listed,
    portal_tickets,
    search_tickets,
    ticket_page,
    tickets_of_client,
)
from ecuanime.tickets.threading import new_ticket_token
from tests.factories import NOW, make_client, make_contact, make_person
from tests.plans import explained
from tests.web.walking import undone

pytestmark = pytest.mark.django_db  # so that pytest-django makes the database that `ten_thousand` fills

STATES = [*[State.OPEN] * 5, State.NEW, State.WAITING_CLIENT, State.WAITING_THIRD, State.SOLVED, State.CLOSED]
WORDS = ["correo", "factura", "servidor", "copia", "disco", "red", "impresora", "web", "dominio", "clave"]


@dataclass(frozen=True)
class Desk:
    """Who works at it, and for whom."""

    irene: User
    contacts: list[Contact]


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    """A desk with ten thousand tickets, each read by search; made once, and taken back."""
    with django_db_blocker.unblock(), undone():
        irene = make_person(name="Irene")
        clients = [make_client(name=f"Cliente {WORDS[number % 10]} {number}") for number in range(100)]
        contacts = [make_contact(client, is_project_lead=client.pk % 2 == 0) for client in clients]
        people = [irene, *(make_person() for _ in range(4)), None]
        Ticket.objects.bulk_create(_ticket(number, people, contacts) for number in range(10_000))
        _hang_tags_and_fields()
        index_many(list(Ticket.objects.all()))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the database does by itself in the minute after
        while read_stale_documents():
            pass
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE tickets_searchdocument")
        with transaction.atomic():
            yield Desk(irene, contacts)


def _ticket(number: int, people: list[User | None], contacts: list[Contact]) -> Ticket:
    state, contact = STATES[number * 7 % 10], contacts[number % 100] if number % 50 else None
    at = NOW - timedelta(minutes=number * 7919 % 100_000)
    return Ticket(
        number=10_000 + number,
        token=new_ticket_token(),
        subject=f"{WORDS[number % 10]} {WORDS[number * 3 % 7]} {number}",
        client=contact.client if contact else None,
        contact=contact,
        channel=Channel.EMAIL,
        state=state,
        assignee=people[number % 6],
        waits_since=at if number % 3 and state == State.OPEN else None,
        last_message_at=at,
        last_snippet="Desde ayer por la tarde vuelve con este error y hoy tenemos que enviar ciento cuarenta. "
        * 2,
        requester_name="Elvira Sotillo",
        requester_email=f"elvira{number}@cliente{number % 100}.example",
        solved_at=at if state in (State.SOLVED, State.CLOSED) else None,
        created_at=at,
        due_at=at if state == State.OPEN else None,
        snoozed_until=NOW + timedelta(minutes=number)
        if number % 21 == 5 and contact and state == State.OPEN
        else None,
    )


def _hang_tags_and_fields() -> None:
    """A tag that every other ticket has, and one of three tickets; and a serial number for each."""
    often, rare = (Tag.objects.create(name=name) for name in ("often", "rare"))
    serial = define_field(name="Serial", kind="text", now=NOW)
    keys = dict(Ticket.objects.values_list("number", "pk"))
    through = Ticket.tags.through
    tagged = ((often, 2), (rare, 3_500))
    through.objects.bulk_create(
        through(ticket_id=key, tag_id=tag.pk)
        for tag, every in tagged
        for number, key in keys.items()
        if number % every == 0
    )
    FieldValue.objects.bulk_create(
        FieldValue(ticket_id=key, field=serial, text=f"AB-{number}") for number, key in keys.items()
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def plans_of(work: Callable[[], object]) -> list[dict[str, Any]]:
    """Every node of the plans of the statements that `work` runs."""
    answers = explained(work, "FORMAT JSON")
    assert len(answers) <= 10
    return [node for ((plan,),) in answers for node in nodes(plan["Plan"])]


def assert_along_an_index(work: Callable[[], object], *, may_sort: bool = False) -> None:
    found = plans_of(work)
    assert [node.get("Filter", "") for node in found if _scans_tickets(node)] == []
    assert may_sort or not [node for node in found if node["Node Type"] == "Sort" and node["Plan Rows"] > 100]


def _scans_tickets(node: dict[str, Any]) -> bool:
    return node["Node Type"] == "Seq Scan" and node["Relation Name"] == "tickets_ticket"


def test_the_watch_sees_a_full_scan_and_a_sort(desk: Desk) -> None:
    found = plans_of(lambda: list(Ticket.objects.order_by("last_snippet")))
    assert [node for node in found if _scans_tickets(node)]
    with pytest.raises(AssertionError):
        assert_along_an_index(lambda: list(Ticket.objects.order_by("last_snippet")))


def assert_each_page_along_an_index(irene: User, listing: Listing) -> None:
    after = ""
    for _ in range(3):
        assert_along_an_index(lambda after=after: listed(irene, listing, now=NOW, after=after))
        page = listed(irene, listing, now=NOW, after=after)
        assert len(page.rows) == 50
        after = page.next
        assert after


def test_every_view_and_its_later_pages(desk: Desk) -> None:
    for view in View:
        assert_each_page_along_an_index(desk.irene, Listing(view))


def test_every_order_and_filters_that_are_often_asked_for(desk: Desk) -> None:
    for order in ORDERS:
        assert_each_page_along_an_index(desk.irene, Listing(View.ALL, order=order))
    for query in ("priority:3", "-state:closed", "assignee:me", "created:>2026-11-01", "state:waiting_third"):
        assert_each_page_along_an_index(desk.irene, Listing(View.ALL, query))


def test_tags_and_own_fields(desk: Desk) -> None:
    """Few are found by an index of the tag or field and sorted; many by reading the list until there are fifty."""
    served = {
        "tag:rare priority:3": (3, "tickets_of_tag"),
        "tag:often priority:3": (50, None),
        "field.serial:ab-12345": (1, "field_words"),
        "field.serial:ab-1234* -tag:often": (5, "field_words"),
    }
    for query, (found, index) in served.items():
        listing = Listing(View.ALL, query)
        assert len(listed(desk.irene, listing, now=NOW).rows) == found, query
        plan = plans_of(lambda listing=listing: listed(desk.irene, listing, now=NOW))
        assert not any(_scans_tickets(node) for node in plan), query
        assert index in {node.get("Index Name") for node in plan}, query


def test_the_counts(desk: Desk) -> None:
    """A list that most tickets fit is counted by reading until a thousand are found, the others by an index."""
    few = [View.TRIAGE, SavedView(query="client:none is:open"), SavedView(query="number:12345")]
    assert counts_of(desk.irene, [View.ALL_OPEN, *few], now=NOW) == ["999+", "200", "200", "1"]
    assert_along_an_index(lambda: counts_of(desk.irene, few, now=NOW), may_sort=True)


def test_the_histories_and_the_portal(desk: Desk) -> None:
    lead, asks = sorted(desk.contacts[:2], key=lambda contact: not contact.is_project_lead)
    assert_along_an_index(lambda: tickets_of_client(desk.irene, lead.client))
    assert_along_an_index(lambda: portal_tickets(lead))
    assert_along_an_index(lambda: portal_tickets(asks))


def test_a_ticket_and_the_search(desk: Desk) -> None:
    assert_along_an_index(lambda: ticket_page(12_345, desk.irene))
    for text in ("12345", "disco ", "disco correo", "4321", "cliente 42"):
        assert search_tickets(desk.irene, text), text
        assert_along_an_index(lambda text=text: search_tickets(desk.irene, text), may_sort=True)
    with undone(), connection.cursor() as cursor:
        # So few documents may as well be read one by one; that the index would serve is what counts.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        found = plans_of(lambda: search_tickets(desk.irene, "4321 "))
    assert "search_words" in {node.get("Index Name") for node in found}
