"""Checklists on a ticket: gone through at the desk, and blocking what is not done."""

from __future__ import annotations

import pytest
from django.test import Client

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.errors import Refused
from ecuanime.procedures.actions import ItemGiven, write_checklist
from ecuanime.procedures.models import Checklist, RunItem
from ecuanime.tickets.actions import answer_checklist, change_state, drop_checklist, reply, start_checklist
from ecuanime.tickets.models import State, Ticket, TicketChecklist
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(Role.CONSULTANT, language="en", name="Irene")
    client.force_login(person)
    return person


@pytest.fixture
def checklist() -> Checklist:
    items = (ItemGiven("¿Hay copia?"), ItemGiven("Notas", "text", is_required=False))
    return write_checklist(name="Entrega", items=items, blocks_solving=True, now=NOW)


def test_it_is_gone_through_before_the_ticket_is_solved(
    me: User, checklist: Checklist, client: Client
) -> None:
    ticket = make_ticket()
    address = f"/tickets/{ticket.number}/"
    client.post(f"{address}listas/empezar/", {"checklist": checklist.pk})
    shown = whole_ticket(client, ticket.number)
    assert "¿Hay copia?" in shown
    assert "0 of 2" in shown
    refused = client.post(f"{address}estado/", {"state": "solved"}, follow=True).content.decode()
    assert "cannot be solved yet: 1 item" in refused
    with pytest.raises(Refused) as refusal:
        reply(ticket=ticket, author=me, text="Ya está", now=NOW, then="solve")
    assert (refusal.value.code, ticket.messages.count()) == ("checklist_open", 1)
    item = RunItem.objects.get(position=1)
    client.post(f"{address}listas/responder/", {"item": item.pk, "answer": "no"})
    client.post(f"{address}estado/", {"state": "solved"})
    assert Ticket.objects.get(pk=ticket.pk).state == State.SOLVED


def test_what_does_not_fit_changes_nothing(me: User, checklist: Checklist) -> None:
    ticket, other = make_ticket(), make_ticket()
    run = start_checklist(ticket=ticket, checklist=checklist, by=me, now=NOW)
    item = run.items.all()[0]

    def refused(call: object) -> str:
        with pytest.raises(Refused) as refusal:
            call()  # type: ignore[operator]
        return refusal.value.code

    assert refused(lambda: start_checklist(ticket=ticket, checklist=checklist, by=me, now=NOW)) == "begun"
    assert (
        refused(lambda: answer_checklist(ticket=other, item=item, answer="yes", by=me, now=NOW)) == "not_here"
    )
    Ticket.objects.filter(pk=ticket.pk).update(state=State.CLOSED)
    for call in (
        lambda: answer_checklist(ticket=ticket, item=item, answer="yes", by=me, now=NOW),
        lambda: drop_checklist(ticket=ticket, run=run, by=me, now=NOW),
        lambda: start_checklist(ticket=ticket, checklist=checklist, by=me, now=NOW),
    ):
        assert refused(call) == "closed"
    assert (TicketChecklist.objects.count(), RunItem.objects.exclude(answer="").count()) == (1, 0)


def test_taken_off_it_blocks_no_more(me: User, checklist: Checklist, client: Client) -> None:
    ticket = make_ticket()
    run = start_checklist(ticket=ticket, checklist=checklist, by=me, now=NOW)
    client.post(f"/tickets/{ticket.number}/listas/quitar/", {"run": run.pk})
    change_state(ticket=ticket, state=State.SOLVED, by=me, now=NOW)
    assert not TicketChecklist.objects.exists()


def test_a_consultant_writes_them(me: User, client: Client) -> None:
    fields = {"name": "Alta", "text0": "Uno", "kind0": "yes_no", "text2": "Dos", "kind2": "number"}
    assert client.post("/ajustes/listas/", fields).status_code == 302
    kept = Checklist.objects.get()
    assert [(item.text, item.kind) for item in kept.items.all()] == [("Uno", "yes_no"), ("Dos", "number")]
    assert 'value="Dos"' in client.get(f"/ajustes/listas/{kept.pk}/").content.decode()
    again = client.post("/ajustes/listas/", fields)
    assert (again.status_code, 'value="Dos"' in again.content.decode()) == (422, True)
