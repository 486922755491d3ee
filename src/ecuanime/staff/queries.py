"""Shared reads about the firm."""

from __future__ import annotations

from datetime import date

from ecuanime.staff.models import Firm, Holiday


def current_firm() -> Firm | None:
    """The firm of this installation, or None before it is set up."""
    return Firm.objects.first()


def the_firm() -> Firm:
    """The firm; raises `Firm.DoesNotExist` before it is set up."""
    return Firm.objects.get()


def holidays_between(first: date, last: date) -> frozenset[date]:
    """The firm's holidays from `first` to `last`, both included."""
    return frozenset(Holiday.objects.filter(on__range=(first, last)).values_list("on", flat=True))
