"""The pack that issues plain invoices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ecuanime.billing.packs.contract import SERIES_CODES, Party, Status, TaxData
from ecuanime.billing.packs.generic.rates import EU_MEMBERS, OUTSIDE, REVERSED, taxes_of


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
    def tax_per_line(self) -> bool:
        """On the sum of each rate, as EN 16931 has it (BR-CO-17)."""
        return False

    def taxes(self) -> Sequence[TaxData]:
        """The country's standard rate, and in the Union what is charged across the border."""
        return taxes_of(self.country)

    def tax_for(self, issuer: Party, customer: Party) -> str:
        """The usual rate; between businesses of the Union the customer accounts for it, beyond it is not subject.

        A customer without tax id is charged the usual rate: nothing shows that they are a business.
        """
        usual = self.taxes()[0].code
        abroad = customer.country != issuer.country and bool(customer.tax_id)
        if issuer.country not in EU_MEMBERS or not abroad:
            return usual
        return REVERSED if customer.country in EU_MEMBERS else OUTSIDE

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
