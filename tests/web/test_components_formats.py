"""Hours, money and dates as a person reads them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from ecuanime.foundation import formats

ES, EN, MX = formats.locale_for("es"), formats.locale_for("en"), formats.locale_for("es", "MXN")
TODAY = date(2026, 11, 9)
AT = datetime(2026, 11, 10, 10, 42, tzinfo=UTC)


def plain(text: str) -> str:
    """With ordinary spaces, so that a test reads like the screen."""
    return text.replace(formats.NBSP, " ")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(450, "7 h 30"), (5, "0 h 05"), (0, "0 h 00"), (-60, "−1 h 00"), (6000, "100 h 00"), (-1, "−0 h 01")],
)
def test_minutes_are_hours_and_two_digits(minutes: int, shown: str) -> None:
    assert plain(formats.hours_of_minutes(minutes, ES)) == shown


def test_a_line_never_breaks_inside_a_quantity() -> None:
    for text in (
        formats.hours_of_minutes(450, ES),
        formats.money(131000, "EUR", ES),
        formats.day(date(2026, 11, 10), ES, today=TODAY),
        formats.file_size(18_000, ES),
        formats.percent(Decimal("0.21"), ES),
    ):
        assert " " not in text


def test_the_ledger_shows_the_hundredths_it_keeps() -> None:
    assert plain(formats.hours_of_hundredths(1875, ES)) == "0 h 18,75"
    assert plain(formats.hours_of_hundredths(1875, EN)) == "0 h 18.75"
    assert plain(formats.hours_of_hundredths(-6000, ES)) == "−1 h 00"
    assert plain(formats.hours_of_hundredths(3000, ES, plus=True)) == "+0 h 30"
    assert plain(formats.hours_of_hundredths(0, ES, plus=True)) == "0 h 00"


def test_seconds_never_show_more_than_was_worked() -> None:
    assert plain(formats.hours_of_seconds(59, ES)) == "0 h 00"
    assert plain(formats.hours_of_seconds(1619, ES)) == "0 h 26"
    assert plain(formats.hours_of_seconds(-1619, ES)) == "−0 h 26"


def test_what_runs_and_what_is_left() -> None:
    assert formats.stopwatch(1334) == "0:22:14"
    assert formats.stopwatch(36_000) == "10:00:00"
    assert plain(formats.time_left(38 * 60 + 59)) == "38 min"
    assert plain(formats.time_left(-(176 * 60))) == "2 h 56"
    assert formats.colon_hours(195) == "3:15"
    assert formats.colon_hours(-5) == "−0:05"


@pytest.mark.parametrize(
    ("minor", "currency", "spanish", "english"),
    [
        (131000, "EUR", "1.310,00 €", "€1,310.00"),
        (-2460, "EUR", "−24,60 €", "−€24.60"),
        (0, "EUR", "0,00 €", "€0.00"),
        (5, "EUR", "0,05 €", "€0.05"),
        (123456789, "EUR", "1.234.567,89 €", "€1,234,567.89"),
    ],
)
def test_money(minor: int, currency: str, spanish: str, english: str) -> None:
    assert plain(formats.money(minor, currency, ES)) == spanish
    assert plain(formats.money(minor, currency, EN)) == english


def test_pesos_are_written_as_in_mexico() -> None:
    assert MX == "es_MX"
    assert formats.money(131000, "MXN", MX) == "$1,310.00"


def test_a_currency_without_cents_has_none() -> None:
    assert plain(formats.money(5000, "CLP", ES)) == "5.000 CLP"


def test_a_price_keeps_its_decimals() -> None:
    assert plain(formats.price(Decimal("44"), "EUR", ES)) == "44,00 €"
    assert plain(formats.price(Decimal("44.50"), "EUR", ES)) == "44,50 €"
    assert plain(formats.price(Decimal("0.725"), "EUR", ES)) == "0,725 €"


def test_numbers_and_shares() -> None:
    assert formats.number(12000, ES) == "12.000"
    assert formats.number(-3, ES) == "−3"
    assert plain(formats.percent(Decimal("0.21"), ES)) == "21 %"
    assert plain(formats.percent(Fraction(105, 1000), ES)) == "10,5 %"
    assert formats.percent(Decimal("0.21"), EN) == "21%"


def test_sizes_of_files() -> None:
    assert plain(formats.file_size(900, ES)) == "900 B"
    assert plain(formats.file_size(18_000, ES)) == "18 KB"
    assert plain(formats.file_size(1_500_000, ES)) == "1,4 MB"
    assert plain(formats.file_size(1_500_000, EN)) == "1.4 MB"
    assert plain(formats.file_size(5 * 1024**3, EN)) == "5.0 GB"


def test_days() -> None:
    tenth = date(2026, 11, 10)
    assert plain(formats.day(tenth, ES, today=TODAY)) == "mar 10 nov"
    assert plain(formats.day(tenth, EN, today=TODAY)) == "Tue 10 Nov"
    assert plain(formats.day(date(2025, 9, 1), ES, today=TODAY)) == "1 sep 2025"
    assert plain(formats.day_year(tenth, ES)) == "10 nov 2026"
    assert formats.long_day(tenth, ES) == "martes 10 de noviembre"
    assert formats.long_day(tenth, EN) == "Tuesday 10 November"
    assert formats.long_date(tenth, ES) == "10 de noviembre de 2026"
    assert formats.month(tenth, ES) == "noviembre de 2026"


def test_moments() -> None:
    assert formats.moment(AT, ES, today=AT.date()) == "10:42"
    assert plain(formats.moment(AT, ES, today=TODAY)) == "mar 10 nov, 10:42"
    assert plain(formats.ago(AT, AT + timedelta(minutes=12), ES)) == "hace 12 min"
    assert plain(formats.ago(AT, AT - timedelta(minutes=12), EN)) == "in 12 min"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Elvira Sotillo", "ES"),
        ("ana@x.example", "AE"),
        ("Teo", "TE"),
        ("", "?"),
        ("María de la O Ruiz", "MR"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


def test_an_unknown_language_reads_english() -> None:
    assert formats.locale_for("fr") == "en_GB"
    assert formats.locale_for(None) == "en_GB"
    assert formats.locale_for("es-mx", "EUR") == "es_ES"
