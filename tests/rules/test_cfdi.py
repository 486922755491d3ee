"""Taxes of a CFDI to the millionth, its original string, and what a stamp must be about."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ecuanime.billing.packs.mx.cfdi import Unreadable, micros_of, original_string, read_stamp, same_document
from ecuanime.billing.packs.mx.cfdi.xml import CFDI
from ecuanime.rules.money import round_half_up
from tests.rules.examples import Row, rows

RATES = st.sampled_from([Decimal(text) for text in ("0.16", "0.08", "0", "0.1", "0.0125", "0.106667")])


@given(RATES, st.lists(st.integers(0, 10_000_000), min_size=1, max_size=30))
def test_what_concepts_state_rounds_to_what_their_sum_bears(rate: Decimal, bases: list[int]) -> None:
    micros = micros_of(rate, bases)
    assert round_half_up(Fraction(sum(micros), 10_000)) == round_half_up(Fraction(rate) * sum(bases))
    assert all(
        abs(each - Fraction(rate) * base * 10_000) < 1 for each, base in zip(micros, bases, strict=True)
    )


@pytest.mark.parametrize("row", rows("cfdi", "bases", "rate", "stated to the millionth", "on the document"))
def test_the_worked_examples(row: Row) -> None:
    bases = [int(Decimal(text) * 100) for text in row["bases"].split()]
    micros = micros_of(Decimal(row["rate"]), bases)
    stated = [int(Decimal(text) * 1_000_000) for text in row["stated to the millionth"].split()]
    assert micros == stated
    assert round_half_up(Fraction(sum(micros), 10_000)) == int(Decimal(row["on the document"]) * 100)


def test_the_original_string_skips_what_is_not_there_and_folds_spaces() -> None:
    root = etree.fromstring(
        f'<c:Comprobante xmlns:c="{CFDI}" Version="4.0" Folio="7" Fecha="2026-11-30T12:00:00" Sello="x">'
        '<c:Emisor Rfc="EKU9003173C9" Nombre=" ESCUELA   KEMPER " RegimenFiscal="601"/>'
        '<c:Impuestos TotalImpuestosTrasladados="1.60" TotalImpuestosRetenidos="0.10">'
        '<c:Retenciones><c:Retencion Impuesto="001" Importe="0.10"/></c:Retenciones>'
        '<c:Traslados><c:Traslado Base="10.00" Impuesto="002" TipoFactor="Tasa" TasaOCuota="0.160000" Importe="1.60"/>'
        "</c:Traslados></c:Impuestos></c:Comprobante>"
    )
    assert original_string(root) == (
        "||4.0|7|2026-11-30T12:00:00|EKU9003173C9|ESCUELA KEMPER|601"
        "|001|0.10|0.10|10.00|002|Tasa|0.160000|1.60|1.60||"
    )


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff"])
def test_what_is_no_stamped_cfdi_is_not_read(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_stamp(content)


def test_another_document_is_not_the_same() -> None:
    sent = f'<c:Comprobante xmlns:c="{CFDI}" Version="4.0" Sello="x" Total="{{}}"/>'
    assert same_document(sent.format("1.00").encode(), sent.format("1.00").encode())
    assert not same_document(sent.format("1.00").encode(), sent.format("2.00").encode())
