"""Rows of the book of issued invoices, and whom the modelos 347 and 349 name. Plain values, in cents.

Figures to fill the forms in with, or to hand to whoever does: nothing here is filed. See docs/rules/tax-books.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ecuanime.billing.packs.es.purchases import SPAIN, UNION, PurchaseRow
from ecuanime.billing.packs.es.verifactu.checks import nif_of

LEAST_347 = 3_005_06
"""More than this in a year with one person is declared, in cents (RD 1065/2007, art. 33.1)."""


@dataclass(frozen=True, slots=True)
class BookRow:
    """A tax of an issued document. Amounts are in cents and negative on corrections.

    What stands in place of simplified invoices is in the book and not counted: they were declared themselves.
    """

    number: str
    issued_on: date
    customer: str
    tax_id: str
    country: str
    levy: str
    regime: str
    operation: str
    category: str
    percent: Decimal
    base: int
    quota: int
    surcharge_percent: Decimal = Decimal(0)
    surcharge: int = 0
    total: int = 0
    withheld_percent: Decimal | None = None
    withheld: int = 0
    corrects: str = ""
    corrects_on: date | None = None
    is_counted: bool = True

    @property
    def is_union(self) -> bool:
        """Whether it is an operation within the Union: goods (E5), or services that the customer accounts for."""
        return self.operation == "E5" or (self.operation == "N2" and self.category == "AE")

    @property
    def charged(self) -> int:
        """Base, tax and surcharge."""
        return self.base + self.quota + self.surcharge


@dataclass(frozen=True, slots=True)
class Party347:
    """Somebody with whom a year came to more than the threshold: what each quarter came to, tax included.

    `key` is B for those sold to and A for those bought from: each counts on its own.
    """

    key: str
    tax_id: str
    name: str
    quarters: tuple[int, int, int, int]

    @property
    def year(self) -> int:
        """All four."""
        return sum(self.quarters)


def parties_347(rows: Sequence[BookRow], purchases: Sequence[PurchaseRow] = ()) -> list[Party347]:
    """Whom the modelo 347 names, the largest first.

    Left out is what other declarations say: operations within the Union (349), exports, what is not subject by the
    rules of location, purchases from abroad, what came through customs, and what income tax was withheld of (190).
    Source: RD 1065/2007, arts. 33 and 34.
    """
    names: dict[tuple[str, str, str], str] = {}
    quarters: dict[tuple[str, str, str], list[int]] = {}
    for key, tax_id, name, issued_on, amount in (*_sold(rows), *_bought(purchases)):
        who = (key, tax_id, "" if tax_id else name)
        names[who] = name
        quarters.setdefault(who, [0, 0, 0, 0])[(issued_on.month - 1) // 3] += amount
    found = [
        Party347(who[0], who[1], names[who], (sums[0], sums[1], sums[2], sums[3]))
        for who, sums in quarters.items()
    ]
    above = [party for party in found if abs(party.year) > LEAST_347]
    return sorted(above, key=lambda party: (-abs(party.year), party.key, party.tax_id))


_Declared = tuple[str, str, str, date, int]


def _sold(rows: Iterable[BookRow]) -> Iterator[_Declared]:
    for row in rows:
        if row.is_counted and not (row.is_union or row.operation in {"E2", "N2"} or row.withheld):
            yield "B", row.tax_id, row.customer, row.issued_on, row.charged


def _bought(purchases: Iterable[PurchaseRow]) -> Iterator[_Declared]:
    for row in purchases:
        if row.origin == SPAIN and not (row.withheld or row.customs):
            yield "A", nif_of(row.tax_id), row.supplier, row.issued_on, row.base + row.quota


@dataclass(frozen=True, slots=True)
class Operator349:
    """A business of another Member State in the modelo 349; a correction names its period.

    `key` is E for goods and S for services sold, A for goods and I for services bought.
    """

    vat_number: str
    name: str
    key: str
    base: int
    corrects: tuple[str, ...] = field(default=())


def operators_349(rows: Iterable[BookRow], purchases: Iterable[PurchaseRow] = ()) -> list[Operator349]:
    """Operations within the Union by operator and key; what corrects an earlier document is a line of its own.

    Source: orden EHA/769/2010; RD 1624/1992, arts. 78 to 81.
    """
    bases: dict[tuple[str, str, str, tuple[str, ...]], int] = {}
    for row in rows:
        if row.is_union and row.is_counted:
            key = "E" if row.operation == "E5" else "S"
            earlier = (f"{row.corrects_on:%Y-%m}", row.corrects) if row.corrects and row.corrects_on else ()
            sold_to = (row.tax_id, row.customer, key, earlier)
            bases[sold_to] = bases.get(sold_to, 0) + row.base
    for bought in purchases:
        if bought.origin == UNION and bought.is_self_charged:
            key = "A" if bought.category == "K" else "I"
            bought_from = (bought.tax_id, bought.supplier, key, bought.earlier)
            bases[bought_from] = bases.get(bought_from, 0) + bought.base
    return [Operator349(*who[:3], base, who[3]) for who, base in sorted(bases.items())]
