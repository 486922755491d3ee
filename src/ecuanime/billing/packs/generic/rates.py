"""Usual tax rates by country, as data. Support work is taxed at the standard rate; others are added by the firm."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from ecuanime.billing.packs.contract import TaxData

UNKNOWN_TAX = "unknown"
REVERSED, OUTSIDE = "eu-reverse", "eu-outside"

_TEDB = "Taxes in Europe Database v4 (European Commission)"
_EU = {
    "AT": ("USt", "20"),
    "BE": ("TVA/BTW", "21"),
    "BG": ("VAT", "20"),
    "CY": ("VAT", "19"),
    "CZ": ("DPH", "21"),
    "DE": ("USt", "19"),
    "DK": ("Moms", "25"),
    "EE": ("VAT", "24"),
    "ES": ("IVA", "21"),
    "FI": ("ALV", "25.5"),
    "FR": ("TVA", "20"),
    "GR": ("VAT", "24"),
    "HR": ("PDV", "25"),
    "HU": ("VAT", "27"),
    "IE": ("VAT", "23"),
    "IT": ("IVA", "22"),
    "LT": ("VAT", "21"),
    "LU": ("TVA", "17"),
    "LV": ("VAT", "21"),
    "MT": ("VAT", "18"),
    "NL": ("BTW", "21"),
    "PL": ("VAT", "23"),
    "PT": ("IVA", "23"),
    "RO": ("TVA", "21"),
    "SE": ("Moms", "25"),
    "SI": ("DDV", "22"),
    "SK": ("DPH", "23"),
}
_ELSEWHERE = {
    "GB": ("VAT", "20", "VAT Act 1994, s. 2"),
    "CH": ("MWST", "8.1", "MWSTG, art. 25"),
    "NO": ("MVA", "25", "Stortingets vedtak om merverdiavgift, § 2"),
    "CO": ("IVA", "19", "Estatuto Tributario, art. 468"),
    "AR": ("IVA", "21", "Ley de IVA, art. 28"),
    "CL": ("IVA", "19", "D. L. 825, art. 14"),
    "PE": ("IGV", "18", "TUO de la Ley del IGV, art. 17, con el IPM"),
    "UY": ("IVA", "22", "Título 10 del T. O., art. 16"),
    "EC": ("IVA", "15", "Ley de Régimen Tributario Interno, art. 65"),
}
EU_MEMBERS = frozenset(_EU)

EU_TAXES = (
    TaxData(
        REVERSED,
        gettext_noop("Reverse charge"),
        Decimal(0),
        "Directive 2006/112/EC, arts. 44 and 196",
        category="AE",
        reason=gettext_noop(
            "Reverse charge: the customer accounts for the tax (Directive 2006/112/EC, art. 196)."
        ),
    ),
    TaxData(
        OUTSIDE,
        gettext_noop("Not subject to VAT"),
        Decimal(0),
        "Directive 2006/112/EC, art. 44",
        category="O",
        reason=gettext_noop(
            "Not subject: service to a business outside the EU (Directive 2006/112/EC, art. 44)."
        ),
    ),
)
_NO_FEDERAL_TAX = TaxData(
    "us-none",
    gettext_noop("No tax"),
    Decimal(0),
    "No federal sales tax; states differ",
    category="O",
    reason=gettext_noop("No sales tax charged."),
)
_UNKNOWN = TaxData(
    UNKNOWN_TAX,
    gettext_noop("Tax to be set"),
    Decimal(0),
    "",
    category="O",
    reason=gettext_noop("The tax rate has not been set yet."),
)


def taxes_of(country: str) -> tuple[TaxData, ...]:
    """The usual rate first; a placeholder, which is never issued, for a country that is not known."""
    if country in _EU:
        name, percent = _EU[country]
        return (TaxData(f"{country.lower()}-standard", name, Decimal(percent), _TEDB), *EU_TAXES)
    if country in _ELSEWHERE:
        name, percent, source = _ELSEWHERE[country]
        return (TaxData(f"{country.lower()}-standard", name, Decimal(percent), source),)
    return (_NO_FEDERAL_TAX,) if country == "US" else (_UNKNOWN,)
