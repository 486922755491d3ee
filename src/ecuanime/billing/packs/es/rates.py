"""The taxes that Spanish invoices bear, as data: rate, since when, where it is written, and how records class it.

`levy`, `regime` and `operation` follow the lists L1, L8A/L8B, L9 and L10 of the order HAC/1177/2024. The names of the
law stay in Spanish also in a document in English: RD 1619/2012, art. 6.1.m, asks for those very words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_noop

from ecuanime.billing.packs.contract import TaxData
from ecuanime.billing.packs.generic.rates import EU_TAXES, OUTSIDE, REVERSED

IVA, IGIC = "01", "03"
GENERAL, EXPORT, ELSEWHERE = "01", "02", "08"
"""ClaveRegimen: general, export, and what the tax of another Spanish territory is due on."""

_RATES = "Ley 37/1992, arts. 90 y 91"
_SURCHARGE = "Ley 37/1992, arts. 148 a 163 (tipos: art. 161)"
_SINCE_2012 = date(2012, 9, 1)  # Real Decreto-ley 20/2012, art. 23


def _iva(
    percent: str,
    *,
    surcharge: str = "0",
    since: date = _SINCE_2012,
    source: str = _RATES,
    category: str = "S",
) -> TaxData:
    code = f"es-{percent}-re" if surcharge != "0" else f"es-{percent}"
    return TaxData(
        code,
        "IVA",
        Decimal(percent),
        source,
        category=category,
        surcharge_percent=Decimal(surcharge),
        levy=IVA,
        regime=GENERAL,
        operation="S1",
        since=since,
    )


def _uncharged(code: str, name: str, category: str, source: str, reason: str, *facts: str) -> TaxData:
    levy, regime, operation = facts
    return TaxData(
        code,
        name,
        Decimal(0),
        source,
        category=category,
        reason=reason,
        levy=levy,
        regime=regime,
        operation=operation,
    )


def _igic(percent: str, since: date | None = None) -> TaxData:
    return TaxData(
        f"ic-{percent}",
        "IGIC",
        Decimal(percent),
        "Ley 20/1991, art. 27; Decreto Legislativo 1/2025 (Canarias)",
        category="L",
        levy=IGIC,
        regime=GENERAL,
        operation="S1",
        since=since,
    )


USUAL = "es-21"
SURCHARGED = "es-21-re"
REVERSED_AT_HOME, EXEMPT = "es-reverse", "es-exempt"
UNION_GOODS, EXPORTED, OTHER_TERRITORY = "es-eu-goods", "es-export", "es-elsewhere"
USUAL_IGIC = "ic-7"
IGIC_ELSEWHERE, IGIC_ABROAD, IGIC_EXPORTED = "ic-elsewhere", "ic-abroad", "ic-export"

MAINLAND = (
    _iva("21"),
    _iva("10"),
    _iva("4", since=date(1995, 1, 1)),
    _iva("0", since=date(1993, 1, 1), category="Z"),
    _iva("21", surcharge="5.2", source=_SURCHARGE),
    _iva("10", surcharge="1.4", source=_SURCHARGE),
    _iva("4", surcharge="0.5", source=_SURCHARGE, since=date(1995, 1, 1)),
    _uncharged(
        EXEMPT,
        gettext_noop("Exempt"),
        "E",
        "Ley 37/1992, art. 20",
        gettext_noop("Exempt (exenta): art. 20 of Ley 37/1992."),
        *(IVA, GENERAL, "E1"),
    ),
    _uncharged(
        REVERSED_AT_HOME,
        gettext_noop("Reverse charge"),
        "AE",
        "Ley 37/1992, art. 84.Uno.2.º",
        gettext_noop("Reverse charge (inversión del sujeto pasivo): art. 84.Uno.2.º of Ley 37/1992."),
        *(IVA, GENERAL, "S2"),
    ),
    _uncharged(
        UNION_GOODS,
        gettext_noop("Exempt, intra-Community supply"),
        "K",
        "Ley 37/1992, art. 25",
        gettext_noop("Intra-Community supply (entrega intracomunitaria), exempt: art. 25 of Ley 37/1992."),
        *(IVA, GENERAL, "E5"),
    ),
    _uncharged(
        EXPORTED,
        gettext_noop("Exempt, export"),
        "G",
        "Ley 37/1992, art. 21",
        gettext_noop("Export (exportación), exempt: art. 21 of Ley 37/1992."),
        *(IVA, EXPORT, "E2"),
    ),
    _uncharged(
        OTHER_TERRITORY,
        gettext_noop("Not subject to IVA"),
        "O",
        "Ley 37/1992, arts. 3 y 69.Uno.1.º",
        gettext_noop(
            "Not subject to IVA: service located in the customer's territory (art. 69.Uno.1.º of Ley 37/1992). "
            "Reverse charge (inversión del sujeto pasivo) of the IGIC or the IPSI."
        ),
        *(IVA, ELSEWHERE, "N2"),
    ),
)
"""Where the IVA is charged."""

CANARIAN = (
    _igic("7", since=date(2020, 1, 1)),
    _igic("3"),
    _igic("0"),
    _uncharged(
        IGIC_ELSEWHERE,
        gettext_noop("Not subject to IGIC"),
        "O",
        "Ley 20/1991, art. 17; Ley 37/1992, art. 84.Uno.2.º",
        gettext_noop(
            "Not subject to IGIC: service located in the customer's territory (art. 17 of Ley 20/1991). "
            "Reverse charge (inversión del sujeto pasivo) of the IVA or the IPSI: art. 84.Uno.2.º of Ley 37/1992."
        ),
        *(IGIC, ELSEWHERE, "N2"),
    ),
    _uncharged(
        IGIC_ABROAD,
        gettext_noop("Not subject to IGIC"),
        "O",
        "Ley 20/1991, art. 17",
        gettext_noop(
            "Not subject to IGIC: service to a business of another State (art. 17 of Ley 20/1991), "
            "which accounts for its own tax."
        ),
        *(IGIC, GENERAL, "N2"),
    ),
    _uncharged(
        IGIC_EXPORTED,
        gettext_noop("Exempt, export"),
        "G",
        "Ley 20/1991, art. 11",
        gettext_noop("Export (exportación), exempt: art. 11 of Ley 20/1991."),
        *(IGIC, EXPORT, "E2"),
    ),
)
"""Where the IGIC is charged."""

_ACROSS = {
    REVERSED: gettext_noop(
        "Reverse charge (inversión del sujeto pasivo): the customer accounts for the tax "
        "(art. 69.Uno.1.º of Ley 37/1992; art. 196 of Directive 2006/112/EC)."
    ),
    OUTSIDE: gettext_noop(
        "Not subject to IVA: service to a business outside the European Union (art. 69.Uno.1.º of Ley 37/1992)."
    ),
}
ABROAD = tuple(
    replace(data, reason=_ACROSS[data.code], levy=IVA, regime=GENERAL, operation="N2") for data in EU_TAXES
)
"""What services to businesses of other States bear."""
