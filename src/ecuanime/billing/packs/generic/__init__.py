"""Any country without a pack of its own: plain invoices, with what the European rules ask where they apply."""

from ecuanime.billing.packs.generic.pack import GenericPack
from ecuanime.billing.packs.generic.rates import EU_TAXES, UNKNOWN_TAX

__all__ = ["EU_TAXES", "UNKNOWN_TAX", "GenericPack"]
