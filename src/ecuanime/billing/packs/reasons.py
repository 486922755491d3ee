"""Why a line bears the tax it bears, and when another would be right: codes that documents keep, and their words."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext, gettext_noop


class Why(StrEnum):
    """The reasons. Those that begin with `if_` say when a person should choose something else."""

    CHOSEN = "chosen"
    USUAL = "usual"
    DOMESTIC = "domestic"
    CONSUMER = "consumer"
    GOODS_LEAVE = "goods_leave"
    UNION_BUSINESS = "union_business"
    BUSINESS_ABROAD = "business_abroad"
    NOT_PROVEN = "not_proven"
    CONSUMER_IN_UNION = "consumer_in_union"
    CONSUMER_ABROAD = "consumer_abroad"
    CONSUMER_IN_ISLANDS = "consumer_in_islands"
    BUSINESS_IN_ISLANDS = "business_in_islands"
    RETAIL_SCHEME = "retail_scheme"
    UNION_GOODS = "union_goods"
    EXPORT = "export"
    DOMESTIC_IGIC = "domestic_igic"
    CONSUMER_OF_IGIC = "consumer_of_igic"
    BUSINESS_ON_MAINLAND = "business_on_mainland"
    IPSI_UNKNOWN = "ipsi_unknown"
    WITHHELD = "withheld"
    WITHHELD_AT_START = "withheld_at_start"
    WITHHELD_IN_MEXICO = "withheld_in_mexico"
    NOT_WITHHELD_PERSON = "not_withheld_person"
    NOT_WITHHELD_CONSUMER = "not_withheld_consumer"
    NOT_WITHHELD_ABROAD = "not_withheld_abroad"
    IF_EXEMPT = "if_exempt"
    IF_REVERSED_GOODS = "if_reversed_goods"
    IF_ADVICE_ABROAD = "if_advice_abroad"
    IF_VAT_NUMBER = "if_vat_number"
    IF_PROVEN_BUSINESS = "if_proven_business"
    IF_OWN_USE = "if_own_use"
    IF_HANDED_OVER_HERE = "if_handed_over_here"
    IF_BORDER_REGION = "if_border_region"
    IF_EXEMPT_IN_MEXICO = "if_exempt_in_mexico"
    IF_USED_ABROAD = "if_used_abroad"


_WORDS = {
    Why.CHOSEN: gettext_noop("Somebody of the firm chose this tax."),
    Why.USUAL: gettext_noop("It is the firm's usual rate."),
    Why.DOMESTIC: gettext_noop("Firm and customer are in the same territory, so its usual rate is charged."),
    Why.CONSUMER: gettext_noop("A consumer is charged the tax of the firm's country."),
    Why.GOODS_LEAVE: gettext_noop(
        "Goods for another country are charged the usual rate until somebody chooses otherwise: "
        "they are exempt only with proof of their transport."
    ),
    Why.UNION_BUSINESS: gettext_noop(
        "A service to a business of another Member State with a VAT number is taxed there, by the customer."
    ),
    Why.BUSINESS_ABROAD: gettext_noop("A service to a business outside the European Union is taxed there."),
    Why.NOT_PROVEN: gettext_noop(
        "Nothing shows that the customer is a business of another country: no valid VAT number or tax id is kept, "
        "so the usual rate is charged."
    ),
    Why.CONSUMER_IN_UNION: gettext_noop(
        "A consumer of another Member State is charged the tax here. Sales above 10,000 € a year of goods at a "
        "distance and of electronic services are taxed there instead, through the one-stop shop."
    ),
    Why.CONSUMER_ABROAD: gettext_noop("A consumer is charged the tax where the firm is (art. 69.Uno.2.º)."),
    Why.CONSUMER_IN_ISLANDS: gettext_noop(
        "A consumer in the Canary Islands, Ceuta or Melilla is charged the IVA of the mainland, "
        "except for services by electronic means."
    ),
    Why.BUSINESS_IN_ISLANDS: gettext_noop(
        "A service to a business in the Canary Islands, Ceuta or Melilla is taxed there, by the customer."
    ),
    Why.RETAIL_SCHEME: gettext_noop(
        "The customer is a retailer in the recargo de equivalencia, which is charged on goods besides the IVA."
    ),
    Why.UNION_GOODS: gettext_noop(
        "Goods for a business of another Member State with a VAT number are exempt here. Keep the proof of transport."
    ),
    Why.EXPORT: gettext_noop("Goods that leave the territory are exempt. Keep the customs document."),
    Why.DOMESTIC_IGIC: gettext_noop(
        "Firm and customer are in the Canary Islands, so the general IGIC is charged."
    ),
    Why.CONSUMER_OF_IGIC: gettext_noop("A consumer outside the Canary Islands is charged the IGIC."),
    Why.BUSINESS_ON_MAINLAND: gettext_noop(
        "A service to a business on the mainland, in Ceuta or in Melilla is taxed there, by the customer."
    ),
    Why.IPSI_UNKNOWN: gettext_noop(
        "The IPSI of Ceuta and Melilla depends on each city's ordinance, which Ecuánime does not know: choose the tax."
    ),
    Why.WITHHELD: gettext_noop(
        "A business withholds income tax (IRPF) of what a professional charges and pays it to the tax agency."
    ),
    Why.WITHHELD_AT_START: gettext_noop(
        "The lower rate of the year in which the activity began and of the two after it. "
        "The customer needs your written notice."
    ),
    Why.WITHHELD_IN_MEXICO: gettext_noop(
        "A company withholds income tax (ISR) and two thirds of the IVA of what a natural person charges."
    ),
    Why.NOT_WITHHELD_PERSON: gettext_noop("Nothing is withheld: in Mexico only companies withhold."),
    Why.NOT_WITHHELD_CONSUMER: gettext_noop("No income tax is withheld: a consumer withholds none."),
    Why.NOT_WITHHELD_ABROAD: gettext_noop("No income tax is withheld: a customer abroad withholds none."),
    Why.IF_EXEMPT: gettext_noop("if it is one of the services of art. 20, such as recognised training"),
    Why.IF_REVERSED_GOODS: gettext_noop(
        "if phones, consoles, laptops or tablets go to a reseller, or to a business for more than 10,000 € at once"
    ),
    Why.IF_ADVICE_ABROAD: gettext_noop("if it is advice, data processing or another service of art. 69.Dos"),
    Why.IF_VAT_NUMBER: gettext_noop("if they have a VAT number: keep it with the client first"),
    Why.IF_PROVEN_BUSINESS: gettext_noop("if papers show that they are a business"),
    Why.IF_OWN_USE: gettext_noop("if they do not resell it: they use it themselves outside their shop"),
    Why.IF_HANDED_OVER_HERE: gettext_noop("if it is handed over here and no transport abroad can be shown"),
    Why.IF_BORDER_REGION: gettext_noop(
        "if it is given in the border region and your firm is registered for its incentive"
    ),
    Why.IF_EXEMPT_IN_MEXICO: gettext_noop("if it is one of the services of art. 15 of the LIVA"),
    Why.IF_USED_ABROAD: gettext_noop(
        "if it is one of the services of art. 29 of the LIVA and is used abroad"
    ),
}


def words_of(why: str) -> str:
    """A reason in the reader's language; empty for a code that is not known."""
    text = _WORDS.get(Why(why)) if why in set(Why) else None
    return gettext(text) if text else ""
