"""The pack that issues plain invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ecuanime.billing.packs.contract import (
    SERIES_CODES,
    OnPaper,
    Party,
    Status,
    Supply,
    TaxChoice,
    TaxData,
    Withholding,
    WithholdingChoice,
)
from ecuanime.billing.packs.generic.paper import home_notes
from ecuanime.billing.packs.generic.rates import EU_MEMBERS, OUTSIDE, REVERSED, taxes_of
from ecuanime.billing.packs.reasons import Why
from ecuanime.billing.packs.vat_numbers import has_vat_number
from ecuanime.staff.countries import usual_currency

if TYPE_CHECKING:
    from ecuanime.billing.models import Invoice


@dataclass(frozen=True)
class GenericPack:
    """What most laws agree on: who, to whom, what, when, how much, and which tax at which rate.

    Source of what must be named and of the tax across borders: Directive 2006/112/EC, arts. 44, 196 and 226.
    """

    country: str
    is_demo: bool = False

    @property
    def status(self) -> Status:
        """It issues."""
        return Status.DEMO if self.is_demo else Status.LEGAL

    @property
    def why_not(self) -> str:
        """Nothing stands in the way."""
        return ""

    @property
    def meanwhile(self) -> str:
        """Nothing."""
        return ""

    @property
    def tax_per_line(self) -> bool:
        """On the sum of each rate, as EN 16931 has it (BR-CO-17)."""
        return False

    def taxes(self, issuer: Party | None = None) -> Sequence[TaxData]:
        """The country's standard rate, and in the Union what is charged across the border."""
        return taxes_of(self.country)

    def tax_candidates(self, issuer: Party, customer: Party, supply: Supply, on: date) -> TaxChoice:
        """The usual rate; services between businesses of the Union are reversed, beyond it they are not subject.

        Goods that leave the country are charged the usual rate until a person says otherwise: only papers of their
        transport make them exempt. In the Union a business is one whose VAT number is valid, beyond it one with a
        tax id. Source: Directive 2006/112/EC, arts. 44, 138, 146 and 196.
        """
        usual = self.taxes(issuer)[0].code
        if issuer.country not in EU_MEMBERS:
            return TaxChoice(usual, Why.USUAL)
        if customer.country == issuer.country:
            return TaxChoice(usual, Why.DOMESTIC)
        if not customer.is_business:
            return TaxChoice(usual, Why.CONSUMER)
        if supply == Supply.GOODS:
            return TaxChoice(usual, Why.GOODS_LEAVE)
        if customer.country in EU_MEMBERS:
            proven, code, why = has_vat_number(customer), REVERSED, Why.UNION_BUSINESS
        else:
            proven, code, why = bool(customer.tax_id), OUTSIDE, Why.BUSINESS_ABROAD
        return TaxChoice(code, why) if proven else TaxChoice(usual, Why.NOT_PROVEN)

    def withholdings(self) -> Sequence[Withholding]:
        """None."""
        return ()

    def withholding_for(self, issuer: Party, customer: Party, on: date) -> WithholdingChoice:
        """Nothing."""
        return WithholdingChoice(None, "")

    def missing(self, issuer: Party, customer: Party) -> list[str]:
        """Names and addresses of both, and the issuer's tax id."""
        wanted = {
            _("your firm's name"): issuer.name,
            _("your firm's tax id"): issuer.tax_id,
            _("your firm's address"): issuer.street,
            _("your firm's city"): issuer.city,
            _("the client's name"): customer.name,
            _("the client's address"): customer.street,
            _("the client's city"): customer.city,
        }
        return [words for words, value in wanted.items() if not value.strip()]

    def series_code(self, kind: str) -> str:
        """F for invoices, R for corrections, P for pro-formas."""
        return SERIES_CODES[kind]

    def due_on(self, issued_on: date, payment_days: int) -> date:
        """As agreed."""
        return issued_on + timedelta(days=payment_days)

    def correction_kinds(self) -> Sequence[tuple[str, str]]:
        """None: a credit note is a credit note."""
        return ()

    def accrued_on(self, invoice: Invoice, issued_on: date) -> date:
        """The day of issue."""
        return issued_on

    def states_taxes_in(self, invoice: Invoice) -> str:
        """In the Union a tax that is to be paid, in the country's own currency (Directive 2006/112/EC, art. 230)."""
        own = usual_currency(self.country) if self.country in EU_MEMBERS else ""
        return own if invoice.tax and invoice.currency != own and not invoice.is_pro_forma else ""

    @property
    def must_state_taxes(self) -> bool:
        """Only where the rate is known: no record is written that would want it."""
        return False

    def frozen(self, now: datetime) -> dict[str, bool]:
        """Nothing."""
        return {}

    def on_issue(self, invoice: Invoice, now: datetime) -> None:
        """Nothing: the document itself is all that is kept."""

    def on_paper(self, invoice: Invoice) -> OnPaper:
        """The taxes in the country's own currency, where they are stated in it."""
        return OnPaper(notes=home_notes(invoice))
