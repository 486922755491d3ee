"""Statements as banks write them: both versions of camt.053, CSV in named columns, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ecuanime.billing.bank.camt import read_camt
from ecuanime.billing.bank.table import Columns, read_table
from ecuanime.billing.bank.values import UnreadableStatement, identified
from tests.factories.bank import ACCOUNT, camt, entry, transaction

COLUMNS = Columns(
    account=ACCOUNT,
    currency="EUR",
    separator=";",
    decimal_mark=",",
    date_format="%d/%m/%Y",
    day="Fecha",
    amount="Importe",
    text="Concepto",
)


@pytest.mark.parametrize("version", ["02", "08"])
def test_an_entry_says_who_paid_and_what_they_wrote(version: str) -> None:
    one = transaction(
        "1353.50",
        "Fra F-2026-0001",
        name="Umbría",
        account="ES9121000418450200051332",
        reference="RF18X",
        version=version,
    )
    name, [found] = read_camt(camt(entry("1353.50", one, reference="A1", version=version), version=version))

    assert name == f"camt.053.001.{version}"
    assert (found.account, found.booked_on, found.amount, found.currency) == (
        ACCOUNT,
        date(2026, 11, 30),
        135_350,
        "EUR",
    )
    assert (found.party_name, found.party_account, found.text, found.reference) == (
        "Umbría",
        "ES9121000418450200051332",
        "Fra F-2026-0001",
        "RF18X",
    )
    assert (found.bank_reference, found.end_to_end) == ("A1", "")


def test_a_collective_entry_is_taken_apart_where_its_parts_add_up() -> None:
    parts = transaction("10.00", "uno"), transaction("3.53", "dos")

    _name, apart = read_camt(camt(entry("13.53", *parts)))
    _name, whole = read_camt(camt(entry("13.00", *parts)))

    assert [(each.amount, each.text) for each in apart] == [(1000, "uno"), (353, "dos")]
    assert [each.amount for each in whole] == [1300]


def test_what_is_pending_is_left_out_and_money_that_went_is_negative() -> None:
    went = entry("5.00", transaction("5.00", returned="AC04"), side="DBIT")

    _name, [found] = read_camt(camt(entry(status="PDNG"), went))

    assert (found.amount, found.return_code) == (-500, "AC04")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "hostile"),
        (b"<a/>", "unknown_format"),
        (b"hola", "unknown_format"),
        (b" " * 5_000_001, "too_large"),
        (camt(entry()).replace(b"053.001.08", b"053.001.99"), "unknown_format"),
        (camt(entry()).replace(b"CRDT", b"LEFT"), "incomplete"),
        (camt(entry("1e999")), "incomplete"),
        (camt(entry(), account=""), "incomplete"),
        (camt(entry(on="2026-13-01")), "incomplete"),
    ],
)
def test_what_is_no_statement_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableStatement) as refusal:
        read_camt(content)
    assert refusal.value.code == code


def test_a_csv_is_read_by_the_names_of_its_columns() -> None:
    text = 'Cuenta;ES91\n\nConcepto;Fecha;Saldo;Importe\n"Fra; 1";30/11/2026;9,99;1.353,50\nx;01/12/2026;;-3\n;;;\n'

    came, went = read_table(text.encode("cp1252"), COLUMNS)

    assert (came.booked_on, came.amount, came.text) == (date(2026, 11, 30), 135_350, "Fra; 1")
    assert went.amount == -300


def test_money_that_went_may_have_its_own_column() -> None:
    columns = replace(COLUMNS, amount="Haber", out="Debe", text="")

    found = read_table(b"Fecha;Debe;Haber\n30/11/2026;5,00;\n30/11/2026;;7,10\n", columns)

    assert [each.amount for each in found] == [-500, 710]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x;30/11/2026;1.35", "wrong_amount"),
        ("x;30/11/2026;1,355", "wrong_amount"),
        ("x;30/11/2026;12.34,00", "wrong_amount"),
        ("x;30/11/2026;", "wrong_amount"),
        ("x;11/30/2026;1,00", "wrong_day"),
        ("x;;1,00", "wrong_day"),
    ],
)
def test_figures_written_in_another_way_are_refused_with_their_row(row: str, code: str) -> None:
    with pytest.raises(UnreadableStatement) as refusal:
        read_table(f"Concepto;Fecha;Importe\nx;30/11/2026;1,00\n{row}\n".encode(), COLUMNS)
    assert (refusal.value.code, refusal.value.row) == (code, 3)


def test_without_its_columns_nothing_is_read() -> None:
    with pytest.raises(UnreadableStatement, match="no_header"):
        read_table(b"Date;Amount\n", COLUMNS)
    with pytest.raises(UnreadableStatement, match="unknown_format"):
        read_table(b"a\0b", COLUMNS)


def test_entries_that_are_alike_stay_apart_and_are_the_same_in_every_file() -> None:
    _name, twice = read_camt(camt(entry(), entry()))
    _name, longer = read_camt(camt(entry(on="2026-11-29"), entry(), entry()))

    two, three = ([identity for identity, _entry in identified(each)] for each in (twice, longer))
    assert len(set(two)) == 2
    assert three[1:] == two
