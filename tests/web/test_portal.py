"""The portal: home, requests, hours and approvals; what is another client's does not exist, and notes never show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Overage
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.models import Lot
from ecuanime.tickets.actions import add_note, assign, change_state
from ecuanime.tickets.actions import reply as answer
from ecuanime.tickets.models import Attachment, Channel, Message, State, Ticket
from ecuanime.worklog import actions
from ecuanime.worklog.models import Decision, EntryState, TimeEntry
from tests.factories import (
    NOW,
    make_client,
    make_contact,
    make_contract,
    make_person,
    make_site,
    make_version,
    publish,
)
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT, Office, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def office() -> Office:
    office = make_office()
    make_lot(office.contract, 600)
    return office


def signs_in(contact: Contact) -> User:
    user = User.objects.create_user(
        email=contact.email, password="una clave bastante larga", name=contact.name, language="en"
    )
    Contact.objects.filter(pk=contact.pk).update(user=user)
    contact.user = user
    return user


def browser_of(contact: Contact) -> Browser:
    browser = Browser()
    browser.force_login(contact.user or signs_in(contact))
    return browser


@pytest.fixture
def lead(office: Office) -> Browser:
    return browser_of(office.lead)


@pytest.fixture
def asker(office: Office) -> Browser:
    """Somebody of the same client who approves nothing and sees no invoices."""
    return browser_of(make_contact(office.client, name="Berta Sanz"))


@pytest.fixture
def stranger(office: Office) -> Browser:
    """The project lead of another client."""
    return browser_of(make_contact(make_client(), is_project_lead=True))


def text_of(response: Any) -> str:
    return " ".join(str(response.content.decode()).replace("\xa0", " ").split())


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def seen(*entries: TimeEntry) -> list[str]:
    return [f"{entry.pk}:{entry.version}" for entry in entries]


def sent_together(office: Office, *entries: TimeEntry, now: datetime = NOW) -> list[TimeEntry]:
    """Open entries of one client, closed, reviewed and sent in one cut."""
    actions.close_day(day=now.date(), now=now)
    actions.review_entries(seen={entry.pk: 1 for entry in entries}, by=office.supervisor, now=now)
    actions.send_cut(client=office.client, day=now.date(), by=office.supervisor, now=now)
    return [TimeEntry.objects.get(pk=entry.pk) for entry in entries]


# Home


def test_the_home_greets_and_shows_what_waits_what_is_left_and_the_requests(
    office: Office, lead: Browser
) -> None:
    office.sent(50, plus_seconds=10, note="Prueba de restauración")
    page = text_of(lead.get("/portal/"))
    for part in (
        "Good morning, Contacto",
        office.client.name,
        "1 h 00 to approve",
        "Prueba de restauración",
        "Without approval nothing is charged.",
        "in steps of 15 min",
        "10 h 00",
        '1 h 00 are worked and not approved yet. With them approved, <b class="ec-ink">9 h 00</b> will be left.',
        office.ticket.subject,
        "Received; nobody has taken it yet",
        "There is no invoice yet.",
    ):
        assert part in page


def test_a_request_that_was_answered_is_being_worked_on_whoever_takes_it(
    office: Office, lead: Browser
) -> None:
    change_state(ticket=office.ticket, state=State.OPEN, by=office.technician, now=NOW)
    page = text_of(lead.get("/portal/peticiones/"))
    assert "It is being worked on" in page
    assert "nobody has taken it yet" not in page


def test_a_contact_who_only_asks_sees_neither_approvals_nor_invoices(office: Office, asker: Browser) -> None:
    office.sent(30)
    page = text_of(asker.get("/portal/"))
    for part in ("to approve", "Invoices", office.ticket.subject):
        assert part not in page
    assert asker.get("/portal/facturas/").status_code == 404


def test_the_portal_is_for_contacts_alone(office: Office, client: Browser) -> None:
    assert client.get("/portal/").headers["Location"].startswith("/cuenta/")
    client.force_login(office.supervisor)
    for address in ("/portal/", "/portal/peticiones/", "/portal/horas/", "/portal/horas/aprobar/"):
        assert client.get(address).status_code == 403


def test_hidden_hours_are_hidden_everywhere(office: Office, lead: Browser) -> None:
    done, waiting = sent_together(office, office.entry(30), office.entry(30))
    actions.approve_entries(contact=office.lead, seen={done.pk: 1}, now=NOW)
    office.contract.hours_visible = False
    office.contract.save()
    for address in (
        "/portal/",
        "/portal/horas/",
        "/portal/horas/aprobar/",
        f"/portal/horas/trabajos/{waiting.pk}/",
    ):
        page = text_of(lead.get(address))
        for left in ("9 h 30", "9 h 00", "are left in it", "10 h 00"):
            assert left not in page
    assert "There are no prepaid hours to show" in text_of(lead.get("/portal/horas/"))
    assert lead.get(f"/portal/horas/?contrato={office.contract.number}").status_code == 404


# Requests


def test_asking_for_help_opens_a_ticket_with_its_files(office: Office, asker: Browser) -> None:
    file = SimpleUploadedFile("../pantalla.png", b"\x89PNG", content_type="image/png")
    site = make_site(office.client)
    form = {"subject": "No imprime", "body": "Desde ayer", "files": [file], "site": site.pk}
    response = asker.post("/portal/peticiones/nueva/", form, follow=True)
    ticket = Ticket.objects.latest("id")
    message = ticket.messages.get()
    assert ticket.site == site
    assert (ticket.channel, ticket.client, ticket.contact) == (
        Channel.PORTAL,
        office.client,
        message.contact,
    )
    assert (message.text, message.attachments.get().name) == ("Desde ayer", "pantalla.png")
    assert f"request #{ticket.number}" in said(response)
    assert "pantalla.png" in text_of(response)
    assert OutgoingMail.objects.filter(purpose="acknowledgement").count() == 1


def test_an_empty_request_is_asked_again_and_keeps_what_was_written(office: Office, asker: Browser) -> None:
    before = Ticket.objects.count()
    response = asker.post("/portal/peticiones/nueva/", {"subject": "No imprime", "body": "  "})
    assert response.status_code == 422
    assert 'value="No imprime"' in text_of(response)
    assert Ticket.objects.count() == before


def test_too_many_files_are_refused_in_words(office: Office, asker: Browser) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    before = Ticket.objects.count()
    form = {"subject": "No imprime", "body": "x", "files": files}
    response = asker.post("/portal/peticiones/nueva/", form)
    assert response.status_code == 422
    assert "At most 10 files" in text_of(response)
    assert Ticket.objects.count() == before


def test_a_thread_shows_messages_and_never_notes(office: Office, lead: Browser) -> None:
    answer(ticket=office.ticket, author=office.technician, text="Ya lo miramos", now=NOW)
    add_note(ticket=office.ticket, author=office.technician, text="Este cliente es un secreto", now=NOW)
    assign(ticket=office.ticket, assignee=office.technician, by=office.supervisor, now=NOW)
    page = text_of(lead.get(f"/portal/peticiones/{office.ticket.number}/"))
    assert "Ya lo miramos" in page
    assert "No sale el correo." in page
    assert "Teo is looking at it" in page
    for address in (f"/portal/peticiones/{office.ticket.number}/", "/portal/", "/portal/peticiones/"):
        shown = text_of(lead.get(address))
        assert "secreto" not in shown
        assert "assigned it" not in shown


def test_the_files_of_notes_are_not_theirs_to_download(office: Office, lead: Browser) -> None:
    note = add_note(ticket=office.ticket, author=office.technician, text="x", now=NOW)
    form = {"body": "Ahí va", "files": [SimpleUploadedFile("foto.png", b"abc")]}
    lead.post(f"/portal/peticiones/{office.ticket.number}/responder/", form)
    own = Attachment.objects.get()
    hidden = Attachment.objects.create(
        message=note, file=own.file, name="interno.txt", media_type="text/plain"
    )
    assert lead.get(f"/adjuntos/{own.pk}/").headers["Content-Disposition"].startswith("attachment")
    assert lead.get(f"/adjuntos/{hidden.pk}/").status_code == 404


def test_an_answer_reopens_a_solved_request(office: Office, lead: Browser) -> None:
    change_state(ticket=office.ticket, state=State.SOLVED, by=office.technician, now=NOW)
    address = f"/portal/peticiones/{office.ticket.number}/"
    assert "Is it not solved?" in text_of(lead.get(address))
    response = lead.post(f"{address}responder/", {"body": "Sigue igual"})
    assert response.headers["Location"] == address
    office.ticket.refresh_from_db()
    message = office.ticket.messages.latest("id")
    assert office.ticket.state == State.OPEN
    assert (message.kind, message.channel, message.contact) == (
        Message.Kind.INBOUND,
        Channel.PORTAL,
        office.lead,
    )


def test_an_answer_after_closing_goes_on_as_a_new_request(office: Office, lead: Browser) -> None:
    for state in (State.SOLVED, State.CLOSED):
        change_state(ticket=office.ticket, state=state, by=office.technician, now=NOW)
    address = f"/portal/peticiones/{office.ticket.number}/responder/"
    response = lead.post(address, {"body": "Otra vez"}, follow=True)
    follow_up = Ticket.objects.get(follows=office.ticket)
    assert f"goes on as request #{follow_up.number}" in said(response)
    assert follow_up.messages.get().text == "Otra vez"
    assert office.ticket.messages.count() == 1
    old = text_of(lead.get(f"/portal/peticiones/{office.ticket.number}/"))
    assert f"/portal/peticiones/{follow_up.number}/" in old


def test_an_empty_answer_is_asked_again(office: Office, lead: Browser) -> None:
    response = lead.post(f"/portal/peticiones/{office.ticket.number}/responder/", {"body": " "})
    assert response.status_code == 422
    assert office.ticket.messages.count() == 1


def test_whoever_only_asks_sees_their_own_requests(office: Office, asker: Browser) -> None:
    own = make_ticket(contact=Contact.objects.get(name="Berta Sanz"), subject="Lo mío")
    page = text_of(asker.get("/portal/peticiones/"))
    assert "Lo mío" in page
    assert office.ticket.subject not in page
    assert asker.get(f"/portal/peticiones/{own.number}/").status_code == 200
    assert asker.get(f"/portal/peticiones/{office.ticket.number}/").status_code == 404


def test_a_long_thread_is_read_from_its_end(office: Office, lead: Browser) -> None:
    for number in range(205):
        Message.objects.create(
            ticket=office.ticket,
            kind=Message.Kind.INBOUND,
            channel=Channel.EMAIL,
            text=f"mensaje {number}.",
            written_at=NOW,
            created_at=NOW + timedelta(minutes=number),
        )
    address = f"/portal/peticiones/{office.ticket.number}/"
    newest = lead.get(address)
    assert "mensaje 4." not in text_of(newest)
    older = text_of(lead.get(f"{address}?antes={newest.context['older']}"))
    assert "mensaje 4." in older
    assert "mensaje 204." not in older


# Approvals


def test_approving_in_the_portal_draws_from_the_lot(office: Office, lead: Browser) -> None:
    entry, other = sent_together(office, office.entry(50), office.entry(20))
    page = text_of(lead.get("/portal/horas/aprobar/"))
    assert f'value="{entry.pk}:{entry.version}"' in page
    response = lead.post("/portal/horas/aprobar/", {"entry": seen(entry)})
    assert response.headers["Location"] == "/portal/horas/aprobar/"
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.state, other.state) == (EntryState.APPROVED, EntryState.REVIEWED)
    assert Lot.objects.get().left == 60_000 - 6_000
    decision = entry.decisions.latest("id")
    assert (decision.kind, decision.contact) == (Decision.Kind.APPROVE, office.lead)
    response = lead.post("/portal/horas/aprobar/", {"entry": seen(other)}, follow=True)
    assert response.redirect_chain[-1][0] == "/portal/"
    assert "1 line is approved" in said(response)


def test_a_stale_approval_is_refused(office: Office, lead: Browser) -> None:
    entry = office.sent(50)
    before = seen(entry)
    actions.adjust_entry(entry=entry, by=office.supervisor, reason="más", billable_seconds=2400, now=NOW)
    entry = actions.review_entry(entry=TimeEntry.objects.get(), by=office.supervisor, now=NOW)
    actions.send_cut(client=office.client, day=entry.cut.day, by=office.supervisor, now=NOW)  # type: ignore[union-attr]
    response = lead.post("/portal/horas/aprobar/", {"entry": before})
    assert response.status_code == 422
    assert "was changed meanwhile. Nothing was done" in text_of(response)
    assert TimeEntry.objects.get().state == EntryState.REVIEWED
    assert Lot.objects.get().left == 60_000


def test_a_limit_is_said_before_and_in_the_refusal(office: Office, lead: Browser) -> None:
    Contact.objects.filter(pk=office.lead.pk).update(approves_up_to_minutes=30)
    make_contact(office.client, name="Marta Gil", is_project_lead=True)
    entry = office.sent(50)
    assert "You may approve up to 0 h 30 of one day." in text_of(lead.get("/portal/horas/aprobar/"))
    response = lead.post("/portal/horas/aprobar/", {"entry": seen(entry)})
    assert "It can be approved by: Marta Gil." in text_of(response)
    assert TimeEntry.objects.get().state == EntryState.REVIEWED
    assert Lot.objects.get().left == 60_000


def test_nothing_ticked_approves_nothing(office: Office, lead: Browser) -> None:
    office.sent(50)
    response = lead.post("/portal/horas/aprobar/", {"entry": ["nada"]})
    assert "No line was ticked" in text_of(response)
    assert TimeEntry.objects.get().state == EntryState.REVIEWED


def test_whoever_is_no_project_lead_approves_nothing(office: Office, asker: Browser) -> None:
    entry = office.sent(50)
    assert f"In your organisation: {office.lead.name}." in text_of(asker.get("/portal/horas/aprobar/"))
    response = asker.post("/portal/horas/aprobar/", {"entry": seen(entry)})
    assert "Only a project lead approves time" in text_of(response)
    response = asker.post(
        f"/portal/horas/aprobar/{entry.pk}/no-reconocer/", {"version": entry.version, "comment": "¿Qué?"}
    )
    assert response.status_code == 422
    assert TimeEntry.objects.get().state == EntryState.REVIEWED


def test_a_line_is_not_recognised_and_it_alone_waits(office: Office, lead: Browser) -> None:
    entry, other = sent_together(office, office.entry(50), office.entry(20))
    form = {"version": entry.version, "comment": "¿No era del mes pasado?"}
    response = lead.post(f"/portal/horas/aprobar/{entry.pk}/no-reconocer/", form, follow=True)
    page = text_of(response)
    assert "not recognised: it waits for our answer" in page
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.state, other.state) == (EntryState.DISPUTED, EntryState.REVIEWED)
    assert f'value="{entry.pk}:{entry.version}"' not in page
    assert "¿No era del mes pasado?" in text_of(lead.get(f"/portal/horas/trabajos/{entry.pk}/"))


def test_a_dispute_without_words_or_of_another_version_is_refused(office: Office, lead: Browser) -> None:
    entry = office.sent(50)
    for form in ({"version": entry.version, "comment": " "}, {"version": 9, "comment": "¿Qué?"}):
        assert lead.post(f"/portal/horas/aprobar/{entry.pk}/no-reconocer/", form).status_code == 422
    assert TimeEntry.objects.get().state == EntryState.REVIEWED


def test_work_beyond_the_pack_is_charged_only_with_consent() -> None:
    version = make_version(is_published=False, overage=Overage.HOLD)
    office = make_office(version=publish(version))
    make_lot(office.contract, 30)
    entry = office.approved(60)
    lead = browser_of(office.lead)
    page = text_of(lead.get("/portal/"))
    assert "Beyond your pack: it needs your consent" in page
    assert "Let 0 h 30 be charged" in page
    response = lead.post(f"/portal/horas/trabajos/{entry.pk}/consentir/", follow=True)
    assert "charged at your contract's rate" in said(response).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert TimeEntry.objects.get().overage_consented_at == NOW
    response = lead.post(f"/portal/horas/trabajos/{entry.pk}/consentir/", follow=True)
    assert Decision.objects.filter(kind=Decision.Kind.CONSENT).count() == 1


# Hours


def test_the_ledger_shows_every_movement_with_its_why(office: Office, lead: Browser) -> None:
    entry = office.approved(50, note="Copias")
    page = text_of(lead.get("/portal/horas/"))
    for part in ("Hours bought", f"Used: #{office.ticket.number} Copias", "−1 h 00", "balance 9 h 00"):
        assert part in page
    assert "Rounded once for each ticket and day, up to steps of 15 minutes" in page
    actions.free_entry(entry=entry, reason="era de otro", by=office.supervisor, now=NOW)
    page = text_of(lead.get("/portal/horas/"))
    assert "Given back" in page
    assert "balance 10 h 00" in page


def test_open_work_is_not_theirs_to_read_yet(office: Office, lead: Browser) -> None:
    entry = office.closed(30, note="Sin enviar")
    assert lead.get(f"/portal/horas/trabajos/{entry.pk}/").status_code == 404
    assert "Sin enviar" not in text_of(lead.get("/portal/horas/trabajos/"))


def test_prices_are_for_those_who_see_invoices(office: Office, lead: Browser, asker: Browser) -> None:
    Lot.objects.get()
    office.approved(630, note="Migración")
    assert "€15.00" in text_of(lead.get("/portal/horas/trabajos/"))
    assert "€" not in text_of(asker.get("/portal/horas/trabajos/"))


# Another client's


def test_what_is_another_clients_does_not_exist(office: Office, stranger: Browser) -> None:
    entry = office.sent(30)
    number = office.ticket.number
    for address in (
        f"/portal/peticiones/{number}/",
        f"/portal/horas/trabajos/{entry.pk}/",
        f"/portal/horas/aprobar/{entry.pk}/no-reconocer/",
        f"/portal/horas/?contrato={office.contract.number}",
    ):
        assert stranger.get(address).status_code == 404
    for address, form in (
        (f"/portal/peticiones/{number}/responder/", {"body": "Hola"}),
        (f"/portal/horas/aprobar/{entry.pk}/no-reconocer/", {"version": 1, "comment": "¿Qué?"}),
        (f"/portal/horas/trabajos/{entry.pk}/consentir/", {}),
        ("/portal/horas/aprobar/", {"entry": seen(entry)}),
    ):
        assert stranger.post(address, form).status_code == 404
    assert TimeEntry.objects.get().state == EntryState.REVIEWED
    assert office.ticket.messages.count() == 1
    for address in ("/portal/", "/portal/peticiones/", "/portal/horas/", "/portal/horas/trabajos/"):
        page = text_of(stranger.get(address))
        assert office.client.name not in page
        assert office.ticket.subject not in page


# Cost


PAGES = (
    "/portal/",
    "/portal/peticiones/",
    "/portal/peticiones/?q=programa",
    "/portal/horas/",
    "/portal/horas/trabajos/",
    "/portal/horas/aprobar/",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_with_one_row_and_with_three(
    office: Office, lead: Browser, address: str
) -> None:
    counts = []
    for number in range(3):
        _more(office, number)
        with CaptureQueriesContext(connection) as counted:
            lead.get(address)
        counts.append(len(counted))
    assert counts[0] == counts[1] == counts[2]


def _more(office: Office, number: int) -> None:
    """One more contract with its lot, one more request, and approved and waiting work on it."""
    now = NOW + timedelta(days=number)
    contract = make_contract(office.client)
    make_lot(contract, 600)
    ticket = make_ticket(contact=make_contact(office.client), client=office.client, contract=contract)
    person, at = make_person(), WORKED_AT + timedelta(hours=number)
    one, two, _three = sent_together(
        office,
        office.entry(20, now=now, user=person, ticket=ticket, contract=contract, started_at=at),
        office.entry(20, now=now, user=person, started_at=at + timedelta(minutes=20)),
        office.entry(10, now=now, user=person, ticket=ticket, started_at=at + timedelta(minutes=40)),
        now=now,
    )
    actions.approve_entries(contact=office.lead, seen={one.pk: 1, two.pk: 1}, now=now)
