"""What a record says, as frozen values named after what they mean; `xml.py` knows what the schema calls them.

Amounts are integer cents of a euro. Moments are aware, to the second: the record bears their offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class InvoiceType(StrEnum):
    """List L2 of the order: what kind of invoice is registered."""

    FULL = "F1"
    SIMPLIFIED = "F2"
    REPLACES_SIMPLIFIED = "F3"
    ERROR_IN_LAW = "R1"
    INSOLVENCY = "R2"
    BAD_DEBT = "R3"
    OTHER_CORRECTION = "R4"
    OF_SIMPLIFIED = "R5"

    @property
    def is_correction(self) -> bool:
        """Whether it rectifies another invoice."""
        return self.value.startswith("R")

    @property
    def is_simplified(self) -> bool:
        """Whether it may go without naming its recipient."""
        return self in (InvoiceType.SIMPLIFIED, InvoiceType.OF_SIMPLIFIED)


@dataclass(frozen=True, slots=True)
class InvoiceId:
    """What names an invoice for the agency: the issuer's NIF, its series and number, the day it was issued."""

    nif: str
    serial: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class ForeignId:
    """A tax id that is no NIF; `kind` of list L7: 02 VAT number of the Union, 04 id of its country."""

    country: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the invoice is for: by NIF, or by a foreign id."""

    name: str
    nif: str = ""
    foreign: ForeignId | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A line of the breakdown: one tax and rate.

    `tax` is 01 IVA, 02 IPSI, 03 IGIC, 05 other; `regime` a key of list L8; `treatment` either a qualification
    (S1, S2, N1, N2) or an exemption (E1…E8). Without `rate` there is no quota either.
    """

    treatment: str
    base: int
    rate: Decimal | None = None
    quota: int | None = None
    tax: str = "01"
    regime: str = "01"
    surcharge_rate: Decimal | None = None
    surcharge: int | None = None

    @property
    def is_exempt(self) -> bool:
        """Whether `treatment` names an exemption."""
        return self.treatment.startswith("E")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction rectifies. By differences it bears the change; else the amounts as they now stand, and
    `base`, `quota` and `surcharge` are those that they replace."""

    invoices: tuple[InvoiceId, ...]
    by_substitution: bool = False
    base: int = 0
    quota: int = 0
    surcharge: int = 0

    @property
    def kind(self) -> str:
        """List L3: S by substitution, I by differences."""
        return "S" if self.by_substitution else "I"


@dataclass(frozen=True, slots=True)
class System:
    """The invoicing program, its producer and this installation of it, as the declaration states them."""

    producer_name: str
    producer_nif: str
    name: str
    code: str
    version: str
    installation: str
    only_verifactu: bool = True
    several_taxpayers: bool = False
    used_by_several: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """The record before in the chain: the invoice it was about, and its fingerprint."""

    invoice: InvoiceId
    huella: str


@dataclass(frozen=True, slots=True)
class Registration:
    """The record of an invoice that was issued (alta); as an amendment (subsanación), of one registered before.

    `previous_rejection` is N, S or X of the schema, empty when it is left out. `huella` is empty until it is sealed.
    """

    invoice: InvoiceId
    issuer_name: str
    type: InvoiceType
    description: str
    details: tuple[Detail, ...]
    quota_total: int
    total: int
    previous: Link | None
    system: System
    generated_at: datetime
    recipients: tuple[Recipient, ...] = ()
    correction: Correction | None = None
    replaces: tuple[InvoiceId, ...] = ()
    operation_on: date | None = None
    without_recipient_id: bool = False
    is_amendment: bool = False
    previous_rejection: str = ""
    huella: str = ""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The record that takes back that of an invoice which should never have existed (anulación)."""

    invoice: InvoiceId
    previous: Link | None
    system: System
    generated_at: datetime
    without_previous_record: bool = False
    previous_rejection: str = ""
    huella: str = ""


Record = Registration | Cancellation


def amount_text(cents: int) -> str:
    """Cents as the record writes them, always with two decimals: fingerprint, XML and QR must read alike."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def date_text(day: date) -> str:
    """A day as the agency writes it, 31-12-2026."""
    return f"{day:%d-%m-%Y}"


def moment_text(moment: datetime) -> str:
    """A moment with its offset, 2024-01-01T19:20:30+01:00."""
    return moment.isoformat(timespec="seconds")
