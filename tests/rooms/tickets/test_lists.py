"""The inbox's views, their order and counts, the client's history, search; and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import User
from ecuanime.foundation import paging
from ecuanime.tickets.actions import assign, change_state, reply, set_priority, set_tags, snooze
from ecuanime.tickets.models import Group, Priority, State, Ticket
from ecuanime.tickets.queries import (
    ORDERS,
    Listing,
    View,
    counts_of,
    listed,
    names_of,
    numbers_listed,
    portal_tickets,
    rows_of,
    search_tickets,
    ticket_page,
    tickets_of_client,
)
from tests.factories import NOW, make_client, make_contact, make_contract, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def irene() -> User:
    return make_person(name="Irene")


def numbers(tickets: list[Ticket]) -> list[int]:
    return [ticket.number for ticket in tickets]


def test_each_view_holds_its_own_and_counts_them(irene: User) -> None:
    mine = assign(ticket=make_ticket(), assignee=irene, by=irene, now=NOW)
    unknown = make_ticket(client=None)
    waiting = change_state(ticket=make_ticket(), state=State.WAITING_CLIENT, by=irene, now=NOW)
    put_off = snooze(ticket=make_ticket(), until=NOW + timedelta(days=1), by=irene, now=NOW)
    solved = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    closed = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    change_state(ticket=closed, state=State.CLOSED, by=irene, now=NOW)
    expected = {
        View.FOR_ME: [mine],
        View.UNASSIGNED: [unknown, waiting],
        View.TRIAGE: [unknown],
        View.WAITING_CLIENT: [waiting],
        View.SNOOZED: [put_off],
        View.SOLVED: [solved],
        View.ALL_OPEN: [mine, unknown, put_off, waiting],
        View.ALL: [closed, solved, put_off, waiting, unknown, mine],
    }
    for view, tickets in expected.items():
        assert numbers(listed(irene, Listing(view), now=NOW).rows) == numbers(tickets)
    assert counts_of(irene, list(expected), now=NOW) == [str(len(tickets)) for tickets in expected.values()]


def test_what_is_counted_for_one_person_is_not_told_another(irene: User) -> None:
    iker = make_person(name="Iker")
    assign(ticket=make_ticket(), assignee=irene, by=irene, now=NOW)
    assert counts_of(irene, [View.FOR_ME], now=NOW) == ["1"]
    assert counts_of(iker, [View.FOR_ME], now=NOW) == ["0"]


def test_the_numbers_of_a_page_are_those_of_its_tickets(irene: User) -> None:
    for _each in range(3):
        make_ticket()
    everything = Listing(View.ALL_OPEN)
    first = listed(irene, everything, now=NOW, size=2)
    rest = listed(irene, everything, now=NOW, after=first.next, size=2)
    assert numbers_listed(irene, everything, now=NOW, size=2) == numbers(first.rows)
    assert numbers_listed(irene, everything, now=NOW, after=first.next, size=2) == numbers(rest.rows)


def test_who_has_waited_longest_comes_first_under_its_heading(irene: User) -> None:
    hour = timedelta(hours=1)
    answered = make_ticket(now=NOW - 9 * hour)
    reply(ticket=answered, author=irene, text="Ya", now=NOW)
    third = change_state(ticket=make_ticket(), state=State.WAITING_THIRD, by=irene, now=NOW)
    client = change_state(ticket=make_ticket(), state=State.WAITING_CLIENT, by=irene, now=NOW)
    late, early = make_ticket(now=NOW - hour), make_ticket(now=NOW - 2 * hour)
    urgent = set_priority(ticket=make_ticket(), priority=Priority.URGENT, by=irene, now=NOW)
    rows = listed(irene, Listing(View.ALL_OPEN), now=NOW).rows
    assert numbers(rows) == numbers([urgent, early, late, answered, third, client])
    assert [Group(row.inbox_group) for row in rows] == [
        *(Group.URGENT, Group.WAITS_FOR_US, Group.WAITS_FOR_US),
        *(Group.IN_HAND, Group.WAITING_THIRD, Group.WAITING_CLIENT),
    ]


def test_pages_join_without_gap_or_repeat(irene: User) -> None:
    made = [make_ticket(now=NOW - timedelta(minutes=number // 3)) for number in range(8)]
    seen: list[int] = []
    after = ""
    while True:
        page = listed(irene, Listing(View.ALL_OPEN), now=NOW, after=after, size=3)
        seen += numbers(page.rows)
        after = page.next
        if not after:
            break
    assert seen == numbers(listed(irene, Listing(View.ALL_OPEN), now=NOW).rows)
    assert sorted(seen) == numbers(made)


@pytest.mark.parametrize(
    "cursor", ["x", "%%%", "W10", "eyJhIjoxfQ", "W3siYXQiOjF9LDEsMl0", "W251bGwsbnVsbCxudWxsXQ"]
)
def test_a_cursor_that_makes_no_sense_starts_anew(irene: User, cursor: str) -> None:
    make_ticket()
    assert len(listed(irene, Listing(View.ALL_OPEN), now=NOW, after=cursor).rows) == 1


@pytest.mark.parametrize("view", list(View))
def test_a_view_costs_the_same_for_one_row_and_for_three(irene: User, view: View) -> None:
    costs = []
    for _ in range(2):
        for _ in range(len(costs) + 1):
            contact = make_contact()
            make_contract(contact.client)
            ticket = make_ticket(contact=None if view == View.TRIAGE else contact, **_nobody(view))
            set_tags(ticket=ticket, names=["uno", "dos"], by=irene, now=NOW)
            if view == View.FOR_ME:
                assign(ticket=ticket, assignee=irene, by=irene, now=NOW)
            if view == View.SNOOZED:
                snooze(ticket=ticket, until=NOW + timedelta(days=1), by=irene, now=NOW)
            if view in (View.SOLVED, View.WAITING_CLIENT):
                state = State.SOLVED if view == View.SOLVED else State.WAITING_CLIENT
                change_state(ticket=ticket, state=state, by=irene, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows = listed(irene, Listing(view), now=NOW).rows
            counts_of(irene, list(View), now=NOW)
            for row in rows:
                shown = (*names_of(row), row.area)
                assert shown
                assert row.contract is None or row.contract.version.plan.kind
        assert len(rows) == (1, 3)[len(costs)]
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4


def _nobody(view: View) -> dict[str, object]:
    return {"client": None} if view == View.TRIAGE else {}


def test_a_page_costs_the_same_for_one_message_and_for_three(irene: User) -> None:
    ticket = make_ticket()
    costs = []
    for more in (0, 2):
        for number in range(more):
            reply(ticket=ticket, author=irene, text=f"{number}", now=NOW, then=("wait", "solve")[number])
        with CaptureQueriesContext(connection) as queries:
            page = ticket_page(ticket.number, irene)
            assert page is not None
            for entry in page.entries:
                if entry.message:
                    assert [file.file for file in entry.files] == []
                    assert entry.message.outgoing is None or entry.message.outgoing.state
                    assert entry.message.author is None or entry.message.author.name
                elif entry.event:
                    assert entry.event.actor == irene
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6


def test_a_long_thread_shows_its_newest_and_says_that_there_is_more(irene: User) -> None:
    from ecuanime.tickets.models import Message
    from ecuanime.tickets.queries import thread_before

    ticket = make_ticket()
    Message.objects.bulk_create(
        Message(
            ticket=ticket,
            kind="inbound",
            channel="email",
            text=str(number),
            written_at=NOW,
            created_at=NOW + timedelta(seconds=number + 1),
        )
        for number in range(250)
    )
    page = ticket_page(ticket.number, irene)
    assert page is not None
    assert page.has_older
    shown = [entry.message.text for entry in page.entries if entry.message]
    assert shown == [str(number) for number in range(50, 250)]
    older = thread_before(ticket, irene, before_message=page.oldest_message)
    assert [entry.message.text for entry in older if entry.message][1:] == [
        str(number) for number in range(50)
    ]


def test_history_of_client_and_contact_shows_the_latest_first(irene: User) -> None:
    contact = make_contact()
    old = make_ticket(contact=contact, now=NOW - timedelta(days=1))
    new = make_ticket(contact=contact)
    make_ticket()
    assert numbers(tickets_of_client(irene, contact.client).rows) == numbers([new, old])
    assert numbers(portal_tickets(contact).rows) == numbers([new, old])


def test_search_by_number_words_beginnings_and_client_whatever_the_accents(irene: User) -> None:
    bodegas = make_contact(make_client(name="Bodegas Tierra Parda"))
    invoices = make_ticket(contact=bodegas, subject="El programa no ENVÍA las facturas")
    camera = make_ticket(subject="Cámara del almacén")
    for text, found in [
        (f"#{invoices.number}", [invoices]),
        (f" {camera.number} ", [camera]),
        ("envia factur", [invoices]),
        ("CÁMARA almacen", [camera]),
        ("bodégas", [invoices]),
        ("facturas parda", [invoices]),
        ("facturas almacén", []),
        ("odegas", []),
        ("a", []),
        ("", []),
        ("99999999", []),
        ("' & | ! <-> :* \\ \x00", []),
        ("%_", []),
    ]:
        assert numbers(search_tickets(irene, text)) == numbers(found), text


@pytest.mark.parametrize("query", ["is:open priority:1", "state:waiting_third", "-state:waiting_client"])
@pytest.mark.parametrize("order", ORDERS)
def test_what_is_rarer_than_the_next_thousand_is_found_all_the_same(
    irene: User, monkeypatch: pytest.MonkeyPatch, order: str, query: str
) -> None:
    for number in range(12):
        ticket = make_ticket(subject=f"Nº {number}")
        if number % 4 == 0:
            set_priority(ticket=ticket, priority=Priority.URGENT, by=irene, now=NOW)
        if number % 3 == 0:
            state = (State.WAITING_THIRD, State.WAITING_CLIENT)[number % 2]
            change_state(ticket=ticket, state=state, by=irene, now=NOW)
    listing = Listing(View.ALL, query, order)
    everything = numbers(list(rows_of(irene, listing, now=NOW).order_by(*listing.sorting)))
    monkeypatch.setattr(paging, "NEAR", 3)
    after, found = "", []
    while True:
        page = listed(irene, listing, now=NOW, after=after, size=2)
        assert numbers_listed(irene, listing, now=NOW, after=after, size=2) == numbers(page.rows)
        found += numbers(page.rows)
        if not (after := page.next):
            break
    assert found == everything


def test_a_filter_that_few_fit_walks_no_index_to_its_end(irene: User) -> None:
    """Where sorting is the last resort, the database walks the index, and sorts only what was found apart."""
    make_ticket()
    few, newest_first = Ticket.objects.filter(priority=1), ("-last_message_at", "-id")
    with CaptureQueriesContext(connection) as queries:
        listed(irene, Listing(View.ALL, "priority:1", "updated"), now=NOW)
    near, everywhere = (query["sql"] for query in queries.captured_queries if '"priority" = ' in query["sql"])
    assert f"LIMIT {paging.NEAR}) AS" in near
    walked = str(few.order_by(*newest_first)[:51].query)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
        sorts = []
        for sql in (walked, everywhere):
            cursor.execute(f"EXPLAIN {sql}")
            sorts.append(any("Sort Key" in row[0] for row in cursor.fetchall()))
    assert sorts == [False, True]
