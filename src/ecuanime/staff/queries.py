"""Shared reads about the firm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, F, Func, QuerySet, Subquery
from django.db.models.functions import Cast

from ecuanime.accounts.models import User
from ecuanime.foundation.prepared import prepared
from ecuanime.foundation.remembering import remembered
from ecuanime.rules.attendance import LOOK_AHEAD_DAYS, Attendance, attendance
from ecuanime.rules.calendars import (
    WORKING_WEEK,
    Band,
    Calendar,
    Interval,
    end_of_day,
    local_date,
    start_of_day,
)
from ecuanime.staff.models import Competence, Firm, Holiday, Leave, ProductArea, Team, WorkingBand


@remembered
def current_firm() -> Firm | None:
    """The firm of this installation, or None before it is set up."""
    return next(iter(_firms()), None)


@prepared
def _firms() -> QuerySet[Firm]:
    return Firm.objects.order_by("pk")[:1]


def the_firm() -> Firm:
    """The firm, read anew; raises `Firm.DoesNotExist` before it is set up."""
    firm = next(iter(_firms()), None)
    if firm is None:
        raise Firm.DoesNotExist
    return firm


@remembered
def gives_out_by_itself() -> bool:
    """Whether the firm lets new tickets be given to somebody at once."""
    return Firm.objects.filter(assigns_by_itself=True).exists()


def local_day_of(instant: str) -> Cast:
    """The firm's date at an instant that a query's rows hold, worked out by the database."""
    zone = Subquery(Firm.objects.values("time_zone")[:1])
    local = Func(zone, F(instant), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


@remembered
def holidays_between(first: date, last: date) -> frozenset[date]:
    """The firm's holidays from `first` to `last`, both included."""
    return frozenset(Holiday.objects.filter(on__range=(first, last)).values_list("on", flat=True))


def has_holidays_in(year: int) -> bool:
    """Whether any holiday of that year is noted."""
    return Holiday.objects.filter(on__year=year).exists()


def holidays_from(first: date) -> QuerySet[Holiday]:
    """The holidays from `first` on, in order."""
    return Holiday.objects.filter(on__gte=first).order_by("on")


def product_areas() -> QuerySet[ProductArea]:
    """What the firm supports, in its order."""
    return ProductArea.objects.order_by("position", "name")


def levels_of(user: User) -> dict[int, str]:
    """How well a person knows each area: the level by the area's id."""
    return dict(Competence.objects.filter(user=user).values_list("area_id", "level"))


def teams() -> QuerySet[Team]:
    """All teams by name, with their open accounts at hand as `members.all()`, and their leads."""
    return Team.objects.select_related("lead").prefetch_related("members").order_by("name", "pk")


def bands_of(user: User) -> list[Band]:
    """The hours of the week in which somebody works; empty when they keep the firm's."""
    return [_band(row) for row in WorkingBand.objects.filter(user=user)]


def leaves_from(first: date) -> QuerySet[Leave]:
    """The leave that is not over on `first`, the earliest first, with its person and who approved it."""
    rows = Leave.objects.filter(cancelled_at=None, last_day__gte=first)
    return rows.select_related("user", "approved_by").order_by("first_day", "pk")


def attendance_of(people: Collection[User], *, now: datetime) -> dict[int, Attendance]:
    """Who is at work `now`, by the person's id: four queries, whatever the number of people."""
    firm = the_firm()
    days = now.date() - timedelta(days=2), now.date() + timedelta(days=LOOK_AHEAD_DAYS + 2)
    closed = holidays_between(*days)
    bands, leaves = defaultdict(list), defaultdict(list)
    for row in WorkingBand.objects.filter(user__in=people):
        bands[row.user_id].append(_band(row))
    for leave in Leave.objects.filter(
        user__in=people, cancelled_at=None, approved_at__isnull=False, last_day__gte=days[0]
    ):
        leaves[leave.user_id].append(leave)
    found = {}
    for person in people:
        zone = person.time_zone or firm.time_zone
        week = Calendar(zone, tuple(bands[person.pk]) or _firm_bands(firm), holidays=closed)
        away = [_interval(leave, zone) for leave in leaves[person.pk]]
        found[person.pk] = attendance(week, away, now)
    return found


def today_at_firm(now: datetime) -> date:
    """The firm's date at an instant."""
    return local_date(now, the_firm().time_zone)


def _band(row: WorkingBand) -> Band:
    return Band(row.weekday, row.opens, row.closes)


def _firm_bands(firm: Firm) -> tuple[Band, ...]:
    return tuple(Band(day, firm.opens_at, firm.closes_at) for day in sorted(WORKING_WEEK))


def _interval(leave: Leave, zone: str) -> Interval:
    if leave.from_time is None or leave.until_time is None:
        return start_of_day(leave.first_day, zone), end_of_day(leave.last_day, zone)
    return _instant(leave.first_day, leave.from_time, zone), _instant(leave.first_day, leave.until_time, zone)


def _instant(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone))
