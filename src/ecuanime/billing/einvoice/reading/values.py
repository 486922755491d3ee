"""What a received invoice says, as plain values: minor units of its currency, below zero on a credit note.

What it says in the currency that taxes are paid in, where that is another, are minor units of that one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ecuanime.billing.einvoice.reading.safe import Unreadable
from ecuanime.rules.exchange import Rate
from ecuanime.rules.money import spread

LONGEST_NUMBER = 60
LONGEST_NAME = 200
FINEST_RATE = Decimal("1e-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTax:
    """The sum of one category at one rate, per cent; `said_…` is what it says in the tax's currency, if it does."""

    category: str
    rate: Decimal
    base: int
    amount: int
    said_base: int | None = None
    said_amount: int | None = None


def with_said_tax(taxes: tuple[ReadTax, ...], said: int | None) -> tuple[ReadTax, ...]:
    """The taxes with their part each of the one sum that EN 16931 has in the currency of the tax (BT-111)."""
    if said is None or not any(each.amount for each in taxes):
        return taxes
    parts = spread(said, [abs(each.amount) for each in taxes])
    return tuple(replace(each, said_amount=part) for each, part in zip(taxes, parts, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInvoice:
    """A received document: `net` + `tax` is `total`; what is withheld lowers what is paid, not the total.

    `accrued_on` is the day its tax falls due, `corrects` the number of the document that it corrects, `tax_currency`
    what it says of its taxes besides is in, at the `rate` of `rate_on`: each as far as it names it.
    """

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
    accrued_on: date | None = None
    corrects: str = ""
    tax_currency: str = ""
    rate: Decimal | None = None
    rate_on: date | None = None

    @property
    def proven_rate(self) -> Decimal | None:
        """Units of the tax's currency for one of its own, where its amounts bear out the rate that it names.

        Files write a rate either way round, and no format says which, so that only what it says in both tells.
        """
        if not self.rate or self.rate < FINEST_RATE:
            return None
        both_ways = (self.rate, 1 / self.rate)
        fine = [each.quantize(FINEST_RATE, ROUND_HALF_UP) for each in both_ways]
        return next((each for each in fine if each and self._bears_out(each)), None)

    def _bears_out(self, rate: Decimal) -> bool:
        said = [(tax.base, tax.said_base) for tax in self.taxes]
        said += [(tax.amount, tax.said_amount) for tax in self.taxes]
        known = [(amount, home) for amount, home in said if home]
        value = Rate(rate, self.currency, self.tax_currency).value
        return bool(known) and all(abs(value(amount) - home) <= 1 for amount, home in known)

    def checked(self) -> ReadInvoice:
        """Itself, if it names what a book of invoices needs and adds up. Raises Unreadable."""
        named = (self.number, self.supplier_name, self.supplier_tax_id)
        if not all(named) or len(self.number) > LONGEST_NUMBER or len(self.currency) != len("EUR"):
            raise Unreadable("incomplete")
        if sum(each.base for each in self.taxes) != self.net or self.net + self.tax != self.total:
            raise Unreadable("does_not_add_up")
        return self
