"""Numbers and dates in the words of the reader: `1.310,00 €`, `7 h 30`, `mar 10 nov`.

Spaces inside a figure do not break, and a minus is a minus sign, not a hyphen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval
from babel.languages import get_official_languages
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_precision,
    list_currencies,
    parse_pattern,
)

from ecuanime.billing.pdf.document import Language, Minutes, Period
from ecuanime.billing.pdf.errors import RenderError

NBSP = "\N{NO-BREAK SPACE}"
MOST_PRICE_DECIMALS = 6
LETTERS_BEFORE_FIGURE = re.compile(r"(?<=[A-Z])(?=[−0-9])")
DEFAULT_TERRITORY = {"es": "ES", "en": "GB"}


def pick_locale(language: Language, territory: str) -> Locale:
    """The locale of a language as spoken in a territory.

    English for a firm in Spain stays English: `€1,310.00`, not a mixture that nobody writes.
    """
    if language in get_official_languages(territory, de_facto=True):
        try:
            return Locale(language, territory)
        except UnknownLocaleError:
            pass
    return Locale(language, DEFAULT_TERRITORY[language])


@dataclass(frozen=True)
class Figures:
    """Formats for one locale and one currency."""

    locale: Locale
    currency: str

    @classmethod
    def of(cls, language: Language, territory: str, currency: str) -> Figures:
        if currency not in list_currencies():
            raise RenderError(f"unknown currency {currency!r}")
        return cls(locale=pick_locale(language, territory), currency=currency)

    @property
    def digits(self) -> int:
        return get_currency_precision(self.currency)

    def money(self, minor: int) -> str:
        return self._currency(Decimal(minor).scaleb(-self.digits), self.digits)

    def price(self, price: Decimal) -> str:
        """A price with all the decimals it has: what is printed must multiply."""
        decimals = max(self.digits, _decimals(price))
        if decimals > MOST_PRICE_DECIMALS:
            raise RenderError(f"the price {price} has more than {MOST_PRICE_DECIMALS} decimals")
        return self._currency(price, decimals)

    def number(self, value: Decimal) -> str:
        text = format_decimal(value, locale=self.locale, decimal_quantization=False)
        return _tidy(text)

    def percent(self, rate: Decimal) -> str:
        space = NBSP if self.locale.language == "es" else ""
        return f"{self.number(rate)}{space}%"

    def duration(self, minutes: Minutes) -> str:
        """Hours and two-digit minutes: `7 h 30`, `0 h 05`, and `0 h 07,5` where a weight left a fraction."""
        value = Decimal(minutes)
        if _decimals(value) > 2:
            raise RenderError(f"{minutes} minutes: a duration has at most hundredths of a minute")
        hours, rest = divmod(abs(value), 60)
        whole, fraction = divmod(rest, 1)
        tail = self.number(fraction)[1:] if fraction else ""
        sign = "−" if value < 0 else ""
        return f"{sign}{int(hours)}{NBSP}h{NBSP}{int(whole):02d}{tail}"

    def worked(self, seconds: int) -> str:
        """Time as measured, to the second: `0:50:10`."""
        hours, rest = divmod(abs(seconds), 3600)
        sign = "−" if seconds < 0 else ""
        return f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}"

    def clock(self, moment: time) -> str:
        return moment.strftime("%H:%M")

    def long_date(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)

    def medium_date(self, day: date) -> str:
        return format_date(day, "d MMM y", locale=self.locale).replace(" ", NBSP)

    def short_date(self, day: date, year: int) -> str:
        """`mar 10 nov`; the year takes the weekday's place where it is not the document's."""
        pattern = "EEE d MMM" if day.year == year else "d MMM y"
        return format_date(day, pattern, locale=self.locale).replace(" ", NBSP)

    def period(self, period: Period) -> str:
        return format_interval(period.first, period.last, "yMMMMd", locale=self.locale)

    def _currency(self, value: Decimal, decimals: int) -> str:
        pattern = parse_pattern(self.locale.currency_formats["standard"])
        pattern.frac_prec = (decimals, decimals)
        text = format_currency(
            value,
            self.currency,
            format=pattern,
            locale=self.locale,
            currency_digits=False,
        )
        return LETTERS_BEFORE_FIGURE.sub(NBSP, _tidy(text))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int):
        raise RenderError(f"{value} is not a number that can be printed")
    return max(0, -exponent)


def _tidy(text: str) -> str:
    return text.replace("-", "−").replace(" ", NBSP).replace("\N{NARROW NO-BREAK SPACE}", NBSP)
