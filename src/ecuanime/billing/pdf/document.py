"""What an invoice says, before it is drawn: a frozen tree of plain values.

Numbers stay raw. Money is an integer in minor units of `currency` (cents); a duration is minutes, whole or
with up to two decimals (the ledger's hundredths); a price is a Decimal in major units, per hour or per unit;
a rate is a percentage (21 means 21 %). Dates and clock times are already local to the contract. Texts are
data in the language of the document, printed letter by letter: nothing in them is ever read as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Language = Literal["es", "en"]
Minutes = int | Decimal


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PRO_FORMA = "pro_forma"
    ADVANCE_INVOICE = "advance_invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG or JPEG, and the words for whoever cannot see it."""

    data: bytes
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Issuer or customer, as frozen when the invoice was issued."""

    name: str
    tax_id: str = ""
    address: tuple[str, ...] = ()
    attention: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Both days inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedInvoice:
    """The invoice that a credit note corrects."""

    number: str
    issued_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and its value beside the dates: an order number, or what a country's law asks for."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the invoice.

    A time line has `minutes` and a `price` per hour; a unit line has `units`, their name in `unit` and a
    `price` per unit; a plain amount has none of them. Where there is a price, quantity x price, rounded
    half-up once, less `discount_minor`, is the amount; `discount` is the discount's name, e.g. "10 %".
    `tax` is the short name of its tax as printed, e.g. "21 %" or "exempt".
    """

    description: str
    amount_minor: int
    detail: str = ""
    minutes: Minutes | None = None
    units: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    discount_minor: int = 0
    discount: str = ""
    tax: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """The sum of one category at one rate. `reason` is the legal text of an exemption or reverse charge.

    `rate` is None where the category has none (not subject, exempt): a rate of 0 is printed as 0 %. The surcharge
    (recargo de equivalencia) is on the same base.
    """

    category: str
    rate: Decimal | None
    base_minor: int
    tax_minor: int
    reason: str = ""
    surcharge_rate: Decimal = Decimal(0)
    surcharge_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """Tax that the customer keeps back and pays in the issuer's name: `amount_minor` is what is taken off.

    It lowers what is to be paid (Spain's IRPF) or, with `in_total`, the invoice's total itself (Mexico's).
    """

    label: str
    rate: Decimal
    base_minor: int
    amount_minor: int
    in_total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    received_on: date
    description: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentInstructions:
    """How to pay. `text` says what the fields cannot (a payment link); `code` is what a bank's app reads."""

    iban: str = ""
    bic: str = ""
    holder: str = ""
    reference: str = ""
    text: str = ""
    code: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryBlock:
    """What a country pack must show: a picture (a QR code) with texts above and below it.

    At the head it stands in the corner of page 1, at the foot after the notes. `side_mm` is the printed side
    of the picture, and `quiet_mm` the white kept around it.
    """

    position: Literal["head", "foot"]
    picture: Picture | None = None
    side_mm: int = 34
    quiet_mm: int = 0
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Minutes that an entry took from a lot; negative gives back."""

    lot: str
    minutes: Minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """The part of an entry that a line bills: `line` counts from 1, `amount_minor` is its share."""

    line: int
    minutes: Minutes
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One time entry and what became of it; `started` and `ended` are None where it has no clock times."""

    worked_on: date
    person: str
    work_type: str
    worked_seconds: int
    rounded_minutes: Minutes
    weighted_minutes: Minutes
    started: time | None = None
    ended: time | None = None
    draws: tuple[Draw, ...] = ()
    charges: tuple[Charge, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTime:
    number: str
    subject: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotSummary:
    """opening + other - drawn = closing: `drawn` is what this annex draws, `other` all the rest, signed."""

    code: str
    name: str
    opening_minutes: Minutes
    drawn_minutes: Minutes
    closing_minutes: Minutes
    other_minutes: Minutes = 0
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """Every minute behind the invoice. A line that any entry charges is explained whole."""

    tickets: tuple[TicketTime, ...] = ()
    lots: tuple[LotSummary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """The whole document. An empty `number` is a draft and says so on every page; so does `demo`.

    `issued_at` is the only instant that the file carries, so that the same document gives the same bytes.
    `territory` picks regional formats ("MX"); empty takes the language's own.
    """

    kind: DocumentKind
    language: Language
    currency: str
    number: str
    issued_on: date
    issued_at: datetime
    issuer: Party
    customer: Party
    lines: tuple[Line, ...]
    taxes: tuple[TaxTotal, ...]
    total_minor: int
    amount_due_minor: int
    territory: str = ""
    due_on: date | None = None
    period: Period | None = None
    corrects: CorrectedInvoice | None = None
    facts: tuple[Fact, ...] = ()
    withholdings: tuple[Withholding, ...] = ()
    payments: tuple[Payment, ...] = ()
    payment_instructions: PaymentInstructions | None = None
    notes: tuple[Note, ...] = ()
    country_block: CountryBlock | None = None
    annex: Annex | None = None
    logo: Picture | None = None
    registry: str = ""
    demo: bool = False
