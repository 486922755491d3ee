"""Teams, working hours, leave, and who is at work."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from ecuanime.accounts.models import Role
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import Band
from ecuanime.staff.actions import (
    add_holiday,
    approve_leave,
    cancel_leave,
    change_team,
    dissolve_team,
    make_team,
    note_leave,
    set_working_hours,
)
from ecuanime.staff.models import Leave, Team, WorkingBand
from ecuanime.staff.queries import attendance_of, bands_of, leaves_from, teams
from tests.factories import NOW, make_contact, make_firm, make_person

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def test_a_team_has_a_name_of_its_own_and_people_of_the_firm() -> None:
    ana, contact = make_person(), make_contact(signs_in=True)
    assert contact.user
    team = make_team(name=" Sistemas ", members=[ana], now=NOW)
    for name, members, code in (
        ("sistemas", [], "team_known"),
        (" ", [], "no_name"),
        ("Otro", [contact.user], "not_of_firm"),
    ):
        with pytest.raises(Refused) as refusal:
            make_team(name=name, members=members, now=NOW)
        assert refusal.value.code == code
    assert [(each.name, list(each.members.all())) for each in teams()] == [("Sistemas", [ana])]
    other = make_team(name="Turno", now=NOW)
    with pytest.raises(Refused) as refusal:
        change_team(team=other, name="SISTEMAS", members=[ana], now=NOW)
    assert refusal.value.code == "team_known"
    assert not other.members.exists()
    assert change_team(team=team, name="sistemas", members=[], now=NOW).name == "sistemas"
    dissolve_team(team=team, now=NOW)
    assert list(Team.objects.all()) == [other]


def test_hours_are_set_whole_or_not_at_all() -> None:
    person, contact = make_person(), make_contact(signs_in=True)
    assert contact.user
    kept = [Band(0, time(9), time(14)), Band(0, time(15), time(18)), Band(5, time(22), time(0))]
    set_working_hours(user=person, bands=[*reversed(kept)], now=NOW)
    assert bands_of(person) == kept
    for user, bands, code in (
        (person, [Band(0, time(9), time(14)), Band(0, time(13), time(18))], "bands_overlap"),
        (person, [Band(0, time(22), time(0)), Band(0, time(23), time(23, 30))], "bands_overlap"),
        (contact.user, kept, "not_of_firm"),
    ):
        with pytest.raises(Refused) as refusal:
            set_working_hours(user=user, bands=bands, now=NOW)
        assert refusal.value.code == code
    assert WorkingBand.objects.count() == 3
    set_working_hours(user=person, bands=[], now=NOW)
    assert bands_of(person) == []


def leave_of(user: Any, by: Any, **changes: Any) -> Leave:
    values = {"kind": "holiday", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=4)}
    return note_leave(user=user, by=by, now=NOW, **(values | changes))


def test_leave_counts_once_somebody_else_has_approved_it() -> None:
    make_firm()
    ana, boss = make_person(), make_person(Role.SUPERVISOR)
    asked = leave_of(ana, ana)
    assert asked.approved_at is None
    with pytest.raises(Refused) as refusal:
        approve_leave(leave=asked, by=ana, now=NOW)
    assert refusal.value.code == "not_allowed"
    inside = datetime(2026, 11, 17, 10, tzinfo=UTC)
    assert attendance_of([ana], now=inside)[ana.pk].is_at_work
    approve_leave(leave=asked, by=boss, now=NOW)
    assert attendance_of([ana], now=inside)[ana.pk].on_leave
    assert cancel_leave(leave=asked, by=ana, now=NOW).cancelled_at == NOW
    assert attendance_of([ana], now=inside)[ana.pk].is_at_work
    with pytest.raises(Refused) as refusal:
        approve_leave(leave=asked, by=boss, now=NOW)
    assert refusal.value.code == "leave_cancelled"
    assert leave_of(ana, boss).approved_by == boss
    assert leave_of(boss, boss).approved_by == boss, "nobody else could"
    other = make_person(Role.SUPERVISOR)
    assert leave_of(other, other).approved_by is None
    assert [row.user for row in leaves_from(MONDAY)] == [ana, boss, other]


def test_an_unclear_leave_is_refused() -> None:
    ana, contact = make_person(), make_contact(signs_in=True)
    leave_of(ana, ana)
    saturday = MONDAY + timedelta(days=5)
    hours = {"first_day": saturday, "last_day": saturday, "from_time": time(9), "until_time": time(11)}
    leave_of(ana, ana, **hours)
    leave_of(ana, ana, **hours | {"from_time": time(11), "until_time": time(12)})
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "leave_overlaps"),
        (hours | {"from_time": time(10)}, "leave_overlaps"),
        ({"first_day": saturday, "last_day": saturday}, "leave_overlaps"),
        ({"first_day": saturday}, "bad_days"),
        ({"last_day": MONDAY + timedelta(days=400)}, "bad_days"),
        ({"kind": "guess"}, "unknown_kind"),
        (hours | {"until_time": None}, "bad_times"),
        (hours | {"until_time": time(9)}, "bad_times"),
        (hours | {"last_day": saturday + timedelta(days=1)}, "bad_times"),
        ({"by": make_person()}, "not_allowed"),
        ({"user": contact.user, "by": contact.user}, "not_of_firm") if contact.user else ({}, ""),
        ({"user": make_contact(signs_in=True).user}, "not_of_firm"),
    )
    for changes, code in cases:
        with pytest.raises(Refused) as refusal:
            leave_of(**({"user": ana, "by": ana} | changes))
        assert refusal.value.code == code
    assert Leave.objects.count() == 3


def test_attendance_reads_zone_holidays_and_part_of_a_day(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_firm(time_zone="Europe/Madrid")
    add_holiday(on=date(2026, 11, 17), name="Fiesta", now=NOW)
    boss = make_person(Role.SUPERVISOR)
    here, far = make_person(), make_person(time_zone="America/Mexico_City")
    noon = datetime(2026, 11, 16, 12, tzinfo=UTC)
    leave_of(here, boss, last_day=MONDAY, from_time=time(15), until_time=time(17))
    with django_assert_num_queries(4):
        found = attendance_of([here, far], now=noon)
    assert found[here.pk].until == datetime(2026, 11, 16, 14, tzinfo=UTC), (
        "until the leave at 15:00 in Madrid"
    )
    assert found[far.pk].from_ == datetime(2026, 11, 16, 15, tzinfo=UTC), "09:00 in Mexico City"
    evening = attendance_of([here], now=datetime(2026, 11, 16, 20, tzinfo=UTC))[here.pk]
    assert evening.from_ == datetime(2026, 11, 18, 8, tzinfo=UTC), "the day after the holiday"
