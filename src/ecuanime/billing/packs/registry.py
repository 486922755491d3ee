"""Which pack answers for a country."""

from __future__ import annotations

from ecuanime.billing.packs.contract import CountryPack
from ecuanime.billing.packs.es import SpainPack
from ecuanime.billing.packs.generic import GenericPack
from ecuanime.billing.packs.mx import MexicoPack

_OWN_PACKS: dict[str, CountryPack] = {"ES": SpainPack("ES"), "MX": MexicoPack("MX")}


def pack_for(country: str) -> CountryPack:
    """The pack of a country; the generic one where there is none of its own."""
    return _OWN_PACKS.get(country.upper()) or GenericPack(country.upper())
