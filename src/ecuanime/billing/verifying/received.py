"""Walks all received invoices and says what is wrong: what `ecuanime verify` asks of them."""

from __future__ import annotations

from collections.abc import Iterator

from ecuanime.billing.books.received import original_of
from ecuanime.billing.models import ReceivedInvoice, ReceivedTax
from ecuanime.rules.exchange import Rate


def verify_received() -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is sound.

    Bases are the net, net and tax the total; what was stated at home is what its taxes were stated as, and each of
    these is what the document says itself, or its value at the rate. A correction may be a minor unit from that: it
    takes off what then would be stated too much.
    """
    rows = ReceivedInvoice.objects.prefetch_related("taxes").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        taxes = list(row.taxes.all())
        name = f"received {row.number} of {row.supplier_name}"
        if sum(tax.base for tax in taxes) != row.net or row.net + row.tax != row.total:
            yield f"{name}: its bases and taxes are not its total"
        if row.home_total is None:
            continue
        if sum((tax.home_base or 0) + (tax.home_amount or 0) for tax in taxes) != row.home_total:
            yield f"{name}: its taxes are not what it was stated as in {row.home_currency}"
        if not all(_is_right(row, tax) for tax in taxes) and not _takes_off_what_was_said(row):
            yield f"{name}: its taxes are not their value at its rate"


def _is_right(row: ReceivedInvoice, tax: ReceivedTax) -> bool:
    """Whether base and tax were stated as they are said, or as the rate has them."""
    slack = 1 if row.is_credit_note else 0
    for said, plain, home in (
        (tax.said_base, tax.base, tax.home_base),
        (tax.said_amount, tax.amount, tax.home_amount),
    ):
        if said is not None:
            right, allowed = said, 0
        elif row.exchange_rate is not None:
            right, allowed = Rate(row.exchange_rate, row.currency, row.home_currency).value(plain), slack
        else:
            return False
        if home is None or abs(home - right) > allowed:
            return False
    return True


def _takes_off_what_was_said(row: ReceivedInvoice) -> bool:
    """Whether it corrects what a document itself said at home, which its rate alone does not give."""
    original = original_of(row)
    return original is not None and original.taxes.filter(said_amount__isnull=False).exists()
