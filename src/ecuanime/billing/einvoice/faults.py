"""What keeps a document from being written as an electronic invoice, in words, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.billing.einvoice.values import (
    EXEMPT,
    EXPORT,
    INTRA_COMMUNITY,
    OUTSIDE,
    REVERSE,
    ElectronicInvoice,
)

MOST_DIGITS = 2
TAXED = frozenset({"S", "L", "M"})
UNTAXED = frozenset({"Z", EXEMPT, REVERSE, INTRA_COMMUNITY, EXPORT, OUTSIDE})
NAMES_BUYER = frozenset({REVERSE, INTRA_COMMUNITY})


def faults_of(invoice: ElectronicInvoice) -> list[str]:
    """Why EN 16931 cannot carry it, a sentence each; nothing when it can.

    The standard has no withholding (BR-CO-16), no surcharge beside a tax and no more than two decimals (BR-DEC).
    """
    return [*_no_place(invoice), *_missing(invoice), *_wrong_taxes(invoice)]


def _no_place(invoice: ElectronicInvoice) -> Iterator[str]:
    if invoice.withheld:
        yield _(
            "It withholds income tax, which the European standard (EN 16931) cannot express. Send it as Facturae."
        )
    if invoice.digits > MOST_DIGITS:
        yield _("%(currency)s has more decimals than the European standard (EN 16931) allows.") % {
            "currency": invoice.currency
        }


def _missing(invoice: ElectronicInvoice) -> Iterator[str]:
    seller, buyer = invoice.seller, invoice.buyer
    wanted = {
        _("your firm's name"): seller.name,
        _("your firm's country"): seller.country,
        _("your firm's tax id"): seller.tax_id,
        _("the client's name"): buyer.name,
        _("the client's country"): buyer.country,
        _("a line"): invoice.items,
    }
    if any(tax.category in NAMES_BUYER for tax in invoice.taxes):
        wanted[_("the client's VAT number")] = buyer.vat_id
    missing = [words for words, value in wanted.items() if not value]
    if missing:
        yield _("It lacks %(data)s.") % {"data": ", ".join(missing)}


def _wrong_taxes(invoice: ElectronicInvoice) -> Iterator[str]:
    categories = {tax.category for tax in invoice.taxes}
    for category in sorted(categories - TAXED - UNTAXED):
        yield _("The tax category “%(category)s” is none of the European standard's.") % {
            "category": category
        }
    if OUTSIDE in categories and len(invoice.taxes) > 1:
        yield _(
            "It has lines that are not subject to VAT beside others, which the European standard (EN 16931) "
            "does not allow on one invoice. Charge them on one of their own."
        )
    is_twice = sum((tax.base for tax in invoice.taxes), Decimal(0)) != invoice.net
    if is_twice or any(tax.surcharge for tax in invoice.taxes):
        yield _("It bears two taxes on one base, which the European standard (EN 16931) cannot express.")
    for tax in invoice.taxes:
        if tax.category in UNTAXED - {"Z"} and not (tax.reason or tax.code):
            yield _("It does not say why there is no tax.")
