"""Rows of the book of received invoices, and which tax a firm charges itself. Plain values, in cents.

Every tax is taken for one that can be deducted whole: what a firm may deduct in part is for whoever files. See
docs/rules/tax-books.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ecuanime.billing.packs.es.verifactu.checks import is_nif, nif_of
from ecuanime.billing.packs.generic.rates import EU_MEMBERS
from ecuanime.rules.money import round_half_up

GENERAL = Decimal(21)
"""Per cent that the firm charges itself where the supplier charges nothing (LIVA, art. 90.Uno)."""
LEAST_INVESTMENT = 3_005_06
"""What a good costs at least to be one of investment, in cents, if it serves for more than a year (LIVA, art. 108)."""
GOODS, PAID, DEFERRED = "goods", "paid", "deferred"
"""What customs had to do with it: goods that came through them, and their own document, its tax paid there or not."""
_GREECE = "EL"  # how its VAT numbers begin, unlike its country's code
SPAIN, UNION, ELSEWHERE = "ES", "EU", ""


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A tax of a received document, or the part of it that is of investment goods, or the part that is not.

    Amounts are in cents and negative on corrections.
    """

    number: str
    issued_on: date
    supplier: str
    tax_id: str
    category: str
    percent: Decimal
    base: int
    quota: int
    withheld: int = 0
    is_correction: bool = False
    corrects: str = ""
    corrects_on: date | None = None
    is_investment: bool = False
    customs: str = ""

    @property
    def earlier(self) -> tuple[str, ...]:
        """The month and the number of what a correction corrects, as far as they are known; else its own number."""
        if not self.is_correction:
            return ()
        month = f"{self.corrects_on:%Y-%m}" if self.corrects_on else ""
        return tuple(filter(None, (month, self.corrects or self.number)))

    @property
    def is_import(self) -> bool:
        """Whether customs charged it."""
        return self.customs in (PAID, DEFERRED)

    @property
    def origin(self) -> str:
        """Where the supplier is by their tax id: `ES`, `EU`, or empty for elsewhere."""
        if is_nif(nif_of(self.tax_id)):
            return SPAIN
        prefix = self.tax_id.strip().upper()[:2]
        return UNION if prefix in EU_MEMBERS - {SPAIN} | {_GREECE} else ELSEWHERE

    @property
    def is_foreign_tax(self) -> bool:
        """Whether another country's tax is on it."""
        return self.origin != SPAIN and self.quota != 0 and not self.is_import

    @property
    def is_self_charged(self) -> bool:
        """Whether the firm charges itself the tax: nothing was charged from abroad, or it was reversed at home.

        Not of goods that came through customs, which charge it.
        """
        if self.customs:
            return False
        return not self.quota and (self.origin != SPAIN or self.category == "AE")

    @property
    def own_quota(self) -> int:
        """The tax that the firm charges itself, half-up to the cent; or what the supplier charged."""
        if not self.is_self_charged:
            return self.quota
        return round_half_up(self.base * Fraction(GENERAL) / 100)
