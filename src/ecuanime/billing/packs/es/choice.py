"""Which tax a Spanish issuer's line bears, and why: docs/rules/taxes.md has the table."""

from __future__ import annotations

from ecuanime.billing.packs.contract import Party, Supply, TaxChoice, TaxOption
from ecuanime.billing.packs.es import rates
from ecuanime.billing.packs.es.territory import OF_IPSI, OF_IVA, Territory, territory_of
from ecuanime.billing.packs.generic.rates import OUTSIDE, REVERSED, UNKNOWN_TAX
from ecuanime.billing.packs.reasons import Why
from ecuanime.billing.packs.vat_numbers import has_vat_number

_EXEMPT = TaxOption(rates.EXEMPT, Why.IF_EXEMPT)
_REVERSED_GOODS = TaxOption(rates.REVERSED_AT_HOME, Why.IF_REVERSED_GOODS)


def choose(issuer: Party, customer: Party, supply: Supply) -> TaxChoice:
    """The tax of a line. An expense passed on is part of what is charged for the service (art. 78 of Ley 37/1992)."""
    home = territory_of(issuer)
    if home in OF_IPSI:
        return TaxChoice(UNKNOWN_TAX, Why.IPSI_UNKNOWN)
    is_goods = supply == Supply.GOODS
    if home == Territory.CANARIES:
        return _goods_of_canaries(customer) if is_goods else _services_of_canaries(customer)
    return _goods_of_iva(customer) if is_goods else _services_of_iva(customer)


def _services_of_iva(customer: Party) -> TaxChoice:
    """Ley 37/1992, arts. 69 and 70: businesses are taxed where they are, consumers where the issuer is."""
    place = territory_of(customer)
    if place in OF_IVA:
        return TaxChoice(rates.USUAL, Why.DOMESTIC, (_EXEMPT,))
    if not customer.is_business:
        why = {Territory.UNION: Why.CONSUMER_IN_UNION, Territory.ABROAD: Why.CONSUMER_ABROAD}
        others = (TaxOption(OUTSIDE, Why.IF_ADVICE_ABROAD),) if place == Territory.ABROAD else ()
        return TaxChoice(rates.USUAL, why.get(place, Why.CONSUMER_IN_ISLANDS), others)
    if place == Territory.UNION:
        if has_vat_number(customer):
            return TaxChoice(REVERSED, Why.UNION_BUSINESS)
        return TaxChoice(rates.USUAL, Why.NOT_PROVEN, (TaxOption(REVERSED, Why.IF_VAT_NUMBER),))
    if place == Territory.ABROAD:
        if customer.tax_id:
            return TaxChoice(OUTSIDE, Why.BUSINESS_ABROAD)
        return TaxChoice(rates.USUAL, Why.NOT_PROVEN, (TaxOption(OUTSIDE, Why.IF_PROVEN_BUSINESS),))
    return TaxChoice(rates.OTHER_TERRITORY, Why.BUSINESS_IN_ISLANDS)


def _goods_of_iva(customer: Party) -> TaxChoice:
    """Ley 37/1992, arts. 21, 25, 68 and 148: goods that leave are exempt, at home the retail scheme adds to them."""
    place = territory_of(customer)
    if place in OF_IVA:
        if customer.is_business and customer.in_retail_scheme:
            return TaxChoice(rates.SURCHARGED, Why.RETAIL_SCHEME, (TaxOption(rates.USUAL, Why.IF_OWN_USE),))
        return TaxChoice(rates.USUAL, Why.DOMESTIC, (_REVERSED_GOODS,) if customer.is_business else ())
    if place != Territory.UNION:
        return TaxChoice(rates.EXPORTED, Why.EXPORT, (TaxOption(rates.USUAL, Why.IF_HANDED_OVER_HERE),))
    if customer.is_business and has_vat_number(customer):
        return TaxChoice(
            rates.UNION_GOODS, Why.UNION_GOODS, (TaxOption(rates.USUAL, Why.IF_HANDED_OVER_HERE),)
        )
    return TaxChoice(rates.USUAL, Why.NOT_PROVEN if customer.is_business else Why.CONSUMER_IN_UNION)


def _services_of_canaries(customer: Party) -> TaxChoice:
    """Ley 20/1991, art. 17: the same rule, seen from the islands."""
    place = territory_of(customer)
    if place == Territory.CANARIES:
        return TaxChoice(rates.USUAL_IGIC, Why.DOMESTIC_IGIC)
    if not customer.is_business:
        return TaxChoice(rates.USUAL_IGIC, Why.CONSUMER_OF_IGIC)
    if place in OF_IVA | OF_IPSI:
        return TaxChoice(rates.IGIC_ELSEWHERE, Why.BUSINESS_ON_MAINLAND)
    if customer.tax_id:
        return TaxChoice(rates.IGIC_ABROAD, Why.BUSINESS_ABROAD)
    return TaxChoice(
        rates.USUAL_IGIC, Why.NOT_PROVEN, (TaxOption(rates.IGIC_ABROAD, Why.IF_PROVEN_BUSINESS),)
    )


def _goods_of_canaries(customer: Party) -> TaxChoice:
    """Ley 20/1991, art. 11: whatever leaves the islands is exported."""
    if territory_of(customer) == Territory.CANARIES:
        return TaxChoice(rates.USUAL_IGIC, Why.DOMESTIC_IGIC)
    return TaxChoice(rates.IGIC_EXPORTED, Why.EXPORT, (TaxOption(rates.USUAL_IGIC, Why.IF_HANDED_OVER_HERE),))
