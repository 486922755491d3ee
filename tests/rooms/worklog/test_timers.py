"""Starting, stopping and throwing away the running timer, and what a forgotten one asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ecuanime.contracts.models import WorkType
from ecuanime.delivery.models import OutgoingMail
from ecuanime.worklog.actions import (
    ask_about_timer,
    close_day,
    discard_timer,
    end_stuck_timer,
    keep_timer,
    start_timer,
    stop_timer,
)
from ecuanime.worklog.models import TimeEntry, Timer
from ecuanime.worklog.queries import stuck_timers
from tests.factories import NOW, make_person, make_work_type
from tests.factories.tickets import make_ticket
from tests.factories.worklog import Office, make_office
from tests.rooms.worklog.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def _office() -> Office:
    make_work_type("remote")
    return make_office()


made_office = made_once(_office)


@pytest.fixture
def office(made_office: Office) -> Office:
    return own(made_office)


def start(office: Office, **fields: object) -> Timer:
    values = {"user": office.technician, "ticket": office.ticket, "now": NOW} | fields
    return start_timer(**values).timer  # type: ignore[arg-type]  # free fields of a test


def test_a_timer_becomes_an_entry_with_the_seconds_worked(office: Office) -> None:
    start(office, note="Cambio de disco")

    entry = stop_timer(user=office.technician, now=NOW + timedelta(minutes=22, seconds=14))

    assert entry is not None
    assert (entry.elapsed_seconds, entry.note) == (22 * 60 + 14, "Cambio de disco")
    assert (entry.client, entry.contract, entry.ticket) == (office.client, office.contract, office.ticket)
    assert not Timer.objects.exists()


def test_starting_elsewhere_records_the_first(office: Office) -> None:
    start(office)
    other = make_ticket(contact=office.lead, client=office.client)

    started = start_timer(user=office.technician, ticket=other, now=NOW + timedelta(minutes=5))

    assert started.recorded is not None
    assert started.recorded.elapsed_seconds == 300
    assert Timer.objects.get().ticket == other


def test_starting_again_on_the_same_ticket_goes_on(office: Office) -> None:
    first = start(office)

    assert start(office, now=NOW + timedelta(minutes=5)) == first
    assert not TimeEntry.objects.exists()


def test_two_people_have_a_timer_each(office: Office) -> None:
    start(office)
    start(office, user=office.supervisor)

    assert Timer.objects.count() == 2


def test_under_a_second_nothing_is_recorded(office: Office) -> None:
    start(office)

    assert stop_timer(user=office.technician, now=NOW + timedelta(milliseconds=900)) is None
    assert not TimeEntry.objects.exists()
    assert not Timer.objects.exists()


def test_a_ticket_of_nobody_known_takes_no_time(office: Office) -> None:
    stranger = make_ticket(client=None)

    refused("no_client", lambda: start(office, ticket=stranger))


def test_only_people_who_work_on_tickets_start_one(office: Office) -> None:
    refused("not_allowed", lambda: start(office, user=make_person("billing")))
    assert not Timer.objects.exists()


def test_without_work_types_none_starts(office: Office) -> None:
    WorkType.objects.update(is_active=False)

    refused("no_work_type", lambda: start(office))
    assert not Timer.objects.exists()


def test_a_long_timer_asks_before_it_is_recorded(office: Office) -> None:
    start(office)
    later = NOW + timedelta(hours=4, seconds=1)

    refused("long_timer", lambda: stop_timer(user=office.technician, now=later))
    other = make_ticket(contact=office.lead, client=office.client)
    refused("long_timer", lambda: start(office, ticket=other, now=later))
    assert Timer.objects.get().ticket == office.ticket
    assert not TimeEntry.objects.exists()


def test_a_long_timer_is_recorded_when_confirmed_or_given_an_end(office: Office) -> None:
    start(office)
    start(office, user=office.supervisor)
    later = NOW + timedelta(hours=5)

    confirmed = stop_timer(user=office.technician, now=later, confirmed=True)
    ended = stop_timer(user=office.supervisor, now=later, ended_at=NOW + timedelta(hours=1))

    assert confirmed is not None
    assert confirmed.elapsed_seconds == 5 * 3600
    assert ended is not None
    assert ended.elapsed_seconds == 3600


@pytest.mark.parametrize(
    ("code", "ended_at"),
    [
        ("future", NOW + timedelta(days=3)),
        ("end_before_start", NOW - timedelta(seconds=1)),
        ("too_long", NOW + timedelta(hours=24, seconds=1)),
    ],
)
def test_an_impossible_end_leaves_the_timer_running(office: Office, code: str, ended_at: object) -> None:
    start(office)

    refused(
        code,
        lambda: stop_timer(user=office.technician, now=NOW + timedelta(days=2), ended_at=ended_at),  # type: ignore[arg-type]
    )
    assert Timer.objects.count() == 1
    assert not TimeEntry.objects.exists()


def test_without_a_timer_there_is_nothing_to_stop(office: Office) -> None:
    refused("no_timer", lambda: stop_timer(user=office.technician, now=NOW))
    refused("no_timer", lambda: discard_timer(user=office.technician, now=NOW))


def test_a_discarded_timer_leaves_nothing(office: Office) -> None:
    start(office)

    discard_timer(user=office.technician, now=NOW + timedelta(hours=1))

    assert not Timer.objects.exists()
    assert not TimeEntry.objects.exists()


def test_a_supervisor_ends_a_forgotten_timer(office: Office) -> None:
    timer = start(office)

    entry = end_stuck_timer(
        timer=timer, by=office.supervisor, ended_at=NOW + timedelta(minutes=24), now=NOW + timedelta(hours=14)
    )

    assert entry is not None
    assert (entry.user, entry.elapsed_seconds) == (office.technician, 24 * 60)
    refused(
        "no_timer",
        lambda: end_stuck_timer(timer=timer, by=office.supervisor, ended_at=NOW, now=NOW),
    )


def test_a_technician_does_not_end_another_ones_timer(office: Office) -> None:
    timer = start(office, user=office.supervisor)

    refused(
        "not_allowed",
        lambda: end_stuck_timer(timer=timer, by=office.technician, ended_at=NOW, now=NOW),
    )
    assert Timer.objects.count() == 1


def test_asking_about_a_timer_writes_one_mail(office: Office) -> None:
    timer = start(office)
    before = OutgoingMail.objects.count()

    for _time in range(2):
        ask_about_timer(timer=timer, by=office.supervisor, now=NOW + timedelta(hours=5))

    mail = OutgoingMail.objects.get(purpose="stuck_timer")
    assert mail.to == [office.technician.email]
    assert OutgoingMail.objects.count() == before + 1
    refused("not_allowed", lambda: ask_about_timer(timer=timer, by=office.technician, now=NOW))


def test_the_cut_catches_a_timer_that_runs_past_its_hour(office: Office) -> None:
    begun = datetime(2026, 11, 9, 18, 30, tzinfo=UTC)
    closing = datetime(2026, 11, 9, 19, 0, tzinfo=UTC)
    start(office, now=begun)

    close_day(day=begun.date(), now=closing)
    close_day(day=begun.date(), now=closing + timedelta(minutes=5))

    timer = Timer.objects.get()
    assert (timer.caught_at, timer.proposed_end) == (closing, closing)
    mail = OutgoingMail.objects.get(purpose="stuck_timer")
    assert mail.to == [office.technician.email]
    assert [row.timer for row in stuck_timers(closing)] == [timer]
    later = closing + timedelta(minutes=1)
    refused("long_timer", lambda: stop_timer(user=office.technician, now=later))
    entry = stop_timer(user=office.technician, now=later, ended_at=timer.proposed_end)
    assert entry is not None
    assert entry.elapsed_seconds == 30 * 60


def test_a_day_closed_by_hand_before_its_hour_leaves_work_alone(office: Office) -> None:
    morning = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    start(office, now=morning)

    close_day(day=morning.date(), now=morning + timedelta(hours=1), by=office.supervisor)
    assert Timer.objects.get().caught_at is None

    close_day(day=morning.date(), now=morning + timedelta(hours=5), by=office.supervisor)
    assert Timer.objects.get().proposed_end == morning + timedelta(hours=4)


def test_who_is_still_at_it_goes_on(office: Office) -> None:
    begun = datetime(2026, 11, 9, 18, 30, tzinfo=UTC)
    start(office, now=begun)
    close_day(day=begun.date(), now=begun + timedelta(minutes=30))

    kept = keep_timer(user=office.technician, now=begun + timedelta(hours=1))

    assert (kept.caught_at, kept.proposed_end) == (None, None)
    entry = stop_timer(user=office.technician, now=begun + timedelta(hours=2))
    assert entry is not None
    assert entry.elapsed_seconds == 7200
    refused("no_timer", lambda: keep_timer(user=office.technician, now=NOW))


def test_a_timer_of_more_than_a_day_cannot_go_on(office: Office) -> None:
    start(office)

    refused("too_long", lambda: keep_timer(user=office.technician, now=NOW + timedelta(hours=25)))
