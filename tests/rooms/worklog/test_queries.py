"""Lists cost the same number of queries with one row as with three; who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role
from ecuanime.contracts.models import Approval, Contract
from ecuanime.worklog import access
from ecuanime.worklog.actions import close_day, review_entry, send_cut, start_timer
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.pending import pending_for, preview
from ecuanime.worklog.queries import (
    cut_days,
    cut_page,
    entries_awaiting,
    entry_line,
    my_day,
    portal_entries,
    stuck_timers,
    time_of_ticket,
)
from ecuanime.worklog.rating import with_relations
from tests.factories import NOW, make_client, make_contact, make_contract, make_person
from tests.factories.entitlements import make_lot
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT, WORKED_ON, Office, make_office
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _office() -> Office:
    office = make_office()
    make_lot(office.contract, 60)
    return office


made_office = made_once(_office)


@pytest.fixture
def office(made_office: Office) -> Office:
    return own(made_office)


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as counted:
        read()
    return len(counted)


def more_work(office: Office, number: int) -> None:
    """Work of one more person for one more client, and of the first person for theirs."""
    other = make_contract(make_client())
    make_lot(other, 60)
    lead = make_contact(other.client, is_project_lead=True)
    ticket = make_ticket(contact=lead, client=other.client)
    person = make_person()
    start_timer(user=person, ticket=ticket, now=WORKED_AT)
    start = WORKED_AT + timedelta(hours=number)
    office.entry(30, user=person, ticket=ticket, contract=other, started_at=start)
    office.entry(30, started_at=start)
    office.entry(30, started_at=start + timedelta(minutes=45))


READS: dict[str, Callable[[Office], object]] = {
    "my_day": lambda office: [
        line.entry.ticket.subject for line in my_day(office.technician, WORKED_ON, now=NOW).lines
    ],
    "cut_page": lambda office: [
        (line.entry.ticket.subject, line.entry.user.name, line.figures and line.figures.draws)
        for part in cut_page(WORKED_ON, now=NOW).clients
        for line in part.lines
    ],
    "cut_days": lambda office: cut_days(),
    "time_of_ticket": lambda office: [
        (line.entry.user.name, line.figures) for line in time_of_ticket(office.ticket).lines
    ],
    "preview": lambda office: preview(list(with_relations(TimeEntry.objects.all()))),
    "pending_for": lambda office: pending_for(list(Contract.objects.select_related("version"))),
    "entries_awaiting": lambda office: entries_awaiting(office.lead, now=NOW),
    "portal_entries": lambda office: [row.ticket.subject for row in portal_entries(office.lead).rows],
    "stuck_timers": lambda office: stuck_timers(NOW),
}


STATES = {
    "my_day": ["open"],
    "cut_page": ["open", "closed", "approved"],
    "cut_days": ["closed"],
    "time_of_ticket": ["closed", "approved"],
    "preview": ["closed", "approved"],
    "pending_for": ["closed"],
    "entries_awaiting": ["sent"],
    "portal_entries": ["approved"],
    "stuck_timers": ["open"],
}


@pytest.mark.parametrize(("name", "state"), [(name, state) for name in READS for state in STATES[name]])
def test_a_list_costs_the_same_with_more_rows(office: Office, name: str, state: str) -> None:
    counts = []
    for number in range(2):
        more_work(office, number * 2)
        if number:
            more_work(office, number * 2 + 2)
        _bring_to(office, state)
        counts.append(queries_of(lambda: READS[name](office)))

    assert counts[0] == counts[1]


def _bring_to(office: Office, state: str) -> None:
    if state == "open":
        return
    close_day(day=WORKED_ON, now=NOW)
    if state == "closed":
        return
    for entry in TimeEntry.objects.filter(state=EntryState.CLOSED):
        entry.contract.approval = Approval.BOTH if state == "sent" else Approval.SUPERVISOR  # type: ignore[union-attr]
        entry.contract.save()  # type: ignore[union-attr]
        review_entry(entry=entry, by=office.supervisor, now=NOW)
    if state == "sent":
        send_cut(client=office.client, day=WORKED_ON, by=office.supervisor, now=NOW)
        TimeEntry.objects.filter(cut__client=office.client).update(told_at=NOW)
        office.client.cuts.update(sent_at=None)


def test_the_page_of_a_day_previews_what_is_not_approved(office: Office) -> None:
    office.closed(50)

    [part] = cut_page(WORKED_ON + timedelta(days=1), now=NOW).clients

    assert (part.client, part.to_review, part.waits_for_notice) == (office.client, 1, False)
    assert part.leads == (office.lead,)
    figures = part.lines[0].figures
    assert figures is not None
    assert figures.drawn == 6000
    assert part.lines[0].warnings == ("no_evidence", "late")


def test_an_entry_without_contract_has_no_figures(office: Office) -> None:
    entry = office.closed(30)
    TimeEntry.objects.update(contract=None)

    line = entry_line(entry)

    assert (line.figures, line.problems) == (None, ("no_contract",))


def test_who_sees_which_time(office: Office) -> None:
    own, others = office.entry(30), office.entry(30, user=office.supervisor)
    clerk, administrator = make_person(Role.BILLING), make_person(Role.ADMINISTRATOR)

    assert set(access.visible_entries(office.technician)) == {own}
    assert set(access.visible_entries(office.supervisor)) == {own, others}
    assert set(access.visible_entries(administrator)) == {own, others}
    assert set(access.visible_entries(clerk)) == set()
    TimeEntry.objects.filter(pk=others.pk).update(state=EntryState.APPROVED)
    assert set(access.visible_entries(clerk)) == {others}
    assert access.may_see_entry(clerk, others)
    assert not access.may_see_entry(clerk, own)
    portal = make_contact(office.client, signs_in=True)
    assert portal.user is not None
    assert set(access.visible_entries(portal.user)) == set()


def test_a_contact_sees_their_clients_time_from_the_notice_on(office: Office) -> None:
    entry, stranger = office.reviewed(30), make_contact(is_project_lead=True)
    assert set(access.visible_to_contact(office.lead)) == set()

    send_cut(client=office.client, day=NOW.date(), by=office.supervisor, now=NOW)

    assert set(access.visible_to_contact(office.lead)) == {entry}
    assert set(access.visible_to_contact(stranger)) == set()
    office.lead.is_active = False
    assert set(access.visible_to_contact(office.lead)) == set()


def test_who_may_do_what(office: Office) -> None:
    entry = office.entry(30)

    assert access.may_change_entry(office.technician, entry)
    assert not access.may_change_entry(office.supervisor, entry)
    assert access.may_review_time(office.supervisor)
    assert not access.may_review_time(office.technician)
    assert access.may_record_time(office.technician)
    assert not access.may_record_time(make_person(Role.BILLING))
    assert access.may_approve_time(office.lead, now=NOW)
    assert not access.may_approve_time(make_contact(office.client), now=NOW)
