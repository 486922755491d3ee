"""Cells as values: every way of writing them that is plain, and none that could mean two things."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.foundation.errors import Refused
from ecuanime.imports import values


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (values.number, "1234,5", Decimal("1234.5")),
        (values.number, "1.234,50 €", Decimal("1234.50")),
        (values.number, "1,234.50", Decimal("1234.50")),
        (values.number, "1.234.567", Decimal(1234567)),
        (values.number, "0.500", Decimal("0.500")),
        (values.number, "−12", Decimal(-12)),
        (values.number, "", None),
        (values.day, "27/11/2026", date(2026, 11, 27)),
        (values.day, "2026-11-27", date(2026, 11, 27)),
        (values.day, "2026-11-27 09:30", date(2026, 11, 27)),
        (values.day, "", None),
        (values.clock, "9:30", time(9, 30)),
        (values.clock, "2026-11-27 09:30:15", time(9, 30)),
        (values.hundredths, "1:30", 9000),
        (values.hundredths, "1,5", 9000),
        (values.hundredths, "11 h 45", 70500),
        (values.hundredths, "0:00", 0),
        (values.yes_or_no, "Sí", True),
        (values.yes_or_no, "", False),
        (values.country, "España", "ES"),
        (values.country, "mexico", "MX"),
        (values.language, "Inglés", "en"),
        (values.currency, "euros", "EUR"),
    ],
)
def test_what_is_plain_is_read(read: values.Reader, cell: str, value: Any) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        (values.number, "1.234", "ambiguous_number"),
        (values.number, "1,234", "ambiguous_number"),
        (values.number, "1.2.3", "bad_number"),
        (values.number, "doce", "bad_number"),
        (values.number, "1e9", "bad_number"),
        (values.day, "31/02/2026", "bad_date"),
        (values.day, "27/11/26", "bad_date"),
        (values.day, "11/27/2026", "bad_date"),
        (values.clock, "25:00", "bad_time"),
        (values.hundredths, "1:75", "bad_hours"),
        (values.hundredths, "mucho", "bad_number"),
        (values.yes_or_no, "quizá", "bad_yes_no"),
        (values.country, "Atlántida", "unknown_country"),
        (values.language, "fr", "unknown_language"),
        (values.currency, "DUROS", "unknown_currency"),
        (values.email, "nadie", "bad_email"),
        (values.text(3), "cuatro", "too_long"),
    ],
)
def test_what_is_not_is_refused(read: values.Reader, cell: str, code: str) -> None:
    with pytest.raises(Refused, check=lambda refusal: refusal.code == code):
        read(cell)


def test_amounts_are_exact() -> None:
    assert values.minor_units(Decimal("12.30"), "EUR") == 1230
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "too_precise"):
        values.minor_units(Decimal("12.345"), "EUR")
