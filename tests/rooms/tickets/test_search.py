"""What search finds, for whom, in which order, and how it shows why."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role, User
from ecuanime.clients.actions import update_client, update_contact
from ecuanime.foundation.models import StoredFile
from ecuanime.tickets import snippets
from ecuanime.tickets.actions import (
    FileGiven,
    add_note,
    change_state,
    identify_client,
    index_together,
    merge_ticket,
    read_stale_documents,
    split_ticket,
    undo_merge,
)
from ecuanime.tickets.filters import matching, read_query
from ecuanime.tickets.models import SearchDocument, State, Ticket
from ecuanime.tickets.queries import Found, search
from ecuanime.tickets.snippets import snippet
from tests.factories import NOW, make_client, make_contact, make_person
from tests.factories.tickets import make_message, make_ticket
from tests.rooms.tickets.test_hearing import deliver_events

pytestmark = pytest.mark.django_db
searching = sys.modules["ecuanime.tickets.queries.search"]
"""The module, which has the name of its function in the package."""


@pytest.fixture
def irene() -> User:
    return make_person(name="Irene")


def saying(text: str, **fields: object) -> Ticket:
    return make_ticket(message=make_message(text), **fields)


def numbers(found: Found) -> list[int]:
    return [hit.ticket.number for hit in found.hits]


@pytest.mark.parametrize(
    "text",
    [
        "servidores",
        "SERVIDOR",
        "migraciones",
        "migracion",
        "migración",
        "camion averia",
        '"copias de seguridad"',
        "factur",
        "factu*",
        "mailing lists",
        "crashed",
        "router 01",
        "router-01.leon.example",
        "10.0.0",
        "leon",
        "envio bodegas",
        "elvira servidor",
        "elvira@bodegas.example",
        "ﬁrewall",
        "de la migración",
    ],
)
def test_words_are_found_in_any_form(irene: User, text: str) -> None:
    bodegas = make_contact(make_client(name="Bodegas Parda"), name="Elvira", email="elvira@bodegas.example")
    ticket = saying(
        "Tras la migración el servidor no hace copias de seguridad. El camión tiene una avería; las facturaciones "
        "no salen. The mailing list crashes. El firewall y router-01.leon.example (10.0.0.7).",
        contact=bodegas,
        subject="Envíos parados",
    )
    saying("Otra cosa distinta.")
    assert numbers(search(irene, text)) == [ticket.number]


@pytest.mark.parametrize(
    "text", ['"seguridad de copias"', "copias impresora", "opias", "de la", "", "*", '"', "%_ \\"]
)
def test_what_does_not_stand_there_is_not_found(irene: User, text: str) -> None:
    saying("Las copias de seguridad fallan.")
    assert numbers(search(irene, text)) == []


def test_a_word_in_the_subject_counts_more_and_a_late_one_more_than_an_old_one(irene: User) -> None:
    old = saying("El disco.", now=NOW - timedelta(days=400))
    late = saying("El disco.", now=NOW - timedelta(days=1))
    subject = saying("Se ha roto.", subject="Disco lleno", now=NOW - timedelta(days=2))
    assert numbers(search(irene, "disco ")) == [subject.number, late.number, old.number]


def test_names_of_files_are_found_and_shown(irene: User) -> None:
    stored = StoredFile.objects.create(sha256="a" * 64, size=1, created_at=NOW)
    ticket = make_ticket(
        message=make_message("Adjunto.", files=[FileGiven(stored, "balance_marzo.xlsx", "text/csv")])
    )
    (hit,) = search(irene, "marzo balance").hits
    assert hit.ticket == ticket
    assert [piece.text for piece in hit.pieces if piece.is_hit] == ["balance", "marzo"]


def test_the_snippet_shows_the_words_with_their_accents(irene: User) -> None:
    saying("Hola. " * 40 + "La conexión con el servidor se corta. " + "Gracias. " * 40)
    (hit,) = search(irene, "conexion servidores").hits
    assert [piece.text for piece in hit.pieces if piece.is_hit] == ["conexión", "servidor"]
    whole = "".join(piece.text for piece in hit.pieces)
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert len(whole) < 300


def test_everybody_finds_what_they_may_read(irene: User) -> None:
    lead = make_contact(make_client(), is_project_lead=True, signs_in=True)
    asks = make_contact(lead.client, signs_in=True)
    other = make_contact(signs_in=True, is_project_lead=True)
    ticket = saying("La palabra cantarina.", contact=lead)
    add_note(ticket=ticket, author=irene, text="Secreto: paraguas.", now=NOW)
    billing = make_person(Role.BILLING)
    assert lead.user
    assert asks.user
    assert other.user
    for user, word, found in [
        (irene, "cantarina", True),
        (irene, "paraguas", True),
        (billing, "cantarina", True),
        (billing, "paraguas", False),
        (lead.user, "cantarina", True),
        (lead.user, "paraguas", False),
        (asks.user, "cantarina", False),
        (other.user, "cantarina", False),
        (other.user, str(ticket.number), False),
    ]:
        assert bool(numbers(search(user, word))) is found, (user, word)


def test_only_among_the_tickets_that_are_given(irene: User) -> None:
    one, _two = saying("El disco."), saying("El disco.")
    assert numbers(search(irene, "disco", among=Ticket.objects.filter(pk=one.pk))) == [one.number]


def test_the_latest_first_leads_through_all(irene: User) -> None:
    tickets = [saying("El disco.", now=NOW - timedelta(days=day)) for day in range(5)]
    seen, after = [], ""
    while True:
        found = search(irene, "disco", newest_first=True, after=after, size=2)
        seen += numbers(found)
        after = found.next
        if not after:
            break
    assert seen == [ticket.number for ticket in tickets]


def test_new_names_are_read_again(irene: User) -> None:
    contact = make_contact(make_client(name="Antigua"), name="Marta")
    ticket = saying("Hola.", contact=contact)
    unknown = saying("Hola.", client=None)
    assert read_stale_documents() == 0
    update_client(client=contact.client, now=NOW, name="Moderna")
    update_contact(contact=contact, now=NOW, name="Lucía")
    identify_client(ticket=unknown, client=contact.client, by=irene, now=NOW)
    deliver_events()
    assert read_stale_documents() == 4
    assert set(numbers(search(irene, "moderna"))) == {ticket.number, unknown.number}
    assert numbers(search(irene, "lucia")) == [ticket.number]
    assert numbers(search(irene, "antigua")) == []
    assert read_stale_documents() == 0


def test_every_message_has_its_document(irene: User) -> None:
    ticket = saying("Uno.")
    add_note(ticket=ticket, author=irene, text="Dos.", now=NOW)
    assert SearchDocument.objects.filter(ticket=ticket, message=None).count() == 1
    assert set(SearchDocument.objects.exclude(message=None).values_list("message", flat=True)) == set(
        ticket.messages.values_list("pk", flat=True)
    )


def test_the_same_queries_for_one_and_for_three(irene: User) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            saying("El disco.")
        with CaptureQueriesContext(connection) as queries:
            search(irene, "disco")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_a_moved_message_is_found_under_its_ticket(irene: User) -> None:
    contact = make_contact()
    one, two = saying("La palabra cantarina.", contact=contact), saying("Hola.", contact=contact)
    merge = merge_ticket(ticket=one, into=two, by=irene, now=NOW)
    assert numbers(search(irene, "cantarina")) == [two.number]
    undo_merge(merge=merge, by=irene, now=NOW)
    assert numbers(search(irene, "cantarina")) == [one.number]
    said = [message.pk for message in one.messages.all()]
    add_note(ticket=one, author=irene, text="Queda.", now=NOW)
    other = split_ticket(ticket=one, messages=said, subject="Aparte", by=irene, now=NOW)
    assert numbers(search(irene, "cantarina")) == [other.number]


def test_what_is_written_together_is_found_after_the_block_and_not_at_all_when_it_fails(irene: User) -> None:
    with index_together():
        ticket = saying("El disco.")
        assert numbers(search(irene, "disco")) == []
    assert numbers(search(irene, "disco")) == [ticket.number]
    with pytest.raises(IntegrityError), transaction.atomic(), index_together():
        Ticket.objects.create(number=saying("La red.").number)
    assert numbers(search(irene, "red")) == []
    assert numbers(search(irene, "disco")) == [ticket.number]


def test_free_words_of_a_filter_are_searched_like_any(irene: User) -> None:
    contact = make_contact()
    ticket, done = saying("El disco de Elvira.", contact=contact), saying("El disco.", contact=contact)
    add_note(ticket=ticket, author=irene, text="Secreto: paraguas.", now=NOW)
    change_state(ticket=done, state=State.SOLVED, by=irene, now=NOW)
    for text, found in [
        ("is:open discos", [ticket]),
        ("disco -paraguas", [done]),
        ('"disco de elvira"', [ticket]),
        ("disco paraguas", [ticket]),
        (str(done.number), [done]),
    ]:
        rows = matching(irene, read_query(text), now=NOW)
        assert list(rows) == found, text
    billing = make_person(Role.BILLING)
    assert list(matching(billing, read_query("paraguas"), now=NOW)) == []


@pytest.mark.parametrize(("often", "asked"), [(1, 2), (3, 1)])
def test_common_words_are_looked_for_along_the_latest_and_then_among_all(
    irene: User, monkeypatch: pytest.MonkeyPatch, often: int, asked: int
) -> None:
    monkeypatch.setattr(searching, "LOOKED_AT", 2)
    monkeypatch.setattr(searching, "OFTEN", often)
    told = [saying("El disco.").number for _ in range(3)]
    with CaptureQueriesContext(connection) as queries:
        assert sorted(numbers(search(irene, "disco"))) == told
    assert sum("ts_rank" in query["sql"] for query in queries.captured_queries) == asked


@pytest.mark.parametrize("before", ["", "palabra " * 5000])
def test_a_snippet_is_short_wherever_the_word_stands(before: str) -> None:
    pieces = snippet(before + "un Límite. " * 500, ["limit"])
    assert "Límite" in [piece.text for piece in pieces if piece.is_hit]
    assert sum(len(piece.text) for piece in pieces) <= snippets.BEFORE + snippets.LENGTH + 2
    assert (pieces[0].text == "…") is bool(before)


def test_an_endless_word_is_shown_and_not_kept() -> None:
    kept = snippets._folded.cache_info().currsize
    (piece,) = snippet(f"Sin Límite{'x' * 5000} más.", ["limit"])
    assert piece.text.startswith("Sin Límitexxx")
    assert snippets._folded.cache_info().currsize <= kept + 2
