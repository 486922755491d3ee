"""What the customer of a document keeps back of it, tax by tax, as it is written there."""

from __future__ import annotations

from decimal import Decimal

from ecuanime.billing.models import Invoice

Share = tuple[str, Decimal]
"""A tax by the name that the document shows, and its percent."""


def shares_of(invoice: Invoice) -> tuple[Share, ...]:
    """The taxes that a document's customer keeps back, each with its percent."""
    if invoice.withheld_parts:
        return tuple((name, Decimal(percent)) for name, percent, _amount in invoice.withheld_parts)
    return () if invoice.withheld_percent is None else ((invoice.withheld_name, invoice.withheld_percent),)


def withheld_of_each(invoice: Invoice) -> list[tuple[Share, int]]:
    """The same with what each comes to, in minor units."""
    if invoice.withheld_parts:
        amounts = [amount for _name, _percent, amount in invoice.withheld_parts]
        return list(zip(shares_of(invoice), amounts, strict=True))
    return [(share, invoice.withheld) for share in shares_of(invoice)]
