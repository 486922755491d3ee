"""The working-time register of a person's month, on screen and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.web.downloads import CSV, download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.worklog.access import may_review_time, may_see_register
from ecuanime.worklog.queries import Register, month_register

COLUMNS = (
    "person",
    "day",
    "entry",
    "exit",
    "breaks",
    "break_minutes",
    "worked_minutes",
    "untimed_minutes",
    "closed",
)


@for_staff()
@require_safe
def register(request: StaffRequest) -> HttpResponse:
    """A month (`mes=2026-11`) of one's own register, or of another person's (`persona=7`) for who may see it."""
    found = _asked(request)
    month = found.first_day
    following = (month + timedelta(days=32)).replace(day=1)
    people = list(people_of_firm()) if may_review_time(request.user) else []
    context: dict[str, Any] = {
        "register": found,
        "people": people,
        "query": f"mes={month:%Y-%m}&persona={found.user.pk}",
        "previous": f"{month - timedelta(days=1):%Y-%m}",
        "next": f"{following:%Y-%m}" if following <= _today(request) else "",
    }
    return render(request, "desk/time/register.html", context)


@for_staff()
@require_safe
def register_csv(request: StaffRequest) -> HttpResponse:
    """The same month as a file, a row for each day."""
    found = _asked(request)
    return download("".join(_lines(found)), f"ecuanime-{found.first_day:%Y-%m}-{found.user.pk}.csv", CSV)


def _asked(request: StaffRequest) -> Register:
    """The month and the person of the address; nothing is there for who may not see it."""
    try:
        month = date.fromisoformat(f"{request.GET.get('mes') or f'{_today(request):%Y-%m}'}-01")
    except ValueError:
        raise Http404 from None
    key = request.GET.get("persona") or str(request.user.pk)
    person = User.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if person is None or not person.is_of_firm or not may_see_register(request.user, person):
        raise Http404
    return month_register(person, month)


def _today(request: StaffRequest) -> date:
    return read_clock().astimezone(request.firm.zone).date()


def _lines(found: Register) -> Iterator[str]:
    """RFC 4180, UTF-8 with a mark; clock times in the reader's zone, minutes cut to whole ones."""
    yield BYTE_ORDER_MARK + csv_row(COLUMNS)
    name = harmless(found.user.name)
    for day in found.days:
        breaks = " ".join(f"{_clock(gap.started_at)}-{_clock(gap.ended_at)}" for gap in day.breaks)
        seconds = (day.break_seconds, day.worked_seconds, day.untimed_seconds)
        minutes = [each // 60 for each in seconds]
        closed = "yes" if day.is_final else "no"
        yield csv_row(
            (name, day.day.isoformat(), _clock(day.begun_at), _clock(day.ended_at), breaks, *minutes, closed)
        )


def _clock(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M}" if at else ""
