"""Opening tickets, following closed ones, and telling whose they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ecuanime.clients.actions import confirm_domain
from ecuanime.clients.models import ClientDomain, Contact
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import (
    ContactGiven,
    change_contact,
    change_state,
    identify_client,
    open_follow_up,
)
from ecuanime.tickets.models import Message, State, Ticket, TicketCounter, TicketEvent
from ecuanime.tickets.queries import proposed_contract
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_firm,
    make_mailbox,
    make_person,
)
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code


def triage(**fields: object) -> Ticket:
    return make_ticket(client=None, requester_email="elvira@uno.example", **fields)


def test_numbers_follow_each_other_from_1001() -> None:
    assert [make_ticket().number for _ in range(3)] == [1001, 1002, 1003]


def test_a_ticket_opens_with_its_first_message_client_contract_and_trail() -> None:
    contact = make_contact()
    contract = make_contract(contact.client)
    ticket = make_ticket(contact=contact, subject="  No\nva  ")
    assert (ticket.client, ticket.contact, ticket.contract) == (contact.client, contact, contract)
    assert (ticket.subject, ticket.state, ticket.unread_count, ticket.waits_since) == (
        "No va",
        State.NEW,
        1,
        NOW,
    )
    assert ticket.last_snippet == "No sale el correo."
    assert len(ticket.token) == 32
    assert ticket.messages.get().contact == contact
    assert AuditEntry.objects.filter(verb="ticket_opened", object_id=str(ticket.pk)).exists()


def test_without_a_client_it_stands_in_triage_and_without_subject_it_says_so() -> None:
    ticket = triage(subject=" \n ")
    assert ticket.client is None
    assert ticket.subject
    assert ticket.requester_email == "elvira@uno.example"


def test_a_contact_or_contract_of_another_client_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        make_ticket(client=make_client(), contact=make_contact())
    assert code_of(refusal) == "contact_of_another"
    with pytest.raises(Refused) as refusal:
        make_ticket(contact=make_contact(), contract=make_contract())
    assert code_of(refusal) == "contract_of_another"
    assert not Ticket.objects.exists()
    assert not TicketCounter.objects.filter(last_number__gt=1000).exists()


def test_the_acknowledgement_repeats_nothing_of_what_was_written() -> None:
    make_firm()
    make_mailbox()
    message = make_message("BUY PILLS http://spam.example", message_id="<a@spam.example>")
    ticket = triage(subject="BUY PILLS", message=message, acknowledge=True)
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.purpose, mail.to) == ("automatic", "acknowledgement", ["elvira@uno.example"])
    assert mail.in_reply_to == "<a@spam.example>"
    assert ticket.token in mail.message_id
    assert mail.reply_to == f"soporte+{ticket.token}@nodoalisio.example"
    for text in (mail.subject, mail.text):
        assert str(ticket.number) in text
        assert "PILLS" not in text
        assert "spam" not in text


def test_no_acknowledgement_for_automatic_mail_machines_or_beyond_the_limit() -> None:
    make_mailbox()
    triage(message=make_message(is_automatic=True), acknowledge=True)
    make_ticket(client=None, requester_email="no-reply@uno.example", acknowledge=True)
    triage(message=make_message(), acknowledge=False)
    assert not OutgoingMail.objects.exists()
    for _ in range(12):
        triage(message=make_message(), acknowledge=True)
    assert OutgoingMail.objects.count() == 10


def test_an_automatic_message_opens_a_ticket_that_nobody_waits_for() -> None:
    ticket = make_ticket(message=make_message(is_automatic=True))
    assert (ticket.unread_count, ticket.waits_since) == (0, None)
    woken = make_ticket(message=make_message(is_automatic=True, wakes=True))
    assert (woken.unread_count, woken.waits_since) == (1, NOW)


def test_a_closed_ticket_is_followed_by_a_linked_one() -> None:
    ticket, person = make_ticket(), make_person()
    ticket = change_state(ticket=ticket, state=State.SOLVED, by=person, now=NOW)
    ticket = change_state(ticket=ticket, state=State.CLOSED, by=person, now=NOW)
    follow_up = open_follow_up(ticket=ticket, message=make_message("Otra vez"), now=NOW)
    assert follow_up.follows == ticket
    assert (follow_up.client, follow_up.contact, follow_up.subject) == (
        ticket.client,
        ticket.contact,
        ticket.subject,
    )
    assert follow_up.number == ticket.number + 1
    assert ticket.messages.count() == 1


def test_a_ticket_that_is_not_closed_is_not_followed() -> None:
    ticket = make_ticket()
    with pytest.raises(Refused) as refusal:
        open_follow_up(ticket=ticket, message=make_message(), now=NOW)
    assert code_of(refusal) == "not_closed"
    assert Ticket.objects.count() == 1


def test_triage_gives_a_ticket_to_a_client_with_a_new_contact_and_domain() -> None:
    ticket, contract, person = triage(), make_contract(), make_person()
    client = contract.client
    done = identify_client(
        ticket=ticket,
        client=client,
        by=person,
        now=NOW,
        new_contact=ContactGiven("Elvira", "elvira@uno.example"),
        confirm_domain=True,
    )
    contact = Contact.objects.get(client=client)
    assert (done.client, done.contact, done.contract, done.version) == (client, contact, contract, 2)
    assert Message.objects.get().contact == contact
    assert ClientDomain.objects.get().domain == "uno.example"
    line = TicketEvent.objects.get(field="client")
    assert (line.after, line.actor) == (client.name, person)


def test_triage_refuses_and_changes_nothing() -> None:
    ticket, client, person = triage(), make_client(), make_person()
    taken = make_contact(email="elvira@uno.example")
    confirm_domain(client=taken.client, domain="uno.example", by=person, now=NOW)
    known = make_ticket()
    cases: list[tuple[str, dict[str, object]]] = [
        ("stale", {"expected_version": 7}),
        ("contact_of_another", {"contact": taken}),
        ("email_taken", {"new_contact": ContactGiven("Elvira", "elvira@uno.example")}),
        ("domain_taken", {"confirm_domain": True}),
        ("already_identified", {"ticket": known}),
    ]
    for code, fields in cases:
        values = {"ticket": ticket, "client": client, "by": person, "now": NOW} | fields
        with pytest.raises(Refused) as refusal:
            identify_client(**values)  # type: ignore[arg-type]
        assert code_of(refusal) == code
    ticket.refresh_from_db()
    assert (ticket.client, ticket.contact, ticket.version) == (None, None, 1)
    assert not Contact.objects.filter(client=client).exists()
    assert not TicketEvent.objects.exists()


def test_another_contact_of_the_same_client_may_take_over() -> None:
    ticket, person = make_ticket(), make_person()
    other = make_contact(ticket.client)
    assert change_contact(ticket=ticket, contact=other, by=person, now=NOW).contact == other
    with pytest.raises(Refused) as refusal:
        change_contact(ticket=ticket, contact=make_contact(), by=person, now=NOW)
    assert code_of(refusal) == "contact_of_another"
    ticket.refresh_from_db()
    assert ticket.contact == other


def test_the_fitting_contract_of_lowest_precedence_is_proposed() -> None:
    client = make_client()
    linux = ProductArea.objects.create(code="linux", name="Linux")
    mail = ProductArea.objects.create(code="mail", name="Correo")
    for_linux = make_contract(client, precedence=10)
    for_linux.areas.add(linux)
    general = make_contract(client, kind=PlanKind.ON_DEMAND, precedence=50)
    make_contract(client, precedence=1, state=Contract.State.ENDED)
    make_contract(client, precedence=1, starts_on=date(2026, 11, 11))
    make_contract(client, precedence=1, ends_on=date(2026, 11, 9))
    assert proposed_contract(client, linux, None, now=NOW) == for_linux
    assert proposed_contract(client, mail, None, now=NOW) == general
    assert proposed_contract(client, None, None, now=NOW) == general
    assert proposed_contract(None, linux, None, now=NOW) is None
    general.delete()
    assert proposed_contract(client, None, None, now=NOW) == for_linux
    assert proposed_contract(client, mail, None, now=NOW) is None


def test_a_contract_ends_at_the_end_of_its_own_local_day() -> None:
    client = make_client()
    contract = make_contract(client, ends_on=date(2026, 11, 9), time_zone="America/Mexico_City")
    assert proposed_contract(client, None, None, now=NOW.replace(hour=5)) == contract
    assert proposed_contract(client, None, None, now=NOW.replace(hour=5) + timedelta(hours=1)) is None
