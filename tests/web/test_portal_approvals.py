"""Approving in batches, standing in for a lead, and writing on a dispute, on screen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.clients.models import Substitution
from ecuanime.worklog.actions import close_day, dispute_entry, review_entries, send_cut
from ecuanime.worklog.models import Decision, EntryState, TimeEntry
from tests.factories import NOW, make_contact
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import Office, make_office
from tests.shared import made_once, own
from tests.web.test_portal import browser_of

pytestmark = pytest.mark.django_db

APPROVALS, SUBSTITUTES = "/portal/horas/aprobar/", "/portal/horas/sustitutos/"


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


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def three_waiting(office: Office) -> list[TimeEntry]:
    """Two on one ticket, one on another."""
    other = make_ticket(contact=office.lead, client=office.client, subject="Otra cosa")
    entries = [office.entry(30), office.entry(20), office.entry(15, ticket=other, contract=office.contract)]
    close_day(day=NOW.date(), now=NOW)
    review_entries(seen={entry.pk: entry.version for entry in entries}, by=office.supervisor, now=NOW)
    send_cut(client=office.client, day=NOW.date(), by=office.supervisor, now=NOW)
    return entries


def test_all_or_one_ticket_is_approved_with_one_click(office: Office) -> None:
    first, second, third = three_waiting(office)
    browser = browser_of(office.lead)
    everything, ticket = browser.get(APPROVALS).context["batches"]
    assert (everything.ticket, everything.count) == (None, 3)
    assert (ticket.ticket, ticket.count) == (office.ticket, 2)

    browser.post(APPROVALS, {"entry": list(ticket.seen)})

    approved = TimeEntry.objects.filter(state=EntryState.APPROVED)
    assert set(approved.all()) == {first, second}
    browser.post(APPROVALS, {"entry": list(everything.seen)})
    assert set(approved.all()) == {first, second, third}
    assert browser.get(APPROVALS).context["batches"] == []


def test_a_supervisor_approves_the_day_with_one_click(office: Office, client: Browser) -> None:
    entries = [office.entry(30), office.entry(20), office.entry(30, user=office.supervisor)]
    close_day(day=NOW.date(), now=NOW)
    client.force_login(office.supervisor)

    [batch] = client.get(f"/horas/{NOW.date()}/").context["batches"]
    client.post(f"/horas/{NOW.date()}/aprobar/", {"entry": list(batch.seen)})

    states = [TimeEntry.objects.get(pk=entry.pk).state for entry in entries]
    assert states == ["reviewed", "reviewed", "closed"], "one's own time is another's to approve"


def test_a_lead_names_who_approves_meanwhile(office: Office) -> None:
    colleague = make_contact(office.client, name="Marta Gil")
    lead, other = browser_of(office.lead), browser_of(colleague)
    [entry, *_rest] = three_waiting(office)
    assert "Project leads approve the work" in text_of(other.get(APPROVALS))
    days = {"first_day": NOW.date(), "last_day": NOW.date() + timedelta(days=3)}

    wrong = lead.post(SUBSTITUTES, days | {"substitute": colleague.pk, "last_day": date(2026, 1, 1)})
    assert wrong.status_code == 422
    assert "Give the first and the last day" in text_of(wrong)
    lead.post(SUBSTITUTES, days | {"substitute": colleague.pk})

    assert "You stand in for" in text_of(other.get(APPROVALS))
    other.post(APPROVALS, {"entry": f"{entry.pk}:{entry.version}"})
    assert Decision.objects.get(kind="approve").stands_for == office.lead
    assert "standing in for" in text_of(other.get(f"/portal/horas/trabajos/{entry.pk}/"))
    assert "Marta Gil" in text_of(lead.get(SUBSTITUTES))
    lead.post(SUBSTITUTES, {"cancel": Substitution.objects.get().pk})
    assert "Project leads approve the work" in text_of(other.get(APPROVALS))
    assert other.get(SUBSTITUTES).status_code == 403


def test_the_office_names_and_cancels_them_too(office: Office, client: Browser) -> None:
    colleague = make_contact(office.client, name="Marta Gil")
    client.force_login(office.supervisor)
    page = f"/clientes/{office.client.code}/personas/{office.lead.pk}/"
    days = {"first_day": NOW.date(), "last_day": NOW.date()}

    client.post(f"{page}sustitutos/", days | {"substitute": colleague.pk})
    taken = client.post(f"{page}sustitutos/", days | {"substitute": make_contact(office.client).pk})

    assert taken.status_code == 422
    assert "Cancel that first" in text_of(taken)
    assert "Marta Gil" in text_of(client.get(page))
    client.post(f"{page}sustitutos/", {"cancel": Substitution.objects.get().pk})
    assert Substitution.objects.get().cancelled_at is not None


def test_both_sides_read_what_the_other_wrote(office: Office, client: Browser) -> None:
    [entry, *_rest] = three_waiting(office)
    dispute_entry(contact=office.lead, entry=entry, comment="¿Del mes pasado?", now=NOW)
    client.force_login(office.technician)
    lead = browser_of(office.lead)
    ours, theirs = f"/horas/entradas/{entry.pk}/", f"/portal/horas/trabajos/{entry.pk}/"

    assert client.post(f"{ours}comentar/", {"comment": ""}).status_code == 422
    client.post(f"{ours}comentar/", {"comment": "¿Cuál de las dos?"})
    assert "¿Cuál de las dos?" in text_of(lead.get(theirs))
    assert lead.post(f"{theirs}comentar/", {"comment": " "}).status_code == 422
    lead.post(f"{theirs}comentar/", {"comment": "La del lunes"})

    assert "La del lunes" in text_of(client.get(ours))
    assert Decision.objects.filter(kind=Decision.Kind.COMMENT).count() == 2
