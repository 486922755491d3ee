"""Country packs: what a country's law asks of an invoice, one folder each behind one small contract."""

from __future__ import annotations

from ecuanime.billing.packs.contract import (
    CountryPack,
    OnPaper,
    Party,
    Status,
    Supply,
    TaxChoice,
    TaxData,
    Withholding,
    WithholdingChoice,
)
from ecuanime.billing.packs.registry import pack_for, pack_of

__all__ = [
    "CountryPack",
    "OnPaper",
    "Party",
    "Status",
    "Supply",
    "TaxChoice",
    "TaxData",
    "Withholding",
    "WithholdingChoice",
    "pack_for",
    "pack_of",
]
