"""Filters that write quantities, money and moments in the reader's language and zone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ecuanime.entitlements.words import bought_words, quantity_words
from ecuanime.foundation import formats

register = template.Library()


def _locale(currency: str = "") -> str:
    return formats.locale_for(get_language(), currency)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at


def _date(on: date) -> date:
    return _local(on).date() if isinstance(on, datetime) else on


@register.filter
def minutes_hours(minutes: int | None, sign: str = "") -> str:
    """Whole minutes: `7 h 30`; with "+" a gain shows its sign."""
    return "" if minutes is None else formats.hours_of_minutes(minutes, _locale(), plus=sign == "+")


@register.filter
def seconds_hours(seconds: int | None, sign: str = "") -> str:
    """Seconds as worked: `0 h 26`."""
    return "" if seconds is None else formats.hours_of_seconds(seconds, _locale(), plus=sign == "+")


@register.filter
def hundredths_hours(hundredths: int | None, sign: str = "") -> str:
    """Hundredths of a minute, as the ledger keeps them: `10 h 30`."""
    return "" if hundredths is None else formats.hours_of_hundredths(hundredths, _locale(), plus=sign == "+")


@register.filter
def quantity(amount: int | None, unit: str) -> str:
    """So much of a lot, in its unit: `10 h 30`, `3 incidents`."""
    return "" if amount is None else quantity_words(amount, unit)


@register.filter
def signed_quantity(amount: int, unit: str) -> str:
    """The same of a change: `+10 h 30`."""
    return quantity_words(amount, unit, plus=True)


@register.filter
def bought(amount: int, unit: str) -> str:
    """So much as it is bought: `20 hours`, `10 incidents`."""
    return bought_words(amount, unit)


@register.filter
def colon_hours(minutes: int | None) -> str:
    """Whole minutes as a quantity: `3:15`."""
    return "" if minutes is None else formats.colon_hours(minutes)


@register.filter
def stopwatch(seconds: int | None) -> str:
    """`0:22:14`."""
    return "" if seconds is None else formats.stopwatch(seconds)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units: `1.310,00 €`."""
    return "" if minor is None else formats.money(minor, currency, _locale(currency))


@register.filter
def price(amount: Decimal | None, currency: str) -> str:
    """A rate in major units: `44,00 €`."""
    return "" if amount is None else formats.price(amount, currency, _locale(currency))


@register.filter
def number(value: int | Decimal | None) -> str:
    """`1.310`."""
    return "" if value is None else formats.number(value, _locale())


@register.filter
def rate(value: Decimal | None) -> str:
    """An exchange rate with the decimals that it needs: `0,925`."""
    return "" if value is None else formats.number(value.normalize() + 0, _locale())


@register.filter
def percent(fraction: Fraction | Decimal | None) -> str:
    """0.21 is `21 %`."""
    return "" if fraction is None else formats.percent(fraction, _locale())


@register.filter
def file_size(octets: int | None) -> str:
    """`18 KB`."""
    return "" if octets is None else formats.file_size(octets, _locale())


@register.filter
def day(on: date | None) -> str:
    """`mar 10 nov`."""
    return "" if on is None else formats.day(_date(on), _locale(), today=timezone.localdate())


@register.filter
def day_year(on: date | None) -> str:
    """`10 nov 2026`."""
    return "" if on is None else formats.day_year(_date(on), _locale())


@register.filter
def long_day(on: date | None) -> str:
    """`martes 10 de noviembre`."""
    return "" if on is None else formats.long_day(_date(on), _locale())


@register.filter
def long_date(on: date | None) -> str:
    """`10 de noviembre de 2026`."""
    return "" if on is None else formats.long_date(_date(on), _locale())


@register.filter
def month(on: date | None) -> str:
    """`noviembre de 2026`."""
    return "" if on is None else formats.month(_date(on), _locale())


@register.filter
def time_of_day(at: datetime | None) -> str:
    """`10:42`, in the reader's zone."""
    return "" if at is None else formats.time_of_day(_local(at))


@register.filter
def moment(at: datetime | None) -> str:
    """`10:42` today, `mar 10 nov, 10:42` on another day."""
    return "" if at is None else formats.moment(_local(at), _locale(), today=timezone.localdate())


@register.simple_tag
def when(at: datetime | None, css: str = "") -> SafeString | str:
    """A `<time>`: relative within 24 hours, absolute beyond, and the other one when pointed at."""
    if at is None:
        return ""
    now = timezone.now()
    relative = formats.ago(at, now, _locale())
    absolute = formats.moment(_local(at), _locale(), today=timezone.localdate())
    near = abs(at - now) < formats.DAY
    shown, hidden = (relative, absolute) if near else (absolute, relative)
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>', css, at.isoformat(), hidden, shown
    )


@register.filter
def since_seconds(at: datetime | None) -> int | None:
    """Seconds since a moment, for `stopwatch`."""
    return None if at is None else int((timezone.now() - at).total_seconds())
