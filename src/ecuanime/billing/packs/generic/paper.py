"""What a document in another currency shows of its taxes in the currency that they are paid in.

Source: Directive 2006/112/EC, art. 230; in Spain RD 1619/2012, art. 12.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.documents.home_taxes import declared
from ecuanime.billing.models import RATED_CATEGORIES, Invoice, RateSource, TaxLine
from ecuanime.billing.pdf.document import Note
from ecuanime.foundation import formats


def home_notes(invoice: Invoice) -> tuple[Note, ...]:
    """Each base and tax, what they come to, and the rate with its day and source; nothing where nothing is stated."""
    if invoice.home_total is None:
        return ()
    locale = formats.locale_for(invoice.language, invoice.tax_currency)
    with override(invoice.language):
        title = _("Taxes in %(currency)s") % {"currency": invoice.tax_currency}
        total = _("Total: %(total)s") % {
            "total": formats.money(invoice.home_total, invoice.tax_currency, locale)
        }
        told = [*(_tax(row, invoice.tax_currency) for row in invoice.taxes.order_by("pk")), total]
        return (Note(title=title, text="\n".join([*told, rate_told(invoice, invoice.language)])),)


def rate_told(invoice: Invoice, language: str) -> str:
    """The rate of a document in the language that is read, with its day and who published it."""
    if invoice.exchange_rate is None or invoice.rate_on is None:
        return _("At the rates of the documents that it restates.")
    source = RateSource(invoice.rate_source or RateSource.OTHER)
    locale = formats.locale_for(language, invoice.tax_currency)
    return _("Exchange rate of %(day)s (%(source)s): %(rate)s %(home)s for one %(currency)s") % {
        "day": formats.long_date(invoice.rate_on, locale),
        "source": source.label,
        "rate": formats.number(invoice.exchange_rate.normalize() + 0, locale),
        "home": invoice.tax_currency,
        "currency": invoice.currency,
    }


def _tax(row: TaxLine, currency: str) -> str:
    """`IVA 21 %: 4,25 € on 20,24 €`, and its surcharge after it."""
    locale = formats.locale_for(row.invoice.language, currency)
    amounts = declared(row, currency)
    base = formats.money(amounts.base, currency, locale)

    def said(name: str, percent: str, amount: int) -> str:
        return _("%(tax)s: %(amount)s on %(base)s") % {
            "tax": f"{name} {percent}".strip(),
            "amount": formats.money(amount, currency, locale),
            "base": base,
        }

    is_rated = row.category in RATED_CATEGORIES
    told = said(row.name, formats.percent(row.percent / 100, locale) if is_rated else "", amounts.amount)
    if not row.surcharge_percent:
        return told
    percent = formats.percent(row.surcharge_percent / 100, locale)
    return f"{told}\n{said(_('Equivalence surcharge'), percent, amounts.surcharge)}"
