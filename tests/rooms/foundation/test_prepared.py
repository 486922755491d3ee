"""A prepared question gives what it would put together anew, to each who asks, and is put together once."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, Model, OuterRef, QuerySet
from django.db.models.signals import post_init, pre_init
from django.test.utils import CaptureQueriesContext

from ecuanime.foundation.prepared import prepared
from ecuanime.tickets.models import OPEN_STATES, State, Tag, Ticket
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db
put_together: list[bool] = []
TAGS = Tag.objects.filter(tickets=OuterRef("pk")).values("name")


@prepared
def tickets_of(is_wide: bool, /, *, client: int, number: int) -> QuerySet[Ticket]:
    """A client's tickets up to a number, with what hangs on them."""
    put_together.append(is_wide)
    known = Ticket.objects.filter(client=client, number__lte=number).order_by("-number")
    return known.select_related("client").prefetch_related("tags") if is_wide else known.only("subject")


@prepared
def subjects(*, number: int) -> QuerySet[Ticket, str]:
    """The subject of a ticket."""
    return Ticket.objects.filter(number=number).values_list("subject", flat=True)


def test_rows_come_as_from_the_question_itself_and_it_is_put_together_once_for_each_kind() -> None:
    put_together.clear()
    one, other = make_ticket(subject="first"), make_ticket(subject="second")
    one.tags.add(Tag.objects.create(name="mail"))
    assert one.client_id
    assert other.client_id
    assert one.client_id != other.client_id
    for ticket in (one, other, one):
        assert ticket.client_id
        with CaptureQueriesContext(connection) as queries:
            (found,) = tickets_of(True, client=ticket.client_id, number=ticket.number)
            assert (found, found.client, found.subject) == (ticket, ticket.client, ticket.subject)
            assert [tag.name for tag in found.tags.all()] == (["mail"] if ticket == one else [])
        assert len(queries) == 2
        assert tickets_of(True, client=ticket.client_id, number=ticket.number - 1) == []
    (narrow,) = tickets_of(False, client=one.client_id, number=one.number)
    assert narrow.get_deferred_fields()
    assert narrow.subject == "first"
    assert put_together == [True, False]
    assert [subjects(number=each.number) for each in (other, one)] == [["second"], ["first"]]


@prepared
def subjects_of(*, tickets: list[int], clients: list[int]) -> QuerySet[Ticket, str]:
    """The subjects of those of the tickets that are of these clients."""
    known = Ticket.objects.filter(pk__any_of=tickets, client__any_of=clients)
    return known.order_by("pk").values_list("subject", flat=True)


def test_a_list_of_any_length_is_one_value() -> None:
    tickets = [make_ticket(subject=f"number {place}") for place in range(3)]
    keys, clients = [each.pk for each in tickets], [each.client_id or 0 for each in tickets]
    assert subjects_of(tickets=keys, clients=clients) == ["number 0", "number 1", "number 2"]
    assert subjects_of(tickets=keys, clients=clients[1:2]) == ["number 1"]
    assert subjects_of(tickets=[], clients=clients) == []


def tickets_with_all(*, state: str) -> QuerySet[Ticket]:
    """Tickets with those around them, and what more a question may ask of each."""
    joined = Ticket.objects.filter(state=state).select_related("client", "contact__user", "assignee")
    return joined.annotate(client_name=F("client__name"), tag_names=ArraySubquery(TAGS)).order_by("pk")


def test_objects_are_like_those_that_django_makes() -> None:
    make_ticket().tags.add(Tag.objects.create(name="mail"))
    make_ticket(client=None)
    rows = prepared(tickets_with_all)(state=State.NEW)
    assert len(rows) == 2
    for found, usual in zip(rows, tickets_with_all(state=State.NEW), strict=True):
        assert type(found) is Ticket
        assert plain(found) == plain(usual)
        assert (found._state.db, found._state.adding) == (usual._state.db, False)
        for name in ("client", "contact", "assignee"):
            assert found._state.fields_cache[name] == usual._state.fields_cache[name]
        if found.contact:
            assert plain(found.contact) == plain(usual.contact)
    first = rows[0]
    first.subject = "another"
    first.save()
    first.refresh_from_db()
    assert first.subject == "another"


def test_no_model_does_something_when_it_is_read() -> None:
    """It would not be called for rows of a prepared question."""
    for model in apps.get_models():
        assert model.__init__ is Model.__init__, model
        assert "from_db" not in vars(model), model
    assert not pre_init.receivers
    assert not post_init.receivers


def plain(row: Model | None) -> dict[str, object]:
    """What a row holds."""
    return {name: value for name, value in vars(row).items() if name != "_state"}


@prepared
def none_of_them() -> QuerySet[Ticket]:
    """A question with no answer."""
    return Ticket.objects.none()


@prepared
def as_dicts() -> QuerySet[Ticket, Any]:
    """Rows of a kind that cannot be prepared."""
    return Ticket.objects.values("subject")


def test_what_has_no_rows_has_none_and_another_kind_of_row_is_refused() -> None:
    make_ticket()
    assert none_of_them() == []
    with pytest.raises(TypeError, match="ValuesIterable"):
        as_dicts()


def test_a_change_is_seen_by_the_next_who_asks() -> None:
    ticket = make_ticket(subject="before")
    assert subjects(number=ticket.number) == ["before"]
    Ticket.objects.filter(pk=ticket.pk).update(subject="after")
    assert subjects(number=ticket.number) == ["after"]


@prepared
def odd_subjects(*, number: int) -> QuerySet[Ticket, str]:
    """A ticket whose subject has what words must not trip over."""
    odd = Ticket.objects.filter(subject="50 % 'off' %s", state__in=OPEN_STATES, subject__contains="%")
    return odd.filter(number=number).values_list("subject", flat=True)


def test_what_is_always_the_same_is_part_of_the_words_and_they_are_planned_once() -> None:
    ticket = make_ticket(subject="50 % 'off' %s")
    make_ticket(subject="50 or 'off' %s")
    for _time in range(4):
        assert odd_subjects(number=ticket.number) == [ticket.subject]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%%off%%'")
        ((words,),) = cursor.fetchall()
    assert "'new', 'open', 'waiting_client', 'waiting_third'" in words
    assert "$1" in words
    assert "$2" not in words


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection() -> None:
    ticket, heard = make_ticket(subject="here"), []
    assert subjects(number=ticket.number) == ["here"]

    def ask() -> None:
        heard.extend(subjects(number=ticket.number))
        heard.append(connection.connection)
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert heard[0] == "here"
    assert heard[1] is not connection.connection
