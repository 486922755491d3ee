"""Country packs: what a country's law asks of an invoice, one folder each behind one small contract."""

from __future__ import annotations

from ecuanime.billing.packs.contract import CountryPack, Party, Status, TaxData
from ecuanime.billing.packs.registry import pack_for

__all__ = ["CountryPack", "Party", "Status", "TaxData", "pack_for"]
