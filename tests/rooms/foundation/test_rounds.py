"""A row that fails keeps no other waiting, administrators hear of it once a day, and it is taken up again."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.accounts.models import Role
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import deliver
from ecuanime.foundation.rounds import RowsLeftDue, work_through
from ecuanime.notices.actions import tell_left_due
from ecuanime.notices.models import Notice
from tests.factories import NOW, make_firm, make_person

pytestmark = pytest.mark.django_db

WORK = "Closing solved tickets"
LEFT = RowsLeftDue(WORK, 2, "#7", "ValueError: broken", "/tickets/7/")


def half(number: int) -> int:
    if number == 4:
        raise Refused("four", "Four is not halved.")
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def announced() -> list[dict[str, object]]:
    jobs = ProcrastinateJob.objects.filter(task_name="foundation.deliver").order_by("pk")
    return [job.args["facts"] for job in jobs]


def test_the_others_go_on_and_what_failed_is_logged_and_announced(caplog: pytest.LogCaptureFixture) -> None:
    done = work_through([4, 2, 3, 8], half, work=WORK, page=lambda number: f"/{number}/")
    assert done == [1, 4]
    logged = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert logged == [(logging.ERROR, f"{WORK}: {row} failed; it stays due") for row in (4, 3)]
    facts = {"work": WORK, "count": 2, "row": "4", "fault": "Four is not halved.", "url": "/4/"}
    assert announced() == [facts]


def test_a_round_without_a_fault_says_nothing() -> None:
    assert work_through([2], half, work=WORK, page=lambda number: f"/{number}/") == [1]
    assert announced() == []


def test_administrators_hear_of_it_in_their_language_once_a_day() -> None:
    make_firm()
    make_person(Role.SUPERVISOR)
    boss = make_person(Role.ADMINISTRATOR, language="es")
    for hours in (0, 1, 24):
        tell_left_due(left=LEFT, now=NOW + timedelta(hours=hours))
    notices = list(Notice.objects.order_by("pk"))
    assert [notice.user for notice in notices] == [boss, boss]
    assert notices[0].title == "Cerrar tickets resueltos: 2 no se pudieron hacer"
    assert notices[0].text.startswith("#7: ValueError: broken. ")
    assert notices[0].url == "/tickets/7/"


def test_what_is_announced_arrives() -> None:
    make_firm()
    boss = make_person(Role.ADMINISTRATOR)
    work_through([3], half, work=WORK, page=lambda number: f"/{number}/")
    deliver(**ProcrastinateJob.objects.filter(task_name="foundation.deliver").latest("pk").args)
    assert Notice.objects.get(user=boss).text.startswith("3: ValueError: 3 is odd. ")
