"""Mexico's withholding on what natural persons charge: rates as data, and when it is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ecuanime.billing.packs.contract import Party, Withholding, WithholdingChoice
from ecuanime.billing.packs.mx.catalogues import SIMPLIFIED
from ecuanime.billing.packs.mx.receivers import is_company, rfc_of
from ecuanime.billing.packs.reasons import Why

_ISR, _IVA = "ISR", "IVA"
_PROFESSIONAL, _TRUST = Decimal(10), Decimal("1.25")
_TWO_THIRDS = Decimal("10.6667")
"""Of the general 16 %, as the schema states it."""
_OF_ISR, _OF_TRUST, _OF_IVA = "LISR, art. 106", "LISR, art. 113-J", "LIVA, art. 1-A; RLIVA, art. 3"
_SINCE, _SINCE_TRUST = date(2014, 1, 1), date(2022, 1, 1)

WITHHOLDINGS = (
    Withholding(
        "mx-professional",
        "ISR + IVA",
        Decimal("20.667"),
        f"{_OF_ISR}; {_OF_IVA}",
        _SINCE,
        ((_ISR, _PROFESSIONAL), (_IVA, _TWO_THIRDS)),
    ),
    Withholding(
        "mx-trust",
        "ISR + IVA",
        Decimal("11.917"),
        f"{_OF_TRUST}; {_OF_IVA}",
        _SINCE_TRUST,
        ((_ISR, _TRUST), (_IVA, _TWO_THIRDS)),
    ),
    Withholding("mx-professional-isr", _ISR, _PROFESSIONAL, _OF_ISR, _SINCE),
    Withholding("mx-trust-isr", _ISR, _TRUST, _OF_TRUST, _SINCE_TRUST),
)
PROFESSIONAL, TRUST = WITHHOLDINGS[:2]


def withholding_for(issuer: Party, customer: Party, regime: str) -> WithholdingChoice:
    """What a customer withholds: companies in Mexico do, on what a natural person charges for services.

    In the Régimen Simplificado de Confianza (626) the income tax is the lower one. The IVA is two thirds of 16 %:
    where another rate is charged, a person chooses the withholding of income tax alone.
    """
    if issuer.legal_form != "professional":
        return WithholdingChoice(None, "")
    if customer.country != "MX":
        return WithholdingChoice(None, Why.NOT_WITHHELD_ABROAD)
    if not is_company(rfc_of(customer.tax_id)):
        return WithholdingChoice(None, Why.NOT_WITHHELD_PERSON)
    return WithholdingChoice(TRUST if regime == SIMPLIFIED else PROFESSIONAL, Why.WITHHELD_IN_MEXICO)
