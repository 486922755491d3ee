"""Which countries' accounts the schemes of SEPA reach (EPC409-09), by ISO 3166-1 alpha-2, and when banks collect."""

from __future__ import annotations

from datetime import date, timedelta

EEA = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT"}
    | {"LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"}
)
"""The European Economic Area: an account there needs no BIC beside it."""
BEYOND = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})
"""The others: their accounts come with the BIC of their bank."""

_FIXED = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
_AROUND_EASTER = (timedelta(days=-2), timedelta(days=1))
_SATURDAY = 5


def is_target_day(day: date) -> bool:
    """Whether the banks' system T2 (TARGET) is open: not on weekends, 1 January, Good Friday, Easter Monday, 1 May, nor
    25 and 26 December. Source: ECB, long-term calendar for TARGET closing days (in force since 2002)."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _FIXED:
        return False
    return day - easter_sunday(day.year) not in _AROUND_EASTER


def next_target_day(day: date) -> date:
    """That day, or the first one after it on which the system is open."""
    while not is_target_day(day):
        day += timedelta(days=1)
    return day


def easter_sunday(year: int) -> date:
    """Easter of a year of the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, quarter_rest = divmod(of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * quarter - epact - quarter_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
