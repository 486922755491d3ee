"""Closing days and asking clients for approval."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ecuanime.clients.models import Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.staff.models import Firm, Holiday
from ecuanime.tickets.models import Message
from ecuanime.worklog import jobs
from ecuanime.worklog.actions import close_day, reject_entry, review_entry, send_cut, start_timer
from ecuanime.worklog.models import ClosedDay, Cut, EntryState, TimeEntry, Timer
from ecuanime.worklog.queries import cut_days, cut_page, days_to_close, stuck_timers
from tests.factories import NOW, make_client, make_contract
from tests.factories.entitlements import make_pack
from tests.factories.tickets import make_ticket
from tests.factories.worklog import WORKED_AT, WORKED_ON, Office, make_office
from tests.rooms.worklog.snapshots import everything, refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def office() -> Office:
    return make_office()


def test_a_day_is_closed_by_client(office: Office) -> None:
    one, other = office.entry(30), office.entry(15)
    elsewhere = office.entry(20, ticket=make_ticket())

    report = close_day(day=WORKED_ON, now=NOW, by=office.supervisor)

    assert report.closed == 3
    assert {entry.state for entry in TimeEntry.objects.all()} == {EntryState.CLOSED}
    assert set(Cut.objects.get(client=office.client).entries.all()) == {one, other}
    assert Cut.objects.get(client=elsewhere.client).day == WORKED_ON


def test_closing_twice_changes_nothing(office: Office) -> None:
    office.entry(30)
    close_day(day=WORKED_ON, now=NOW)
    before = everything()

    assert close_day(day=WORKED_ON, now=NOW + timedelta(hours=1)).closed == 0
    assert everything() == before


def test_the_next_cut_takes_late_entries(office: Office) -> None:
    close_day(day=WORKED_ON, now=NOW)
    late = office.entry(30)

    close_day(day=WORKED_ON + DAY, now=NOW)

    late.refresh_from_db()
    assert late.cut is not None
    assert late.cut.day == WORKED_ON + DAY
    [part] = cut_page(WORKED_ON + DAY, now=NOW).clients
    assert "late" in part.lines[0].warnings


def test_overlapping_entries_stay_open_and_are_shown(office: Office) -> None:
    one = office.entry(30, started_at=WORKED_AT)
    other = office.entry(30, started_at=WORKED_AT + timedelta(minutes=10))
    alone = office.entry(30, started_at=WORKED_AT + timedelta(hours=3))

    report = close_day(day=WORKED_ON, now=NOW)

    assert report.closed == 1
    assert set(report.overlapping) == {one, other}
    page = cut_page(WORKED_ON, now=NOW)
    problems = {line.entry: line.problems for part in page.clients for line in part.lines}
    assert problems == {one: ("overlap",), other: ("overlap",), alone: ()}


def test_a_day_to_come_is_not_closed(office: Office) -> None:
    refused("future", lambda: close_day(day=WORKED_ON + 2 * DAY, now=NOW))
    refused("not_allowed", lambda: close_day(day=WORKED_ON, now=NOW, by=office.technician))


def test_by_hand_before_its_hour_the_day_is_closed_again_at_its_hour(office: Office) -> None:
    office.entry(30)
    close_day(day=WORKED_ON + DAY, now=NOW, by=office.supervisor)

    assert days_to_close(NOW) == [WORKED_ON]
    at_eight = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)
    assert days_to_close(at_eight) == [WORKED_ON + DAY]


def test_days_are_closed_at_the_firms_hour_in_its_zone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    Firm.objects.update(cut_at=time(20))
    office.entry(30)
    office.entry(30, work_on=WORKED_ON + DAY)
    before = datetime(2026, 11, 10, 18, 59, tzinfo=UTC)

    monkeypatch.setattr(jobs, "read_clock", lambda: before)
    jobs.close_days(timestamp=0)
    assert set(ClosedDay.objects.values_list("day", flat=True)) == {WORKED_ON}

    monkeypatch.setattr(jobs, "read_clock", lambda: before + timedelta(minutes=1))
    jobs.close_days(timestamp=0)
    jobs.close_days(timestamp=0)
    assert list(Cut.objects.order_by("day").values_list("day", flat=True)) == [WORKED_ON, WORKED_ON + DAY]


def test_after_days_without_power_each_day_gets_its_own_cut(office: Office) -> None:
    for back in (3, 1, 2):
        office.entry(30, work_on=WORKED_ON - back * DAY)

    assert days_to_close(NOW) == [WORKED_ON - back * DAY for back in (3, 2, 1, 0)]


def test_one_day_that_fails_does_not_hold_up_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = WORKED_ON - DAY
    for day in (broken, WORKED_ON):
        office.entry(30, work_on=day)

    def close(*, day: date, now: datetime) -> None:
        if day == broken:
            raise RuntimeError("broken")
        close_day(day=day, now=now)

    monkeypatch.setattr(jobs, "read_clock", lambda: NOW)
    monkeypatch.setattr("ecuanime.worklog.actions.close_day", close)
    jobs.close_days(timestamp=0)
    cut = Cut.objects.get()
    assert (cut.day, cut.entries.count()) == (WORKED_ON, 2)  # which takes what the day before left open


def test_a_timer_left_running_is_flagged_with_its_last_trace(office: Office) -> None:
    start_timer(user=office.technician, ticket=office.ticket, now=WORKED_AT)
    trace = WORKED_AT + timedelta(minutes=22)
    Message.objects.create(
        ticket=office.ticket,
        kind=Message.Kind.REPLY,
        channel="staff",
        author=office.technician,
        text="Ya está",
        written_at=trace,
        created_at=trace,
    )

    report = close_day(day=WORKED_ON, now=NOW)

    [stuck] = stuck_timers(NOW)
    assert list(report.stuck) == [stuck.timer]
    assert (stuck.proposed_end, stuck.trace) == (trace, "reply")
    Timer.objects.update(caught_at=None)
    assert stuck_timers(WORKED_AT + timedelta(hours=4)) == []


def test_the_notice_says_what_it_is_about_and_until_when(office: Office) -> None:
    make_pack(office.contract)
    entry = office.reviewed(50, plus_seconds=10, started_at=WORKED_AT)

    cut = send_cut(client=office.client, day=WORKED_ON + DAY, by=office.supervisor, now=NOW)

    mail = OutgoingMail.objects.get(purpose="cut")
    assert mail.to == [office.lead.email]
    assert "10:00–10:50" in mail.text
    assert f"#{office.ticket.number}" in mail.text
    assert "1\xa0h\xa000" in mail.text
    assert "Nothing is charged without your approval." in mail.text
    assert "/portal/horas" in mail.text
    entry.refresh_from_db()
    assert (entry.told_at, cut.sent_at) == (NOW, NOW)


def test_the_notice_names_the_contract_whose_silence_consents() -> None:
    from tests.factories import make_version

    office = make_office(version=make_version(silence_is_consent=True))
    office.sent(30)

    assert f"as contract {office.contract.number} says" in OutgoingMail.objects.get(purpose="cut").text


def test_the_term_counts_working_days_from_the_notice(office: Office) -> None:
    Holiday.objects.create(on=date(2026, 11, 12), name="Fiesta local")
    office.sent(30)

    # Tuesday 10 November + 5 working days without Thursday 12: 11, 13, 16, 17, 18.
    cut = Cut.objects.get()
    assert cut.due_on == date(2026, 11, 18)
    assert cut.next_due_at == datetime(2026, 11, 18, 23, 0, tzinfo=UTC)


def test_entries_reviewed_later_are_sent_too_and_the_term_starts_anew(office: Office) -> None:
    first, second = office.entry(30), office.entry(20)
    close_day(day=WORKED_ON, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    review_entry(entry=first, by=office.supervisor, now=NOW)
    send_cut(client=office.client, day=WORKED_ON, by=office.supervisor, now=NOW)
    review_entry(entry=second, by=office.supervisor, now=NOW + DAY)

    cut = send_cut(client=office.client, day=WORKED_ON, by=office.supervisor, now=NOW + DAY)

    assert cut.due_on == date(2026, 11, 18)
    assert OutgoingMail.objects.filter(purpose="cut").count() == 2
    refused(
        "nothing_to_send",
        lambda: send_cut(client=office.client, day=WORKED_ON, by=office.supervisor, now=NOW + DAY),
    )


def test_a_sent_cut_takes_no_more_entries(office: Office) -> None:
    office.sent(30)
    later = office.entry(20)

    close_day(day=WORKED_ON + DAY, now=NOW)

    later.refresh_from_db()
    assert later.state == EntryState.OPEN


def test_what_cannot_be_sent_is_refused(office: Office) -> None:
    send = {"client": office.client, "day": WORKED_ON, "by": office.supervisor, "now": NOW}
    refused("no_cut", lambda: send_cut(**send))  # type: ignore[arg-type]
    office.entry(30)
    close_day(day=WORKED_ON, now=NOW)
    refused("nothing_to_send", lambda: send_cut(**send))  # type: ignore[arg-type]
    refused("not_allowed", lambda: send_cut(**(send | {"by": office.technician})))  # type: ignore[arg-type]
    review_entry(entry=TimeEntry.objects.get(), by=office.supervisor, now=NOW)
    Contact.objects.update(is_project_lead=False)
    refused("no_lead", lambda: send_cut(**send))  # type: ignore[arg-type]


def test_the_days_list_counts_states(office: Office) -> None:
    entries = [office.entry(30) for _ in range(3)]
    close_day(day=WORKED_ON, now=NOW)
    entries[0].refresh_from_db()
    reject_entry(entry=entries[0], by=office.supervisor, reason="Repetida", now=NOW)
    office.entry(10, work_on=WORKED_ON - DAY)

    days = cut_days()

    assert [(day.day, dict(day.counts)) for day in days] == [
        (WORKED_ON, {"closed": 2, "rejected": 1}),
        (WORKED_ON - DAY, {"open": 1}),
    ]
    assert [day.day for day in cut_days(before=WORKED_ON)] == [WORKED_ON - DAY]
    assert days[0].closed_at == NOW


def test_the_page_adds_up_the_day(office: Office) -> None:
    make_pack(office.contract, hours=1)
    office.entry(50, plus_seconds=10)
    office.entry(10, billable_seconds=0, ticket=_other_ticket(office))
    other = make_contract(make_client(), "on_demand")
    elsewhere = make_ticket(client=other.client)
    office.entry(45, ticket=elsewhere, contract=other)
    close_day(day=WORKED_ON, now=NOW)

    totals = cut_page(WORKED_ON, now=NOW).totals

    assert totals.elapsed_seconds == 3010 + 600 + 2700
    assert totals.goodwill_seconds == 600
    assert (totals.drawn, totals.overage) == (6000, 4500)
    assert totals.amounts == (("EUR", 2250),)


def _other_ticket(office: Office) -> object:
    return make_ticket(contact=office.lead, client=office.client)
