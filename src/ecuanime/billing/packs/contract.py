"""What a country pack answers. A new country is a folder that answers the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ecuanime.billing.models import Invoice
    from ecuanime.billing.pdf.document import CountryBlock, Note

SERIES_CODES = {"invoice": "F", "advance": "F", "replacement": "F", "credit_note": "R", "pro_forma": "P"}


class Status(StrEnum):
    """What a firm may issue there with this product."""

    LEGAL = "legal"
    EXPORT_ONLY = "export_only"
    DEMO = "demo"  # nothing a demo firm issues is an invoice, and each document says so


class Supply(StrEnum):
    """What a line charges, as laws of taxes tell lines apart."""

    SERVICES = "services"
    GOODS = "goods"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class TaxData:
    """A tax rate of a country, where it is written and since when; `category` is that of UNCL 5305.

    `surcharge_percent` is charged on the same base besides (Spain's recargo de equivalencia). `levy`, `regime` and
    `operation` are how a fiscal record classes it: Impuesto, ClaveRegimen, and CalificacionOperacion (S1, S2, N1, N2)
    or OperacionExenta (E1–E8) of Spain's registros de facturación; empty where a country has no such records.
    """

    code: str
    name: str
    percent: Decimal
    source: str
    category: str = "S"
    reason: str = ""
    surcharge_percent: Decimal = Decimal(0)
    levy: str = ""
    regime: str = ""
    operation: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Issuer or customer as their law looks at them. Legal form and since when are the issuer's."""

    name: str
    tax_id: str
    street: str
    city: str
    country: str
    postcode: str = ""
    legal_form: str = "company"
    professional_since: date | None = None
    is_business: bool = True
    in_retail_scheme: bool = False


@dataclass(frozen=True, slots=True)
class TaxOption:
    """A tax that a person may choose instead, and the code of the case in which it would be right."""

    code: str
    when: str


@dataclass(frozen=True, slots=True)
class TaxChoice:
    """The tax of a line, the code of the reason why (`packs.reasons` has the words), and what else there is."""

    code: str
    why: str
    options: tuple[TaxOption, ...] = ()


@dataclass(frozen=True, slots=True)
class Withholding:
    """Income tax that customers keep back: its rate, where it is written, and since when.

    Where several taxes are kept back at once, `parts` tells them apart, each by name and percent.
    """

    code: str
    name: str
    percent: Decimal
    source: str
    since: date
    parts: tuple[tuple[str, Decimal], ...] = ()

    @property
    def shares(self) -> tuple[tuple[str, Decimal], ...]:
        """Each tax with its percent; the one there is, or its parts."""
        return self.parts or ((self.name, self.percent),)


@dataclass(frozen=True, slots=True)
class WithholdingChoice:
    """What a customer keeps back, if anything, and the code of the reason; none where the question is not asked."""

    rate: Withholding | None
    why: str


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What the law wants on the paper of an issued document, beside what every one shows."""

    block: CountryBlock | None = None
    notes: tuple[Note, ...] = ()


class CountryPack(Protocol):
    """The rules of the issuer's country.

    Whatever it answers, nothing but issuing is ever stopped: time, drafts and pro-formas go on.
    """

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""

    @property
    def status(self) -> Status:
        """Whether what it issues is a legal invoice there."""

    @property
    def why_not(self) -> str:
        """Why invoices cannot be issued and what to do instead, for the person; empty when they can."""

    @property
    def meanwhile(self) -> str:
        """What must be said of issuing as things stand though it is allowed; mostly nothing."""

    @property
    def tax_per_line(self) -> bool:
        """Whether the tax of each line is rounded, rather than that of a rate's lines together."""

    def taxes(self, issuer: Party | None = None) -> Sequence[TaxData]:
        """The rates known there, the usual one first; a part of the country may have its own."""

    def tax_candidates(self, issuer: Party, customer: Party, supply: Supply, on: date) -> TaxChoice:
        """The tax that a line of this sort bears on a day, why, and what a person may choose instead."""

    def withholdings(self) -> Sequence[Withholding]:
        """The rates of income tax that customers keep back there; none where no invoice knows of it."""

    def withholding_for(self, issuer: Party, customer: Party, on: date) -> WithholdingChoice:
        """What this customer keeps back of what the issuer charges on a day, and why."""

    def missing(self, issuer: Party, customer: Party) -> list[str]:
        """What the law wants on the document and is not known, in words."""

    def series_code(self, kind: str) -> str:
        """The series that numbers a kind of document; corrections have their own."""

    def due_on(self, issued_on: date, payment_days: int) -> date:
        """When it is to be paid."""

    def correction_kinds(self) -> Sequence[tuple[str, str]]:
        """The kinds of correction that the law tells apart, code and words, the usual one first; often none."""

    def accrued_on(self, invoice: Invoice, issued_on: date) -> date:
        """The day whose exchange rate a document in another currency is booked at."""

    def states_taxes_in(self, invoice: Invoice) -> str:
        """The currency that the law wants a document's taxes stated in beside its own; empty where it does not."""

    @property
    def must_state_taxes(self) -> bool:
        """Whether a document whose taxes cannot be stated so is refused, rather than issued without."""

    def frozen(self, now: datetime) -> dict[str, bool]:
        """What a document that is issued now keeps for good of how the law stood, by name; mostly nothing."""

    def on_issue(self, invoice: Invoice, now: datetime) -> None:
        """Write what the law wants written of an issued document, in the transaction that issues it.

        Refuses, with its own codes, what could not be written: then the document is not issued either.
        """

    def on_paper(self, invoice: Invoice) -> OnPaper:
        """What an issued document must show there."""
