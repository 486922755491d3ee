"""What a CFDI says: frozen values. Money is in cents of its currency, the taxes of a concept in millionths of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

IVA, ISR = "002", "001"
"""Keys of c_Impuesto."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: RFC, name as the SAT has it, and tax regime."""

    rfc: str
    name: str
    regime: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom it is for, in the words of the SAT's own register, and the use they give it (c_UsoCFDI)."""

    rfc: str
    name: str
    postcode: str
    regime: str
    use: str


@dataclass(frozen=True, slots=True)
class TaxPart:
    """A tax of a concept, charged or withheld: its share of 1 (0.16), None when exempt, and what it comes to.

    `base` is in cents, `micros` in millionths of the currency: a concept states its tax without rounding it to cents.
    """

    tax: str
    rate: Decimal | None
    base: int
    micros: int = 0

    @property
    def factor(self) -> str:
        """TipoFactor."""
        return "Exento" if self.rate is None else "Tasa"


@dataclass(frozen=True, slots=True)
class Concept:
    """A line: `amount` is quantity by price, `discount` what is taken off it. Both are in cents."""

    product: str
    unit: str
    quantity: Decimal
    price: Decimal
    amount: int
    description: str
    discount: int = 0
    charged: tuple[TaxPart, ...] = ()
    withheld: tuple[TaxPart, ...] = ()
    subject: str = "02"
    identifier: str = ""

    @property
    def net(self) -> int:
        """What is left of it, in cents."""
        return self.amount - self.discount


@dataclass(frozen=True, slots=True)
class Related:
    """Earlier CFDIs that this one is about, and how (c_TipoRelacion)."""

    kind: str
    uuids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """What a global invoice is of: keys of c_Periodicidad and c_Meses, and the year."""

    periodicity: str
    month: str
    year: int


@dataclass(frozen=True, slots=True)
class Document:
    """A CFDI of income (I) or credit (E). `at` is the local time of the place of issue, without zone."""

    kind: str
    series: str
    folio: str
    at: datetime
    currency: str
    place: str
    issuer: Issuer
    receiver: Receiver
    concepts: tuple[Concept, ...]
    form: str
    method: str
    rate: Decimal | None = None
    related: tuple[Related, ...] = ()
    period: Period | None = None
