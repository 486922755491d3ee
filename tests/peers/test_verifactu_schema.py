"""Every kind of record that we write is valid by the tax agency's own schema, which is not part of this repository.

`ECUANIME_TEST_SCHEMAS` names the folder that holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from lxml import etree

from ecuanime.billing.packs.es.verifactu import (
    Cancellation,
    Correction,
    Detail,
    ForeignId,
    InvoiceId,
    InvoiceType,
    Link,
    Recipient,
    Record,
    faults_of,
    sealed,
    xml_of,
)
from tests.rules.test_fiscal_chain import RECORD, SYSTEM
from tests.schemas import faults, needs_schemas

pytestmark = needs_schemas

SCHEMA = "SuministroInformacion.xsd"

BEFORE = InvoiceId("89890001K", "F-2026-0000", date(2026, 11, 29))
LINK = Link(BEFORE, "A" * 64)
ABROAD = (Recipient("Client Ltd", foreign=ForeignId("IE", "02", "IE6388047V")),)


def registrations() -> Iterator[Record]:
    yield RECORD
    yield replace(RECORD, previous=LINK, operation_on=date(2026, 11, 29))
    yield replace(RECORD, is_amendment=True, previous_rejection="X")
    yield replace(RECORD, type=InvoiceType.SIMPLIFIED, recipients=())
    yield replace(RECORD, type=InvoiceType.SIMPLIFIED, recipients=(), without_recipient_id=True)
    yield replace(RECORD, type=InvoiceType.REPLACES_SIMPLIFIED, replaces=(BEFORE, BEFORE))
    for type_, by_substitution in product(
        [each for each in InvoiceType if each.is_correction], (False, True)
    ):
        correction = Correction((BEFORE,), by_substitution, 20000, 4200)
        yield replace(RECORD, type=type_, correction=correction, previous=LINK)
    for treatment in ("N1", "N2", "E1", "E2", "E5", "E8"):
        yield replace(RECORD, details=(Detail(treatment, 12100),), quota_total=0, recipients=ABROAD)
    yield replace(RECORD, details=(Detail("S2", 12100, Decimal(0), 0),), quota_total=0)
    with_surcharge = Detail(
        "S1", 10000, Decimal(21), 2100, regime="18", surcharge_rate=Decimal("5.2"), surcharge=520
    )
    yield replace(RECORD, details=(with_surcharge,), quota_total=2620, total=12620)
    yield replace(
        RECORD, details=(Detail("S1", 10000, Decimal(7), 700, tax="03"),), quota_total=700, total=10700
    )
    yield replace(RECORD, recipients=ABROAD, description="Línea con <signos> & «ñ»")


def cancellations() -> Iterator[Record]:
    plain = Cancellation(RECORD.invoice, None, SYSTEM, RECORD.generated_at)
    yield plain
    yield replace(plain, previous=LINK)
    yield replace(plain, without_previous_record=True, previous_rejection="S")


@pytest.mark.parametrize("record", [*registrations(), *cancellations()])
def test_every_kind_of_record_is_valid(record: Record) -> None:
    assert faults_of(record) == []
    assert faults(SCHEMA, etree.fromstring(xml_of(sealed(record)))) == []


def test_the_schema_would_find_what_is_wrong() -> None:
    """The control."""
    xml = xml_of(sealed(RECORD))

    for right, wrong in (("TipoFactura>F1<", "TipoFactura>F9<"), ("<sf:TipoHuella>01</sf:TipoHuella>", "")):
        assert faults(SCHEMA, etree.fromstring(xml.replace(right, wrong)))
