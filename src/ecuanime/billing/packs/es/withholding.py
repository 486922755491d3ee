"""Spain's withholding of income tax (IRPF) on what professionals charge: rates as data, and when it is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ecuanime.billing.packs.contract import Party, Withholding, WithholdingChoice
from ecuanime.billing.packs.reasons import Why

_LAW = "Ley 35/2006, art. 101.5.a; RD 439/2007, art. 95.1"

WITHHOLDINGS = (
    Withholding("irpf-15", "IRPF", Decimal(15), _LAW, since=date(2016, 1, 1)),
    Withholding("irpf-7", "IRPF", Decimal(7), f"{_LAW}, second paragraph", since=date(2015, 7, 12)),
)
USUAL, AT_START = WITHHOLDINGS
YEARS_AT_START = 2
"""After the year in which the activity began (RD 439/2007, art. 95.1)."""


def withholding_for(issuer: Party, customer: Party, on: date) -> WithholdingChoice:
    """What a customer withholds on a day: businesses in Spain do, on what a professional charges, and nobody else.

    The lower rate is due while the customer has the issuer's written notice that the activity has just begun.
    """
    if issuer.legal_form != "professional":
        return WithholdingChoice(None, "")
    if customer.country != "ES":
        return WithholdingChoice(None, Why.NOT_WITHHELD_ABROAD)
    if not customer.is_business:
        return WithholdingChoice(None, Why.NOT_WITHHELD_CONSUMER)
    if issuer.professional_since is not None and on.year <= issuer.professional_since.year + YEARS_AT_START:
        return WithholdingChoice(AT_START, Why.WITHHELD_AT_START)
    return WithholdingChoice(USUAL, Why.WITHHELD)
