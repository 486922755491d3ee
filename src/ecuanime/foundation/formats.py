"""Hours, money, dates and sizes as a person reads them in their language; no Django, no clock.

Every function takes the locale (see `locale_for`) and answers with non-breaking spaces where a line must not
break and with the real minus sign (−). Quantities stay integers: seconds as worked, whole minutes once rounded,
hundredths of a minute in the ledger, minor units of a currency.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_decimal_symbol

from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE, MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from ecuanime.rules.money import currency_exponent

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DAY = timedelta(hours=24)
# The language says how numbers and dates look, except where a currency has its own country's habit.
_LOCALES = {"es": "es_ES", "en": "en_GB"}
_CURRENCY_LOCALES = {("es", "MXN"): "es_MX"}
# CLDR writes four letters for September where every other month has three.
_MONTHS = {"es": {"sept": "sep"}, "en": {"Sept": "Sep"}}


def locale_for(language: str | None, currency: str = "") -> str:
    """The locale a language's numbers and dates are written in: `es` is Spain's unless the currency is the peso."""
    short = (language or "en").split("-")[0]
    return _CURRENCY_LOCALES.get((short, currency), _LOCALES.get(short, "en_GB"))


def hours_of_minutes(minutes: int | Fraction | Decimal, locale: str, *, plus: bool = False) -> str:
    """`7 h 30`; minutes that are not whole show two decimals, because a ledger must add up on the screen too."""
    exact = abs(Fraction(minutes))
    hours, rest = divmod(exact, MINUTES_PER_HOUR)
    whole, part = divmod(rest, 1)
    cents = int(part * HUNDREDTHS_PER_MINUTE)
    decimals = f"{get_decimal_symbol(locale)}{cents:02d}" if cents else ""
    return f"{_sign(minutes, plus)}{hours}{NBSP}h{NBSP}{int(whole):02d}{decimals}"


def hours_of_seconds(seconds: int, locale: str, *, plus: bool = False) -> str:
    """Time as worked, cut to the whole minute: the screen never shows more than was worked."""
    minutes = abs(seconds) // SECONDS_PER_MINUTE
    return hours_of_minutes(-minutes if seconds < 0 else minutes, locale, plus=plus)


def hours_of_hundredths(hundredths: int, locale: str, *, plus: bool = False) -> str:
    """A movement or balance of the ledger, kept in hundredths of a minute."""
    return hours_of_minutes(Fraction(hundredths, HUNDREDTHS_PER_MINUTE), locale, plus=plus)


def colon_hours(minutes: int) -> str:
    """`3:15`, for the quantity of an invoice line and for fields that are typed into."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    return f"{_sign(minutes)}{hours}:{rest:02d}"


def stopwatch(seconds: int) -> str:
    """`0:22:14`, for what is running."""
    minutes, rest = divmod(abs(seconds), SECONDS_PER_MINUTE)
    hours, minutes = divmod(minutes, MINUTES_PER_HOUR)
    return f"{_sign(seconds)}{hours}:{minutes:02d}:{rest:02d}"


