"""Cells read as values. What can be read in two ways is refused, never guessed: it is somebody's money or time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ecuanime.accounts.models import Language
from ecuanime.clients.addresses import require_address
from ecuanime.foundation.errors import Refused
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.countries import country_choices, is_country, is_currency

Reader = Callable[[str], Any]
_YES = {"si", "s", "yes", "y", "x", "1", "true", "verdadero"}
_NO = {"no", "n", "0", "false", "falso"}
_LANGUAGES = {
    "es": Language.ES,
    "espanol": Language.ES,
    "castellano": Language.ES,
    "spanish": Language.ES,
    "en": Language.EN,
    "ingles": Language.EN,
    "english": Language.EN,
}
_TAXED_AS = {
    "empresa": "business",
    "profesional": "business",
    "autonomo": "business",
    "business": "business",
    "company": "business",
    "particular": "consumer",
    "consumidor": "consumer",
    "consumer": "consumer",
    "individual": "consumer",
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_HOURS = re.compile(r"(\d{1,6})(?:\s*:\s*|\s*h\s*)(\d{2})(?:\s*min|\s*m)?")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_DOTTED = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_COMMAED = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{NO-BREAK SPACE}": "", " ": "", "'": "", "€": "", "$": ""})


def folded(text: str) -> str:
    """Letters and digits alone, in lower case and without accents: what two spellings of a name share."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in letters if each.isalnum())


def text(most: int) -> Reader:
    """A reader of texts of at most `most` characters."""

    def read(cell: str) -> str:
        if len(cell) > most:
            words = _("“%(text)s…” is too long: at most %(most)s characters fit.")
            raise Refused("too_long", words % {"text": cell[:30], "most": most})
        return cell

    return read


def email(cell: str) -> str:
    """An address; empty stays empty. Refuses `bad_email`."""
    if cell:
        require_address(cell)
    return cell


def yes_or_no(cell: str) -> bool:
    """Empty is no. Refuses `bad_yes_no`."""
    word = folded(cell)
    if word in _YES:
        return True
    if word and word not in _NO:
        raise Refused("bad_yes_no", _("“%(text)s” is neither yes nor no.") % {"text": cell[:40]})
    return False


def taxed_as(cell: str) -> str:
    """Business or consumer; empty stays empty. Refuses `bad_kind`."""
    word = folded(cell)
    if word and word not in _TAXED_AS:
        raise Refused("bad_kind", _("“%(text)s” is neither a business nor a consumer.") % {"text": cell[:40]})
    return _TAXED_AS.get(word, "")


def day(cell: str) -> date | None:
    """2026-11-27 or 27/11/2026: the day first, as Spanish writes it; None when empty. Refuses `bad_date`."""
    if not cell:
        return None
    plain = cell.partition(" ")[0] if ":" in cell else cell
    if found := _ISO.fullmatch(plain):
        year, month, of_month = found.groups()
    elif found := _DAY_FIRST.fullmatch(plain):
        of_month, month, year = found.groups()
    else:
        raise _no_day(cell)
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError as error:
        raise _no_day(cell) from error


def clock(cell: str) -> time | None:
    """9:30, or the hour of a moment; None when empty. Refuses `bad_time`."""
    if not cell:
        return None
    found = _CLOCK.fullmatch(cell.rpartition(" ")[2])
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refused("bad_time", _("“%(text)s” is no time of day: write it as 9:30.") % {"text": cell[:40]})
    return time(int(found[1]), int(found[2]))


def number(cell: str) -> Decimal | None:
    """1234,5 or 1.234,50 or 1,234.50; None when empty.

    Refuses `bad_number`, and `ambiguous_number` for 1.234, which is one thing in Spain and another in Mexico.
    """
    plain = cell.translate(_SIGNS)
    if not plain:
        return None
    if _AMBIGUOUS.fullmatch(plain):
        words = _(
            "“%(text)s” could be thousands or decimals. Write it without a separator of thousands, as 1234,00."
        )
        raise Refused("ambiguous_number", words % {"text": cell[:40]})
    if _DOTTED.fullmatch(plain):
        plain = plain.replace(".", "")
    elif _COMMAED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise Refused("bad_number", _("“%(text)s” is no number.") % {"text": cell[:40]})
    return Decimal(plain.replace(",", "."))


def hundredths(cell: str) -> int | None:
    """Hours as 11:45 or 11,75, in hundredths of a minute, to the nearest; None when empty. Refuses `bad_hours`."""
    if not cell:
        return None
    if found := _HOURS.fullmatch(cell.lower()):
        hours, minutes = int(found[1]), int(found[2])
        if minutes > 59:
            raise Refused(
                "bad_hours", _("“%(text)s” is no duration: write it as 1:30.") % {"text": cell[:40]}
            )
        return (60 * hours + minutes) * 100
    hours_written = number(cell.lower().removesuffix("h").strip())
    return None if hours_written is None else int((hours_written * 6000).to_integral_value())


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount in minor units. Refuses `too_precise` when it has more decimals than the currency."""
    minor = amount.scaleb(currency_exponent(currency))
    if minor != minor.to_integral_value():
        raise Refused(
            "too_precise",
            _("%(amount)s has more decimals than %(currency)s has. Round it first.")
            % {"amount": amount, "currency": currency},
        )
    return int(minor)


def country(cell: str) -> str:
    """A country's two letters, from them or from its name in Spanish or English. Refuses `unknown_country`."""
    if not cell or is_country(cell.upper()):
        return cell.upper()
    wanted = folded(cell)
    for language in ("es", "en"):
        for code, name in country_choices(language):
            if folded(name) == wanted:
                return code
    raise Refused("unknown_country", _("There is no country “%(text)s”.") % {"text": cell[:40]})


def language(cell: str) -> str:
    """`es` or `en`, from that or its name; empty stays empty. Refuses `unknown_language`."""
    if not cell:
        return ""
    found = _LANGUAGES.get(folded(cell))
    if found is None:
        raise Refused("unknown_language", _("That language is not available."))
    return found


def currency(cell: str) -> str:
    """Three letters; empty stays empty. Refuses `unknown_currency`."""
    code = {"€": "EUR", "euro": "EUR", "euros": "EUR"}.get(cell.lower(), cell.upper())
    if code and not is_currency(code):
        raise Refused(
            "unknown_currency", _("“%(text)s” is no currency: write it as EUR.") % {"text": cell[:40]}
        )
    return code


def _no_day(cell: str) -> Refused:
    words = _("“%(text)s” is no date: write it as 27/11/2026 or 2026-11-27.") % {"text": cell[:40]}
    return Refused("bad_date", words)
