"""Who sees which tickets and messages."""

from __future__ import annotations

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.foundation.files import store
from ecuanime.tickets.access import visible_messages, visible_tickets, works_at_desk
from ecuanime.tickets.actions import FileGiven, add_note, assign, reply, save_draft, set_tags
from ecuanime.tickets.models import Attachment, Message
from ecuanime.tickets.queries import attachment_for, search_tickets, thread_before, thread_since, ticket_page
from tests.factories import NOW, make_client, make_contact, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db

DESK = (Role.TECHNICIAN, Role.CONSULTANT, Role.SUPERVISOR, Role.ADMINISTRATOR)


def signed_in(contact: Contact) -> User:
    assert contact.user is not None
    return contact.user


@pytest.mark.parametrize("role", [*DESK, Role.BILLING])
def test_the_firms_people_see_every_ticket_but_billing_reads_no_notes_and_writes_nothing(role: str) -> None:
    person, ticket = make_person(role), make_ticket()
    add_note(ticket=ticket, author=make_person(), text="Nota", now=NOW)
    assert list(visible_tickets(person)) == [ticket]
    at_desk = role != Role.BILLING
    assert visible_messages(person, ticket).filter(kind=Message.Kind.NOTE).exists() is at_desk
    assert visible_messages(person, ticket).count() == 1 + at_desk
    assert works_at_desk(person) is at_desk


def test_somebody_who_left_sees_nothing() -> None:
    ticket, person = make_ticket(), make_person(is_active=False)
    assert not visible_tickets(person).exists()
    assert not visible_messages(person, ticket).exists()
    assert ticket_page(ticket.number, person) is None


def test_a_contact_sees_their_own_tickets_and_a_project_lead_all_of_the_client() -> None:
    client = make_client()
    asks = make_contact(client, signs_in=True)
    leads = make_contact(client, signs_in=True, is_project_lead=True)
    stranger = make_contact(signs_in=True, is_project_lead=True)
    own, others = make_ticket(contact=asks), make_ticket(contact=leads)
    make_ticket(client=None)
    assert list(visible_tickets(signed_in(asks))) == [own]
    assert set(visible_tickets(signed_in(leads))) == {own, others}
    assert not visible_tickets(signed_in(stranger)).exists()
    for user, seen in ((signed_in(asks), True), (signed_in(leads), True), (signed_in(stranger), False)):
        assert visible_messages(user, own).exists() is seen
        assert (ticket_page(own.number, user) is not None) is seen
        assert bool(search_tickets(user, "programa")) is seen
        assert bool(search_tickets(user, str(own.number))) is seen
    assert search_tickets(signed_in(asks), str(others.number)) == []


def test_a_contact_who_left_or_whose_client_did_sees_nothing() -> None:
    for who in ("contact", "client"):
        contact = make_contact(signs_in=True)
        make_ticket(contact=contact)
        gone = contact if who == "contact" else contact.client
        gone.is_active = False
        gone.save()
        assert not visible_tickets(signed_in(contact)).exists()


def test_a_clients_page_holds_nothing_of_the_team() -> None:
    contact = make_contact(signs_in=True, is_project_lead=True)
    irene = make_person(name="Irene")
    ticket = make_ticket(contact=contact)
    add_note(ticket=ticket, author=irene, text="Nota secreta", now=NOW)
    assign(ticket=ticket, assignee=irene, by=irene, now=NOW)
    set_tags(ticket=ticket, names=["moroso"], by=irene, now=NOW)
    reply(ticket=ticket, author=irene, text="Ya", now=NOW)
    save_draft(ticket=ticket, user=irene, kind="note", text="x", now=NOW)
    page = ticket_page(ticket.number, signed_in(contact))
    assert page is not None
    texts = [entry.message.text for entry in page.entries if entry.message]
    assert texts == ["No sale el correo.", "Ya"]
    assert [entry.event.field for entry in page.entries if entry.event] == ["state"]
    assert (page.tags, page.drafts) == ([], {})
    inside = ticket_page(ticket.number, irene)
    assert inside is not None
    assert inside.tags == ["moroso"]
    assert set(inside.drafts) == {"note"}
    assert len([entry for entry in inside.entries if entry.message]) == 3
    for seen in (
        thread_since(ticket, signed_in(contact), after_message=0),
        thread_before(ticket, signed_in(contact), before_message=page.newest_message + 1),
    ):
        assert [entry.message.text for entry in seen if entry.message] == texts
    newest = thread_since(ticket, irene, after_message=page.oldest_message)
    assert [entry.message.text for entry in newest if entry.message] == ["Nota secreta", "Ya"]


def test_a_file_goes_to_those_who_may_read_its_message() -> None:
    contact, stranger = make_contact(signs_in=True), make_contact(signs_in=True, is_project_lead=True)
    file = FileGiven(store(b"datos"), "lista.xlsx", "application/octet-stream")
    ticket = make_ticket(contact=contact, message=make_message(files=[file]))
    add_note(ticket=ticket, author=make_person(), text="Nota", now=NOW, files=[file])
    shared, internal = Attachment.objects.order_by("pk")
    readers = (make_person(), make_person(Role.BILLING), signed_in(contact), signed_in(stranger))
    assert [attachment_for(user, shared.pk) == shared for user in readers] == [True, True, True, False]
    assert [attachment_for(user, internal.pk) == internal for user in readers] == [True, False, False, False]
    assert attachment_for(readers[0], 0) is None
