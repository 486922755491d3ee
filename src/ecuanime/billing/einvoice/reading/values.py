"""What a received invoice says, as plain values: minor units of its currency, below zero on a credit note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ecuanime.billing.einvoice.reading.safe import Unreadable

LONGEST_NUMBER = 60
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTax:
    """The sum of one category at one rate; `rate` is per cent."""

    category: str
    rate: Decimal
    base: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInvoice:
    """A received document: `net` + `tax` is `total`; what is withheld lowers what is paid, not the total."""

    syntax: str
    number: str
    issued_on: date
    currency: str
    supplier_name: str
    supplier_tax_id: str
    buyer_tax_id: str
    taxes: tuple[ReadTax, ...]
    net: int
    tax: int
    total: int
    withheld: int = 0
    due_on: date | None = None
    about: str = ""
    is_credit_note: bool = False

    def checked(self) -> ReadInvoice:
        """Itself, if it names what a book of invoices needs and adds up. Raises Unreadable."""
        named = (self.number, self.supplier_name, self.supplier_tax_id)
        if not all(named) or len(self.number) > LONGEST_NUMBER or len(self.currency) != len("EUR"):
            raise Unreadable("incomplete")
        if sum(each.base for each in self.taxes) != self.net or self.net + self.tax != self.total:
            raise Unreadable("does_not_add_up")
        return self
