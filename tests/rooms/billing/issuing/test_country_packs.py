"""Country packs: what each country may issue, and at which taxes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ecuanime.billing.packs import Party, Status, pack_for
from ecuanime.billing.packs.clearance import COUNTRIES as CLEARED
from ecuanime.staff.countries import country_choices
from tests.rules.examples import Row, rows

IRISH = Party("Nodo", "IE6388047V", "1 Mill Lane", "Dublin", "IE")
CLIENT = Party("Cliente", "", "Main Street", "Galway", "IE")
COUNTRIES = [code for code, _name in country_choices("en")]


@pytest.mark.django_db
def test_every_country_has_a_pack_that_says_what_may_be_issued() -> None:
    for country in COUNTRIES:
        pack = pack_for(country)
        export_only = pack.status == Status.EXPORT_ONLY
        assert pack.country == country
        assert export_only == (country in {"ES", "MX", "VE"} | CLEARED)
        assert bool(pack.why_not) == export_only


def test_every_pack_knows_a_tax_and_none_twice() -> None:
    for country in COUNTRIES:
        codes = [tax.code for tax in pack_for(country).taxes()]
        assert codes
        assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("country", "rates"),
    [("ES", [21, 10, 4, 0]), ("MX", [16, 8, 0]), ("IE", [23]), ("FI", [Decimal("25.5")])],
)
def test_rates_are_data_with_their_source(country: str, rates: list[int]) -> None:
    known = pack_for(country).taxes()
    found = [tax for tax in known if tax.category in "SZ" and not tax.surcharge_percent]

    assert [tax.percent for tax in found] == rates
    assert all(tax.source for tax in found)


def test_what_is_missing_is_named() -> None:
    pack = pack_for("IE")

    assert pack.missing(IRISH, CLIENT) == []
    assert pack.missing(replace(IRISH, tax_id=""), replace(CLIENT, street=" ")) == [
        "your firm's tax id",
        "the client's address",
    ]


def test_spain_lets_nobody_wait_more_than_sixty_days() -> None:
    day = date(2026, 11, 30)

    assert pack_for("ES").due_on(day, 90) == date(2027, 1, 29)
    assert pack_for("ES").due_on(day, 30) == date(2026, 12, 30)
    assert pack_for("IE").due_on(day, 90) == date(2027, 2, 28)


@pytest.mark.parametrize("row", rows("tax-rounding", "country", "rounded", "why"))
def test_each_country_says_how_its_taxes_are_rounded(row: Row) -> None:
    for country in re.findall(r"\b[A-Z]{2}\b", row["country"]):
        assert pack_for(country).tax_per_line is (row["rounded"] == "line by line")
