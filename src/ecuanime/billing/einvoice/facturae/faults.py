"""What keeps a document from being written as Facturae, in words, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ecuanime.billing.einvoice.facturae.codes import country3
from ecuanime.billing.einvoice.values import ElectronicInvoice, Party

EURO = "EUR"
LONGEST_NUMBER = 20
DIGITS_OF_POSTCODE = 5


def facturae_faults(invoice: ElectronicInvoice) -> list[str]:
    """Why Facturae 3.2.2 cannot carry it, a sentence each; nothing when it can."""
    return [*_missing(invoice), *_unfit(invoice)]


def _missing(invoice: ElectronicInvoice) -> Iterator[str]:
    seller, buyer = invoice.seller, invoice.buyer
    wanted = {
        _("your firm's name"): seller.name,
        _("your firm's tax id"): seller.tax_id,
        _("your firm's address"): seller.street,
        _("your firm's city"): seller.city,
        _("your firm's postcode"): _postcode(seller),
        _("the client's name"): buyer.name,
        _("the client's tax id"): buyer.tax_id,
        _("the client's address"): buyer.street,
        _("the client's city"): buyer.city,
        _("the client's postcode"): _postcode(buyer),
        _("the client's country"): country3(buyer.country),
        _("a line"): invoice.items,
    }
    missing = [words for words, value in wanted.items() if not value]
    if missing:
        yield _("It lacks %(data)s.") % {"data": ", ".join(missing)}


def _postcode(party: Party) -> str:
    """Five digits in Spain; elsewhere none is asked for."""
    if party.country != "ES":
        return "-"
    return party.postcode if len(party.postcode) == DIGITS_OF_POSTCODE and party.postcode.isdigit() else ""


def _unfit(invoice: ElectronicInvoice) -> Iterator[str]:
    if invoice.currency != EURO and (invoice.tax_currency is None or invoice.tax_currency.code != EURO):
        yield _("Facturae wants what is not in euros converted, at a rate that the invoice does not have.")
    if len(invoice.number) > LONGEST_NUMBER:
        yield _("Facturae has room for numbers of %(count)s characters.") % {"count": LONGEST_NUMBER}
    if invoice.is_credit_note and len(invoice.earlier) != 1:
        yield _("Facturae corrects one invoice by name.")
