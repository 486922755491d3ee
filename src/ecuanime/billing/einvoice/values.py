"""What an electronic invoice says, before it is written in any syntax: the terms of EN 16931-1 as frozen values.

Amounts are Decimals in major units with the currency's decimals; a rate is per cent, None where the category has none.
In a credit note amounts are positive, as the standard has it: the document's kind says that they are taken off.
BT and BG numbers are those of the standard.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

OUTSIDE, REVERSE, EXEMPT, INTRA_COMMUNITY, EXPORT = "O", "AE", "E", "K", "G"
"""Categories without tax, by the codes of UNCL 5305; the taxed ones are S, Z, L and M."""


class Kind(StrEnum):
    """BT-3, by the codes of UNTDID 1001."""

    INVOICE = "380"
    CREDIT_NOTE = "381"
    ADVANCE = "386"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """The three bodies of an administration by their DIR3 codes; all or none."""

    accounting: str = ""
    managing: str = ""
    processing: str = ""

    def __bool__(self) -> bool:
        return bool(self.accounting and self.managing and self.processing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller (BG-4) or buyer (BG-7). `tax_id` is as its country writes it, `vat_id` begins with the country's code."""

    name: str
    tax_id: str = ""
    vat_id: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    contact: str = ""
    offices: Offices = field(default_factory=Offices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line (BG-25): `quantity` × `price` / `per`, less `allowance`, is `amount`. The price is never below zero."""

    number: int
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    category: str
    rate: Decimal | None
    detail: str = ""
    per: Decimal = Decimal(1)
    allowance: Decimal = Decimal(0)
    allowance_percent: Decimal | None = None

    @property
    def gross(self) -> Decimal:
        """Before the allowance (BT-137)."""
        return self.amount + self.allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is taken off the whole document for one tax (BG-20)."""

    amount: Decimal
    reason: str
    category: str
    rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """A base and its tax, in the currency that taxes are paid in."""

    base: Decimal
    amount: Decimal
    surcharge: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxCurrency:
    """The currency that taxes are paid in where it is not the document's (BT-6), and what the document is in it.

    `rate` is units of it for one of the document's, as published on a day; `tax` is BT-111.
    """

    code: str
    rate: Decimal
    rated_on: date
    tax: Decimal
    total: Decimal
    withheld: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """The sum of one category at one rate (BG-23); `surcharge` is what is charged on the same base besides."""

    category: str
    rate: Decimal | None
    base: Decimal
    amount: Decimal
    reason: str = ""
    code: str = ""
    surcharge_rate: Decimal = Decimal(0)
    surcharge: Decimal = Decimal(0)
    at_home: AtHome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """Tax that the buyer keeps back and pays in the seller's name; EN 16931 has no place for it."""

    rate: Decimal
    base: Decimal
    amount: Decimal
    at_home: AtHome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A document that came before (BG-3)."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectronicInvoice:
    """The whole document. `number` is empty while it is a draft: only what can be said of it is asked then."""

    kind: Kind
    number: str
    issued_on: date
    currency: str
    digits: int
    language: str
    seller: Party
    buyer: Party
    items: tuple[Item, ...]
    taxes: tuple[Tax, ...]
    net: Decimal
    tax: Decimal
    total: Decimal
    allowances: tuple[Allowance, ...] = ()
    withholdings: tuple[Withholding, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    due_on: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    contract: str = ""
    iban: str = ""
    tax_currency: TaxCurrency | None = None

    @property
    def items_sum(self) -> Decimal:
        """BT-106: the lines before the document's allowances."""
        return sum((item.amount for item in self.items), Decimal(0))

    @property
    def allowances_sum(self) -> Decimal:
        """BT-107."""
        return sum((allowance.amount for allowance in self.allowances), Decimal(0))

    @property
    def withheld(self) -> Decimal:
        """What the buyer keeps back."""
        return sum((held.amount for held in self.withholdings), Decimal(0))

    @property
    def delivered_on(self) -> date:
        """BT-72: the last day of what is charged, else the day of the document."""
        return self.last_day or self.issued_on

    @property
    def is_outside(self) -> bool:
        """Whether it is not subject to VAT: then no VAT number may be named (BR-O-02)."""
        return any(tax.category == OUTSIDE for tax in self.taxes)

    @property
    def goes_abroad(self) -> bool:
        """Whether goods go to another country of the Union, which must be named then (BR-IC-12)."""
        return any(tax.category == INTRA_COMMUNITY for tax in self.taxes)

    @property
    def payment_code(self) -> str:
        """BT-81, UNTDID 4461: a SEPA transfer in euros, else a transfer."""
        return "58" if self.currency == "EUR" else "30"

    @property
    def is_credit_note(self) -> bool:
        """Whether its amounts are taken off."""
        return self.kind == Kind.CREDIT_NOTE
