"""What the European standard cannot carry is said in words, one reason each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.billing.einvoice.faults import faults_of
from ecuanime.billing.einvoice.values import ElectronicInvoice, Item, Kind, Party, Tax, Withholding
from tests.rooms.billing.einvoice.judges import judged

SELLER = Party(name="Nodo Alisio", tax_id="B00000000", vat_id="ESB00000000", city="Gijón", country="ES")
BUYER = Party(name="Tierra Parda", tax_id="B00000018", vat_id="ESB00000018", city="Lugo", country="ES")
TAX = Tax(category="S", rate=Decimal(21), base=Decimal("100.00"), amount=Decimal("21.00"))
PLAIN = ElectronicInvoice(
    kind=Kind.INVOICE,
    number="F-2026-0001",
    issued_on=date(2026, 11, 30),
    due_on=date(2026, 12, 30),
    currency="EUR",
    digits=2,
    language="es",
    seller=SELLER,
    buyer=BUYER,
    items=(
        Item(
            number=1,
            name="Soporte",
            quantity=Decimal(2),
            unit="HUR",
            price=Decimal(50),
            amount=Decimal("100.00"),
            category="S",
            rate=Decimal(21),
        ),
    ),
    taxes=(TAX,),
    net=Decimal("100.00"),
    tax=Decimal("21.00"),
    total=Decimal("121.00"),
)
HELD = Withholding(rate=Decimal(15), base=Decimal("100.00"), amount=Decimal("15.00"))
AE = replace(TAX, category="AE", rate=Decimal(0), amount=Decimal(0))


def test_a_plain_one_has_none_and_the_official_rules_agree() -> None:
    assert faults_of(PLAIN) == []
    assert judged(PLAIN) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"withholdings": (HELD,)}, "withholds income tax"),
        ({"digits": 3, "currency": "KWD"}, "KWD has more decimals"),
        ({"buyer": replace(BUYER, country="")}, "the client's country"),
        ({"seller": replace(SELLER, tax_id="", vat_id="")}, "your firm's tax id"),
        ({"items": ()}, "a line"),
        ({"taxes": (AE,), "buyer": replace(BUYER, vat_id="")}, "the client's VAT number"),
        ({"taxes": (replace(AE, category="E"),)}, "does not say why"),
        ({"taxes": (replace(TAX, category="X"),)}, "“X” is none"),
        ({"taxes": (TAX, replace(TAX, rate=Decimal("5.2")))}, "two taxes on one base"),
        ({"taxes": (TAX, replace(TAX, category="O", base=Decimal(0), reason="x"))}, "not subject to VAT"),
    ],
)
def test_each_reason_is_said(change: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults_of(replace(PLAIN, **change)))
