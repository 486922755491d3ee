"""The daily cut on screen: the day, what a supervisor does with it, and how refusals are said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.models import Lot
from ecuanime.worklog import actions
from ecuanime.worklog.models import Cut, Decision, EntryState, TimeEntry, Timer
from tests.factories import NOW, make_client, make_contact, make_contract, make_person, make_work_type
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT, Office, make_office
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

DAY = "/horas/2026-11-10/"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def _office() -> Office:
    office = make_office()
    make_lot(office.contract, 600)
    return office


made_office = made_once(_office)


@pytest.fixture
def office(made_office: Office) -> Office:
    return own(made_office)


@pytest.fixture
def page(office: Office, client: Browser) -> Browser:
    client.force_login(office.supervisor)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def said(response: Any) -> str:
    """What the page that follows says about what was done."""
    return " ".join(str(message) for message in response.context["messages"])


def seen(*entries: TimeEntry) -> list[str]:
    return [f"{entry.pk}:{entry.version}" for entry in entries]


def unchanged(entry: TimeEntry) -> bool:
    fresh = TimeEntry.objects.get(pk=entry.pk)
    return (fresh.state, fresh.version) == (entry.state, entry.version)


def test_hours_leads_a_technician_to_their_own_day(office: Office, client: Browser) -> None:
    client.force_login(office.technician)
    assert client.get("/horas/").headers["Location"] == "/horas/mi-dia/"
    assert client.get(DAY).status_code == 403


def test_hours_leads_a_supervisor_to_the_day_that_waits(office: Office, page: Browser) -> None:
    assert page.get("/horas/").headers["Location"] == DAY
    office.closed(30)
    office.entry(30, now=NOW + timedelta(minutes=1))
    assert page.get("/horas/").headers["Location"] == DAY


def test_the_day_shows_what_each_entry_comes_to_and_why(office: Office, page: Browser) -> None:
    office.closed(26, started_at=WORKED_AT, note="Alta de la higienista")
    text = text_of(page.get(DAY))
    lot = Lot.objects.get()
    for part in (
        "Alta de la higienista",
        "10:00–10:26",
        "0 h 26",
        "0 h 30",
        lot.code,
        "in steps of 15 min",
        f"Drawn from {lot.code}",
        "9 h 30 would be left with everything approved",
        "nothing was written on the ticket that day",
        "Pack · 10 h 00",
        f"approved by {office.lead.name}",
        "1 to review",
    ):
        assert part in text


def test_a_day_without_entries_says_so(page: Browser) -> None:
    assert "No time is recorded for Monday 2 November" in text_of(page.get("/horas/2026-11-02/"))


def test_problems_are_said_and_leave_the_entry_unticked(office: Office, page: Browser) -> None:
    office.closed(30)
    TimeEntry.objects.update(contract=None)
    text = text_of(page.get(DAY))
    assert "It has no contract yet, so nobody can approve it." in text
    assert "To fix before sending" in text
    assert " checked" not in text


def test_an_overlap_is_said_with_the_other_entry(office: Office, page: Browser) -> None:
    office.entry(30, started_at=WORKED_AT)
    office.entry(30, started_at=WORKED_AT + timedelta(minutes=15))
    text = text_of(page.get("/horas/2026-11-09/"))
    assert f"It overlaps the time of the same person on #{office.ticket.number}, 10:15–10:45." in text
    answer = page.post("/horas/2026-11-09/cerrar/", follow=True)
    assert "0 entries are closed." in said(answer)
    assert "Not closed, because they overlap" in said(answer)
    assert TimeEntry.objects.filter(state=EntryState.OPEN).count() == 2


def test_closing_the_day_by_hand(office: Office, page: Browser) -> None:
    entry = office.entry(30)
    assert "Close the day" in text_of(page.get("/horas/2026-11-09/"))
    answer = page.post("/horas/2026-11-10/cerrar/", follow=True)
    assert "1 entry is closed." in said(answer)
    entry.refresh_from_db()
    assert entry.state == EntryState.CLOSED


def test_a_day_to_come_is_not_closed(office: Office, page: Browser) -> None:
    entry = office.entry(30)
    answer = page.post("/horas/2026-12-24/cerrar/", follow=True)
    assert "That day has not come yet" in said(answer)
    assert unchanged(entry)


def test_the_ticked_entries_are_approved_and_the_client_is_asked(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    answer = page.post(f"{DAY}aprobar/", {"entry": seen(entry), "client": office.client.code})
    assert answer.headers["Location"] == f"{DAY}#{office.client.code}"
    entry.refresh_from_db()
    assert entry.state == EntryState.REVIEWED
    assert "Send to 1 client" in text_of(page.get(DAY))
    answer = page.post(f"{DAY}enviar/", {"client": [office.client.code]}, follow=True)
    assert "Sent to 1 client." in said(answer)
    assert Cut.objects.get().sent_at == NOW
    assert OutgoingMail.objects.filter(to=[office.lead.email], purpose="cut").count() == 1
    assert "waits for the client" in text_of(page.get(DAY))


def test_nothing_ticked_is_said(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    answer = page.post(f"{DAY}aprobar/", {"entry": ["x:1", "7"]}, follow=True)
    assert "No entry was ticked" in said(answer)
    assert unchanged(entry)


def test_ones_own_time_is_not_ticked_and_is_refused_where_another_supervisor_can(
    office: Office, page: Browser
) -> None:
    entry = office.closed(30, user=office.supervisor)
    make_person(Role.SUPERVISOR)
    text = text_of(page.get(DAY))
    assert "your own time" in text
    assert " checked" not in text
    answer = page.post(f"{DAY}aprobar/", {"entry": seen(entry)}, follow=True)
    assert "Ask another supervisor to approve it" in said(answer)
    assert unchanged(entry)


def test_an_entry_that_was_changed_meanwhile_is_not_approved(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    before = seen(entry)
    actions.adjust_entry(entry=entry, by=office.supervisor, reason="menos", billable_seconds=600, now=NOW)
    entry.refresh_from_db()
    answer = page.post(f"{DAY}aprobar/", {"entry": before}, follow=True)
    assert "was changed meanwhile. Nothing was done" in said(answer)
    assert unchanged(entry)


def test_a_cut_without_a_project_lead_is_refused_by_name_and_the_others_leave(
    office: Office, page: Browser
) -> None:
    office.reviewed(30)
    lonely = make_contract(make_client(name="Sola"))
    make_lot(lonely, 60)
    ticket = make_ticket(contact=make_contact(lonely.client), client=lonely.client)
    entry = office.closed(30, ticket=ticket, contract=lonely)
    actions.review_entry(entry=entry, by=office.supervisor, now=NOW)
    codes = [office.client.code, lonely.client.code]
    answer = page.post(f"{DAY}enviar/", {"client": codes}, follow=True)
    assert "Sent to 1 client." in said(answer)
    assert "Sola: Sola has no project lead" in said(answer)
    assert Cut.objects.get(client=lonely.client).sent_at is None


def test_an_entry_is_adjusted_with_a_reason(office: Office, page: Browser) -> None:
    entry = office.closed(50, plus_seconds=10)
    form = {
        "version": entry.version,
        "billable": "0:30",
        "work_type": entry.work_type_id,
        "contract": office.contract.pk,
        "note": "Copias",
        "reason": "La mitad fue nuestra",
    }
    answer = page.post(f"/horas/entradas/{entry.pk}/ajustar/", form)
    assert answer.headers["Location"] == f"{DAY}#{office.client.code}"
    entry.refresh_from_db()
    assert (entry.billable_seconds, entry.note, entry.elapsed_seconds) == (1800, "Copias", 3010)
    assert entry.adjust_reason == "La mitad fue nuestra"


def test_a_duration_left_alone_keeps_its_seconds(office: Office, page: Browser) -> None:
    entry = office.closed(50, plus_seconds=10, billable_seconds=1810)
    form = {
        "version": entry.version,
        "billable": "0:30",
        "work_type": entry.work_type_id,
        "contract": office.contract.pk,
        "note": "Copias",
        "reason": "mejor dicho",
    }
    page.post(f"/horas/entradas/{entry.pk}/ajustar/", form)
    entry.refresh_from_db()
    assert (entry.billable_seconds, entry.note) == (1810, "Copias")


def test_an_adjustment_without_reason_is_asked_again(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    form = {"version": entry.version, "billable": "0:10", "work_type": entry.work_type_id, "reason": " "}
    answer = page.post(f"/horas/entradas/{entry.pk}/ajustar/", form)
    assert answer.status_code == 422
    assert "There is one thing to correct" in text_of(answer)
    assert unchanged(entry)


def test_a_refused_adjustment_shows_the_entry_as_it_is_now(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    form = {"version": 99, "billable": "0:10", "work_type": entry.work_type_id, "reason": "menos"}
    answer = page.post(f"/horas/entradas/{entry.pk}/ajustar/", form)
    assert answer.status_code == 422
    assert "was changed meanwhile" in text_of(answer)
    assert f'name="version" value="{entry.version}"' in text_of(answer)
    assert unchanged(entry)


@pytest.mark.parametrize(
    ("address", "state", "billable"),
    [("rechazar", EntryState.REJECTED, None), ("cortesia", EntryState.CLOSED, 0)],
)
def test_an_entry_is_rejected_or_made_goodwill_with_a_reason(
    office: Office, page: Browser, address: str, state: str, billable: int | None
) -> None:
    entry = office.closed(30)
    form = {"version": entry.version, "reason": "Fue culpa nuestra"}
    page.post(f"/horas/entradas/{entry.pk}/{address}/", form)
    entry.refresh_from_db()
    assert (entry.state, entry.billable_seconds) == (state, billable)
    assert entry.decisions.latest("id").reason == "Fue culpa nuestra"


def test_a_contract_is_chosen_for_an_entry_without_one(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    TimeEntry.objects.update(contract=None)
    page.post(f"/horas/entradas/{entry.pk}/contrato/", {"contract": office.contract.pk})
    entry.refresh_from_db()
    assert entry.contract == office.contract


def test_the_contract_of_another_client_is_no_choice(office: Office, page: Browser) -> None:
    entry = office.closed(30)
    TimeEntry.objects.update(contract=None)
    answer = page.post(f"/horas/entradas/{entry.pk}/contrato/", {"contract": make_contract().pk})
    assert answer.status_code == 422
    assert TimeEntry.objects.get(pk=entry.pk).contract is None


def test_a_dispute_stands_beside_the_day_and_is_answered(office: Office, page: Browser) -> None:
    entry = office.sent(30)
    actions.dispute_entry(contact=office.lead, entry=entry, comment="¿Esta media hora?", now=NOW)
    text = text_of(page.get(DAY))
    assert "¿Esta media hora?" in text
    assert "Answer about" in text
    form = {"version": entry.version, "reason": "Fue la llamada de las diez"}
    page.post(f"/horas/entradas/{entry.pk}/contestar/", form)
    entry.refresh_from_db()
    assert entry.state == EntryState.REVIEWED
    assert "¿Esta media hora?" not in text_of(page.get(DAY))
    history = text_of(page.get(f"/horas/entradas/{entry.pk}/"))
    assert "Fue la llamada de las diez" in history
    assert "¿Esta media hora?" in history


def test_an_approval_is_taken_back_and_both_ratings_stay_to_be_read(office: Office, page: Browser) -> None:
    entry = office.approved(30)
    assert Lot.objects.get().left == 57_000
    form = {"version": entry.version, "reason": "Era de otro cliente"}
    page.post(f"/horas/entradas/{entry.pk}/recuperar/", form)
    assert Lot.objects.get().left == 60_000
    text = text_of(page.get(f"/horas/entradas/{entry.pk}/"))
    assert "How it was rated before" in text
    assert "Era de otro cliente" in text


def test_a_pack_bought_later_takes_what_nothing_covered(office: Office, page: Browser) -> None:
    Lot.objects.get()
    entry = office.approved(630)
    make_lot(office.contract, 60)
    form = {"version": entry.version, "reason": "Compraron otro bono"}
    page.post(f"/horas/entradas/{entry.pk}/retarificar/", form)
    assert sorted(Lot.objects.values_list("left", flat=True)) == [0, 3000]


def test_a_forgotten_timer_shows_and_is_ended_where_its_trace_says(office: Office, page: Browser) -> None:
    started = NOW - timedelta(hours=6)
    timer = Timer.objects.create(
        user=office.technician, ticket=office.ticket, work_type=make_work_type("remote"), started_at=started
    )
    office.ticket.messages.create(
        kind="reply",
        channel="staff",
        author=office.technician,
        text="Hecho",
        written_at=started + timedelta(minutes=24),
        created_at=started + timedelta(minutes=24),
    )
    text = text_of(page.get(DAY))
    assert "Running since 04:00: 6 h 00" in text
    assert "The last thing on the ticket was a reply, 04:24." in text
    page.post(f"/horas/cronometros/{timer.pk}/preguntar/", {"day": "2026-11-10"})
    assert OutgoingMail.objects.filter(purpose="stuck_timer").count() == 1
    end = {"day": "2026-11-10", "ended_at": (started + timedelta(minutes=24)).isoformat()}
    answer = page.post(f"/horas/cronometros/{timer.pk}/cortar/", end)
    assert answer.headers["Location"] == DAY
    assert TimeEntry.objects.get().elapsed_seconds == 24 * 60


def test_the_end_of_a_timer_typed_by_hand_is_in_the_readers_zone(office: Office, page: Browser) -> None:
    timer = Timer.objects.create(
        user=office.technician,
        ticket=office.ticket,
        work_type=make_work_type("remote"),
        started_at=NOW - timedelta(hours=6),
    )
    answer = page.post(f"/horas/cronometros/{timer.pk}/cortar/", {"ended_at": "mañana"}, follow=True)
    assert "Say the day and the time" in said(answer)
    answer = page.post(
        f"/horas/cronometros/{timer.pk}/cortar/", {"ended_at": "2026-11-10T03:00"}, follow=True
    )
    assert "before the start" in said(answer)
    assert not TimeEntry.objects.exists()
    page.post(f"/horas/cronometros/{timer.pk}/cortar/", {"ended_at": "2026-11-10T04:30"})
    assert TimeEntry.objects.get().elapsed_seconds == 30 * 60
    assert page.post(f"/horas/cronometros/{timer.pk}/cortar/", {}).status_code == 404


def test_a_billing_clerk_reads_what_is_approved_and_decides_nothing(office: Office, client: Browser) -> None:
    office.approved(30, note="Aprobado")
    later = office.closed(45, note="Cerrado", now=NOW + timedelta(minutes=1))
    client.force_login(make_person(Role.BILLING, language="en"))
    text = text_of(client.get(DAY))
    assert "Aprobado" in text
    assert "Cerrado" not in text
    assert client.post(f"{DAY}aprobar/", {"entry": seen(later)}).status_code == 403
    assert client.get(f"/horas/entradas/{later.pk}/").status_code == 404


def test_people_see_the_page_of_their_own_entry_and_of_no_other(office: Office, client: Browser) -> None:
    own, other = office.closed(30), office.closed(30, user=make_person(), now=NOW)
    client.force_login(office.technician)
    text = text_of(client.get(f"/horas/entradas/{own.pk}/"))
    assert "What happened to it" in text
    assert "Reject" not in text
    assert client.get(f"/horas/entradas/{other.pk}/").status_code == 404


DECISIONS = ("ajustar", "cortesia", "rechazar", "contestar", "contrato", "recuperar", "retarificar")


@pytest.mark.parametrize("address", DECISIONS)
def test_only_supervisors_decide(office: Office, client: Browser, address: str) -> None:
    entry = office.closed(30)
    form = {"version": entry.version, "reason": "porque sí"}
    for user in (office.technician, _account_of(office.lead)):
        client.force_login(user)
        assert client.post(f"/horas/entradas/{entry.pk}/{address}/", form).status_code == 403
        assert client.post(f"{DAY}aprobar/", {"entry": seen(entry)}).status_code == 403
    assert unchanged(entry)
    assert not Decision.objects.exists()


def _account_of(contact: Contact) -> User:
    user = User.objects.create_user(email=contact.email, password="una clave bastante larga", name="X")
    Contact.objects.filter(pk=contact.pk).update(user=user)
    return user


def more_work(office: Office, minute: int) -> None:
    """One more client with a lead and a pack, and one more entry of each."""
    other = make_contract(make_client())
    make_lot(other, 60)
    lead = make_contact(other.client, is_project_lead=True, approves_up_to_amount=10_000)
    ticket = make_ticket(contact=lead, client=other.client)
    at = WORKED_AT + timedelta(hours=minute)
    office.closed(20, ticket=ticket, contract=other, started_at=at)
    office.closed(20, started_at=at + timedelta(minutes=30))


def test_the_day_costs_the_same_with_one_entry_and_with_three(office: Office, page: Browser) -> None:
    counts = []
    for number in (1, 2, 3):
        more_work(office, number)
        with CaptureQueriesContext(connection) as counted:
            page.get(DAY)
        counts.append(len(counted))
    assert counts[0] == counts[1] == counts[2]


def test_an_approved_entry_is_corrected_by_another(office: Office, page: Browser) -> None:
    entry = office.approved(60)
    address = f"/horas/entradas/{entry.pk}/"
    assert "Record the correction" in text_of(page.get(address))
    form = {"way": "take", "duration": "0:20", "reason": "Eran menos"}
    too_much = page.post(f"{address}corregir/", form | {"duration": "2:00"})
    assert too_much.status_code == 422
    assert "More cannot be taken away" in text_of(too_much)
    assert 'value="2:00"' in text_of(too_much)
    assert TimeEntry.objects.count() == 1
    answer = page.post(f"{address}corregir/", form, follow=True)
    correction = TimeEntry.objects.latest("id")
    assert (correction.corrects, correction.elapsed_seconds) == (entry, -1200)
    assert "corrects another entry" in text_of(answer)
    assert "Correction recorded: Irene Mora" in text_of(answer)
    assert "−0 h 20 · Eran menos" in text_of(page.get(address)).replace('<span class="ec-s ec-2">', "")
    assert "corrects an approved entry" in text_of(page.get(DAY)) or correction.cut is None


def test_the_client_reads_a_correction_with_what_it_corrects(office: Office, client: Browser) -> None:
    entry = office.approved(60)
    correction = actions.record_correction(
        entry=entry, by=office.supervisor, reason="Eran menos", seconds=-1200, now=NOW
    )
    actions.close_day(day=NOW.date() + timedelta(days=1), now=NOW + timedelta(days=1))
    correction.refresh_from_db()
    actions.review_entry(entry=correction, by=office.supervisor, now=NOW + timedelta(days=1))
    assert correction.cut is not None
    tomorrow = NOW + timedelta(days=1)
    actions.send_cut(client=office.client, day=correction.cut.day, by=office.supervisor, now=tomorrow)
    account = User.objects.create_user(email="lead@uno.example", name="Lead", language="en")
    Contact.objects.filter(pk=office.lead.pk).update(user=account)
    client.force_login(account)
    shown = text_of(client.get("/portal/horas/aprobar/"))
    assert f'href="/portal/horas/trabajos/{entry.pk}/"' in shown
    assert "corrects work that was approved" in shown
    assert "−0 h 15" in shown
