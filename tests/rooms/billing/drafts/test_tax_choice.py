"""Which tax a line bears, why, and how a fiscal record classes it: docs/rules/taxes.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.billing.packs import Party, Supply, TaxData, pack_for
from ecuanime.billing.packs.es.rates import CANARIAN
from ecuanime.billing.packs.generic.rates import UNKNOWN_TAX
from ecuanime.billing.packs.reasons import Why, words_of
from ecuanime.billing.packs.vat_numbers import vat_number
from ecuanime.rules.lines import tax_on
from tests.rules.examples import Row, cents, rows

DAY = date(2026, 11, 28)


def party(place: str, kind: str = "business") -> Party:
    country, _space, postcode = place.partition(" ")
    words, _space, tax_id = kind.partition(" ")
    return Party(
        "Somebody",
        tax_id,
        "Street 1",
        "Town",
        country,
        postcode=postcode,
        is_business=words != "consumer",
        in_retail_scheme=words == "retailer",
    )


@pytest.mark.parametrize("row", rows("taxes", "firm in", "customer in", "customer", "line", "tax", "why"))
def test_each_case_has_its_tax_and_its_reason(row: Row) -> None:
    issuer, customer = party(row["firm in"]), party(row["customer in"], row["customer"])
    pack = pack_for(issuer.country)

    choice = pack.tax_candidates(issuer, customer, Supply(row["line"]), DAY)

    assert (choice.code, choice.why) == (row["tax"], row["why"])
    known = {tax.code for tax in pack.taxes(issuer)}
    assert {choice.code, *(option.code for option in choice.options)} <= known
    assert all(words_of(code) for code in (choice.why, *(option.when for option in choice.options)))


@pytest.mark.parametrize(
    "row", rows("taxes", "tax", "percent", "surcharge", "category", "levy", "regime", "operation")
)
def test_each_tax_says_how_a_record_classes_it(row: Row) -> None:
    tax = spanish()[row["tax"]]

    assert (tax.percent, tax.surcharge_percent) == (Decimal(row["percent"]), Decimal(row["surcharge"]))
    facts = (tax.category, tax.levy, tax.regime, tax.operation)
    assert facts == (row["category"], row["levy"], row["regime"], row["operation"])
    assert tax.source
    assert bool(tax.reason) == (tax.operation != "S1")


def test_the_page_names_every_spanish_tax() -> None:
    page = rows("taxes", "tax", "percent", "surcharge", "category", "levy", "regime", "operation")

    assert {row["tax"] for row in page} == set(spanish())


@pytest.mark.parametrize("row", rows("taxes", "line amounts", "tax", "base", "amount", "surcharge", "total"))
def test_tax_and_surcharge_are_rounded_once_each(row: Row) -> None:
    tax, lines = spanish()[row["tax"]], [cents(amount) for amount in row["line amounts"].split()]

    amount, surcharge = tax_on(tax.percent, lines), tax_on(tax.surcharge_percent, lines)

    assert (sum(lines), amount, surcharge) == (
        cents(row["base"]),
        cents(row["amount"]),
        cents(row["surcharge"]),
    )
    assert sum(lines) + amount + surcharge == cents(row["total"])


PLACES = st.sampled_from(["ES 28013", "ES 35001", "ES 51001", "ES 52001", "ES 01001", "ES", "IE", "MX", "US"])
KINDS = st.sampled_from(["business B58378431", "business IE6388047V", "business", "consumer", "retailer B1"])


@given(PLACES, PLACES, KINDS, st.sampled_from(Supply))
def test_every_case_is_decided_with_a_known_tax_and_words(
    home: str, there: str, kind: str, supply: Supply
) -> None:
    issuer, customer = party(home), party(there, kind)
    pack = pack_for(issuer.country)

    choice = pack.tax_candidates(issuer, customer, supply, DAY)

    chosen = next(tax for tax in pack.taxes(issuer) if tax.code == choice.code)
    assert words_of(choice.why)
    assert chosen.percent or chosen.reason or chosen.code == UNKNOWN_TAX
    assert supply == Supply.GOODS or not chosen.surcharge_percent
    assert customer.is_business or chosen.operation not in {"N2", "S2", "E5"}


def test_every_reason_has_words_and_what_is_not_known_has_none() -> None:
    assert all(words_of(code) for code in Why)
    assert words_of("") == words_of("something else") == ""


def test_a_vat_number_has_its_countrys_prefix() -> None:
    assert vat_number(party("GR", "business 094259216")) == "EL094259216"
    assert vat_number(party("ES", "business B58378431")) == "ESB58378431"
    assert vat_number(party("IE", "business B1")) == ""


def spanish() -> dict[str, TaxData]:
    return {tax.code: tax for tax in (*pack_for("ES").taxes(), *CANARIAN)}
