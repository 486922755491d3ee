"""What a country pack answers. A new country is a folder that answers the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

SERIES_CODES = {"invoice": "F", "advance": "F", "credit_note": "R", "pro_forma": "P"}


class Status(StrEnum):
    """What a firm may issue there with this product."""

    LEGAL = "legal"
    EXPORT_ONLY = "export_only"
    DEMO = "demo"  # nothing a demo firm issues is an invoice, and each document says so


@dataclass(frozen=True, slots=True)
class TaxData:
    """A tax rate of a country and where it is written; `category` is that of UNCL 5305."""

    code: str
    name: str
    percent: Decimal
    source: str
    category: str = "S"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Issuer or customer as their law looks at them."""

    name: str
    tax_id: str
    street: str
    city: str
    country: str


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
    def tax_per_line(self) -> bool:
        """Whether the tax of each line is rounded, rather than that of a rate's lines together."""

    def taxes(self) -> Sequence[TaxData]:
        """The rates known there, the usual one first."""

    def tax_for(self, issuer: Party, customer: Party) -> str:
        """The code of the tax that this customer is charged."""

    def missing(self, issuer: Party, customer: Party) -> list[str]:
        """What the law wants on the document and is not known, in words."""

    def series_code(self, kind: str) -> str:
        """The series that numbers a kind of document; corrections have their own."""

    def due_on(self, issued_on: date, payment_days: int) -> date:
        """When it is to be paid."""
