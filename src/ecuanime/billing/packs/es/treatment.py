"""How the tax of a document is said in a record: the one place where categories become keys of the agency's lists.

A tax line says it itself (`packs.es.rates`); one written before it did, or of a rate that the firm added, goes by its
category, of UNCL 5305. A service to a business of another Member State is not subject in Spain by the rules of
place (N2), and one whose customer is in Spain and accounts for the tax is subject (S2).
Source: Ley 37/1992, arts. 20, 69.Uno.1.º and 84.Uno.2.º; order HAC/1177/2024, lists L1, L8 and L9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ecuanime.billing.packs.es.verifactu import Detail

TAXES = {"IVA": "01", "IPSI": "02", "IGIC": "03"}
USUAL_REGIME = "01"
EXEMPT = {"E": "E1", "G": "E2", "K": "E5"}
"""Exempt by art. 20; exports (art. 21); supplies of goods within the Union (art. 25)."""


@dataclass(frozen=True)
class Amounts:
    """A tax and what it comes to on the record, in cents; by substitution that is not what the document takes off."""

    name: str
    category: str
    percent: Decimal
    base: int
    amount: int
    levy: str = ""
    regime: str = ""
    operation: str = ""
    surcharge_percent: Decimal = Decimal(0)
    surcharge: int = 0


def details_of(rows: Sequence[Amounts], customer_country: str) -> tuple[Detail, ...]:
    """The breakdown of a document by its taxes, in their order."""
    return tuple(_detail(row, customer_country) for row in rows)


def _detail(row: Amounts, customer_country: str) -> Detail:
    treatment = row.operation or _treatment(row.category, customer_country)
    tax, regime = row.levy or TAXES.get(row.name, "01"), row.regime or USUAL_REGIME
    if treatment not in ("S1", "S2"):
        return Detail(treatment, row.base, tax=tax, regime=regime)
    detail = Detail(treatment, row.base, row.percent, row.amount, tax, regime)
    if not row.surcharge_percent:
        return detail
    return replace(detail, surcharge_rate=row.surcharge_percent, surcharge=row.surcharge)


def _treatment(category: str, customer_country: str) -> str:
    if category in EXEMPT:
        return EXEMPT[category]
    if category == "O" or (category == "AE" and customer_country != "ES"):
        return "N2"
    return "S2" if category == "AE" else "S1"
