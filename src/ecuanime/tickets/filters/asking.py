"""Whoever asks, and what the values of their query say: words of a table, whole numbers, days."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.tickets.filters.language import Unreadable, Value
from ecuanime.tickets.filters.moments import dates_of, days_of
from ecuanime.tickets.models import Tag, TicketField

LARGEST_NUMBER = 10**15


class Asker:
    """Who asks, when, and in whose time zone a day begins.

    The firm's own fields and its tags are read once, when a query first names one: that a database knows which tag is
    meant lets it foresee how many tickets carry it.
    """

    def __init__(self, user: User, now: datetime) -> None:
        zone = timezone.get_current_timezone()
        self.user, self.now = user, now
        self.zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")

    @property
    def today(self) -> date:
        """The day it is where they are."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def fields(self) -> dict[str, TicketField]:
        """The firm's own fields by their keys; one in use goes before one that is not."""
        fields: dict[str, TicketField] = {}
        for field in TicketField.objects.order_by("-is_active", "position", "name"):
            fields.setdefault(field.key, field)
        return fields

    @cached_property
    def tags(self) -> dict[str, int]:
        """The keys of all tags, by name without regard to case."""
        return {name.casefold(): pk for pk, name in Tag.objects.values_list("pk", "name")}


def plain(value: Value) -> str:
    """The value where nothing can be compared."""
    if value.op:
        raise Unreadable(
            _("This can be asked for, not compared: leave the sign out."), value.at, value.length
        )
    return value.low


def word(value: Value, text: str, table: dict[str, Any]) -> Any:
    """What the word means by the table."""
    if text.lower() not in table:
        words = _("“%(text)s” is not known here. Use one of: %(words)s.")
        raise Unreadable(words % {"text": text[:40], "words": ", ".join(table)}, value.at, value.length)
    return table[text.lower()]


def whole(value: Value, text: str) -> int:
    """A number of tickets, with or without its sign."""
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit()) or int(digits[:20]) >= LARGEST_NUMBER:
        raise Unreadable(_("“%(text)s” is no number.") % {"text": text[:40]}, value.at, value.length)
    return int(digits)


def days(value: Value, text: str, asker: Asker) -> tuple[datetime, datetime]:
    """The beginning of a day or month, and of what follows it."""
    found = days_of(text, asker.now, asker.zone)
    if found is None:
        words = _("“%(text)s” is no date. Write 2026-01-31, 2026-01, today, or an age such as <2d or >4h.")
        raise Unreadable(words % {"text": text[:40]}, value.at, value.length)
    return found


def dates(value: Value, text: str, asker: Asker) -> tuple[date, date]:
    """A day or the first of a month, and the day after it."""
    found = dates_of(text, asker.today)
    if found is None:
        words = _("“%(text)s” is no day. Write 2026-01-31, 2026-01, today or yesterday.")
        raise Unreadable(words % {"text": text[:40]}, value.at, value.length)
    return found
