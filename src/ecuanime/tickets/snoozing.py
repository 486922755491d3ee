"""The moments until which a ticket is put off by name: they fall into the firm's hours, on working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ecuanime.rules.calendars import add_working_days, is_working_day, local_date
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import holidays_between

FORESEEN = timedelta(days=45)
PRESETS = ("later", "tomorrow", "next_week", "in_two_weeks")


def moment_of(preset: str, *, firm: Firm, now: datetime) -> datetime:
    """When a ticket put off until `preset` comes back.

    `later`: in two hours, while the firm is open then, else when it opens next. The others: when it opens on the next
    working day, on the first one of next week, or of the week after. Raises KeyError for any other name.
    """
    today = local_date(now, firm.time_zone)
    holidays = holidays_between(today, today + FORESEEN)
    if preset == "later":
        return _in_hours(now + timedelta(hours=2), firm, holidays)
    monday = today + timedelta(days=7 - today.weekday())
    days = {
        "tomorrow": lambda: add_working_days(today, 1, holidays),
        "next_week": lambda: _first_working_day(monday, holidays),
        "in_two_weeks": lambda: _first_working_day(monday + timedelta(days=7), holidays),
    }
    return _opening(days[preset](), firm)


def _in_hours(at: datetime, firm: Firm, holidays: frozenset[date]) -> datetime:
    local = at.astimezone(firm.zone)
    if is_working_day(local.date(), holidays) and firm.opens_at <= local.time() < firm.closes_at:
        return at.replace(second=0, microsecond=0)
    is_before = is_working_day(local.date(), holidays) and local.time() < firm.opens_at
    return _opening(local.date() if is_before else add_working_days(local.date(), 1, holidays), firm)


def _first_working_day(day: date, holidays: frozenset[date]) -> date:
    return day if is_working_day(day, holidays) else add_working_days(day, 1, holidays)


def _opening(day: date, firm: Firm) -> datetime:
    return datetime.combine(day, firm.opens_at, tzinfo=firm.zone)