def time_left(seconds: int) -> str:
    """What is left of, or past, a deadline: `38 min`, `2 h 56`; whole minutes, without sign."""
    hours, minutes = divmod(abs(seconds) // SECONDS_PER_MINUTE, MINUTES_PER_HOUR)
    return f"{hours}{NBSP}h{NBSP}{minutes:02d}" if hours else f"{minutes}{NBSP}min"


def money(minor: int, currency: str, locale: str) -> str:
    """Minor units as money: `1.310,00 €`, `€1,310.00`, `−24,60 €`."""
    exponent = currency_exponent(currency)
    return price(Decimal(minor).scaleb(-exponent), currency, locale)


def price(amount: Decimal, currency: str, locale: str) -> str:
    """A rate in major units, with at least the currency's decimals and never rounded."""
    exponent = currency_exponent(currency)
    written = amount.normalize().as_tuple().exponent
    decimals = max(exponent, -written if isinstance(written, int) else exponent)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.split(";")[0]
    head, _, tail = pattern.partition(".")
    pattern = f"{head}.{'0' * decimals}{tail.lstrip('0#')}" if decimals else f"{head}{tail.lstrip('0#')}"
    text = format_currency(abs(amount), currency, pattern, locale=locale, currency_digits=False)
    return f"{_sign(amount)}{text}"


def number(value: int | Decimal, locale: str) -> str:
    """`1.310`, `1,5`: grouped, with the decimals the value has."""
    return f"{_sign(value)}{format_decimal(abs(Decimal(value)), locale=locale, decimal_quantization=False)}"


def percent(fraction: Fraction | Decimal, locale: str) -> str:
    """`21 %`: a fraction as whole per cent, or with its decimals if it has any."""
    value = Decimal(abs(Fraction(fraction)).numerator) / Decimal(Fraction(fraction).denominator)
    return f"{_sign(fraction)}{format_percent(value, locale=locale, decimal_quantization=False)}"


def file_size(octets: int, locale: str) -> str:
    """`18 KB`, `1,4 MB`: powers of 1024, one decimal from the megabyte on."""
    if octets < 1024:
        return f"{octets}{NBSP}B"
    if octets < 1024**2:
        return f"{-(-octets // 1024)}{NBSP}KB"
    unit, size = ("MB", 1024**2) if octets < 1024**3 else ("GB", 1024**3)
    tenths = Decimal(octets * 10 // size).scaleb(-1)
    return f"{format_decimal(tenths, format='0.0', locale=locale)}{NBSP}{unit}"


@lru_cache(maxsize=1_000)
def day(on: date, locale: str, *, today: date) -> str:
    """`mar 10 nov`; a day of another year shows the year instead of the weekday."""
    pattern = "EEE d MMM" if on.year == today.year else "d MMM y"
    return _nonbreaking(_short_months(format_date(on, pattern, locale=locale), locale))


def day_year(on: date, locale: str) -> str:
    """`10 nov 2026`, where the year matters: expiry, contracts, invoices."""
    return _nonbreaking(_short_months(format_date(on, "d MMM y", locale=locale), locale))


def long_day(on: date, locale: str) -> str:
    """`martes 10 de noviembre`, for headings."""
    return format_date(on, "EEEE d 'de' MMMM" if locale.startswith("es") else "EEEE d MMMM", locale=locale)


def long_date(on: date, locale: str) -> str:
    """`10 de noviembre de 2026`, for documents."""
    return format_date(on, "d 'de' MMMM 'de' y" if locale.startswith("es") else "d MMMM y", locale=locale)


def month(on: date, locale: str) -> str:
    """`noviembre de 2026`, `November 2026`."""
    return format_date(on, "MMMM 'de' y" if locale.startswith("es") else "MMMM y", locale=locale)


def time_of_day(at: datetime) -> str:
    """`10:42`, in the zone the moment carries."""
    return f"{at:%H:%M}"


def moment(at: datetime, locale: str, *, today: date) -> str:
    """`mar 10 nov, 10:42`; today is just the time."""
    if at.date() == today:
        return time_of_day(at)
    return f"{day(at.date(), locale, today=today)},{NBSP}{time_of_day(at)}"


def ago(at: datetime, now: datetime, locale: str) -> str:
    """`hace 12 min`, `dentro de 3 h`, as babel says it in short."""
    text = format_timedelta(at - now, add_direction=True, format="short", threshold=1.2, locale=locale)
    return _nonbreaking(text)


def initials(name: str) -> str:
    """Two letters for an avatar: first and last word that begin with a letter; `?` for nobody."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()


def _sign(value: int | Fraction | Decimal, plus: bool = False) -> str:
    return MINUS if value < 0 else "+" if plus and value > 0 else ""


def _nonbreaking(text: str) -> str:
    return text.replace(" ", NBSP)


def _short_months(text: str, locale: str) -> str:
    for long, short in _MONTHS[locale.split("_")[0]].items():
        text = text.replace(f" {long}", f" {short}")
    return text
