"""Mexico's taxes as data, and which one a line bears."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_noop

from ecuanime.billing.packs.contract import Party, TaxChoice, TaxData, TaxOption
from ecuanime.billing.packs.reasons import Why

TAXES = (
    TaxData("mx-16", "IVA", Decimal(16), "LIVA, art. 1"),
    TaxData("mx-8", "IVA", Decimal(8), "Decreto de estímulos fiscales, región fronteriza"),
    TaxData("mx-0", "IVA", Decimal(0), "LIVA, arts. 2-A y 29", category="Z"),
    TaxData(
        "mx-exempt",
        gettext_noop("Exempt from IVA"),
        Decimal(0),
        "LIVA, arts. 9 y 15",
        category="E",
        reason=gettext_noop("Exempt from IVA (LIVA, arts. 9 and 15)."),
    ),
)
USUAL, BORDER, ZERO, EXEMPT = (tax.code for tax in TAXES)


def choose(customer: Party) -> TaxChoice:
    """The general rate, and when a person would choose another: what the law wants proven is never presumed."""
    usual = TaxChoice(
        USUAL,
        Why.USUAL,
        (TaxOption(BORDER, Why.IF_BORDER_REGION), TaxOption(EXEMPT, Why.IF_EXEMPT_IN_MEXICO)),
    )
    if customer.country == "MX":
        return usual
    return replace(usual, options=(TaxOption(ZERO, Why.IF_USED_ABROAD), *usual.options))
