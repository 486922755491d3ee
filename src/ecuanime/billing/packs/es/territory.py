"""Where a party is, as Spain's indirect taxes see it. Derived from country and postcode, so it is kept nowhere."""

from __future__ import annotations

from enum import StrEnum

from ecuanime.billing.packs.contract import Party
from ecuanime.billing.packs.generic.rates import EU_MEMBERS

_PROVINCES = {
    "35": "canaries",
    "38": "canaries",
    "51": "ceuta",
    "52": "melilla",
    "01": "basque",
    "20": "basque",
    "48": "basque",
    "31": "navarre",
}
"""The first two digits of a postcode are the province."""


class Territory(StrEnum):
    """The parts of Spain that tax in their own way, and what lies around it."""

    COMMON = "common"
    BASQUE = "basque"
    NAVARRE = "navarre"
    CANARIES = "canaries"
    CEUTA = "ceuta"
    MELILLA = "melilla"
    UNION = "union"
    ABROAD = "abroad"


FORAL = frozenset({Territory.BASQUE, Territory.NAVARRE})
"""They levy their own taxes (Ley 12/2002; Ley 28/1990) and keep their own systems of invoices (TicketBAI, …)."""
OF_IVA = frozenset({Territory.COMMON, *FORAL})
"""Where the IVA is charged: the Peninsula and the Balearic Islands (Ley 37/1992, art. 3)."""
OF_IPSI = frozenset({Territory.CEUTA, Territory.MELILLA})


def territory_of(party: Party) -> Territory:
    """Where the party is. A Spanish address without postcode counts as common territory."""
    if party.country == "ES":
        return Territory(_PROVINCES.get(party.postcode.strip()[:2], "common"))
    return Territory.UNION if party.country in EU_MEMBERS else Territory.ABROAD
