"""Shared reads about the firm."""

from __future__ import annotations

from datetime import date

from django.db.models import DateField, DateTimeField, F, Func, QuerySet, Subquery
from django.db.models.functions import Cast

from ecuanime.accounts.models import User
from ecuanime.staff.models import Competence, Firm, Holiday, ProductArea


def current_firm() -> Firm | None:
    """The firm of this installation, or None before it is set up."""
    return Firm.objects.first()


def the_firm() -> Firm:
    """The firm; raises `Firm.DoesNotExist` before it is set up."""
    return Firm.objects.get()


def local_day_of(instant: str) -> Cast:
    """The firm's date at an instant that a query's rows hold, worked out by the database."""
    zone = Subquery(Firm.objects.values("time_zone")[:1])
    local = Func(zone, F(instant), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


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
