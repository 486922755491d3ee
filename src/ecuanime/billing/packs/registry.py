"""Which pack answers for a country."""

from __future__ import annotations

from ecuanime.billing.packs.clearance import COUNTRIES, ClearancePack
from ecuanime.billing.packs.contract import CountryPack
from ecuanime.billing.packs.es import SpainPack
from ecuanime.billing.packs.generic import GenericPack
from ecuanime.billing.packs.mx import MexicoPack
from ecuanime.billing.packs.ve import VenezuelaPack
from ecuanime.staff.models import Firm

_PACKS: dict[str, type[GenericPack]] = {"ES": SpainPack, "MX": MexicoPack, "VE": VenezuelaPack}
_PACKS |= dict.fromkeys(COUNTRIES, ClearancePack)


def pack_for(country: str, *, is_demo: bool = False) -> CountryPack:
    """The pack of a country; the generic one where there is none of its own.

    A demo firm issues in every country, so that what the product makes can be seen: its documents bear the mark of
    the demo and are no invoices, so no law of invoices is broken by them.
    """
    code = country.upper()
    return _PACKS.get(code, GenericPack)(code, is_demo)


def pack_of(firm: Firm) -> CountryPack:
    """The pack of a firm as it stands: its country's, and whether it is a demo."""
    return pack_for(firm.country, is_demo=firm.is_demo)
