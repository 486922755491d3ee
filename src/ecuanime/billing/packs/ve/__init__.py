"""Venezuela: its tax. Statements, pro-formas and an export only; invoices come from an authorised printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.billing.packs.contract import Party, Status, TaxData
from ecuanime.billing.packs.generic import GenericPack

TAXES = (TaxData("ve-16", "IVA", Decimal(16), "Ley del IVA, arts. 27 y 62"),)


@dataclass(frozen=True)
class VenezuelaPack(GenericPack):
    """Says what is charged and owed, and hands it over; it never claims to be an invoice.

    Sources: Providencia SNAT/2024/000102 (digital invoices carry control numbers of an authorised digital printer)
    and SNAT/2024/000121 (who makes invoicing programs needs SENIAT's approval; G. O. 43.032).
    """

    @property
    def status(self) -> Status:
        """Export only. A demo firm issues under the mark of the demo, which no law takes for an invoice."""
        return Status.DEMO if self.is_demo else Status.EXPORT_ONLY

    @property
    def why_not(self) -> str:
        """What is missing, and the way on."""
        if self.is_demo:
            return ""
        return _(
            "In Venezuela invoices bear control numbers of an authorised digital printer, and programs that issue "
            "them are approved by the SENIAT (Providencias SNAT/2024/000102 and 000121): Ecuánime is not. It makes "
            "pro-formas, statements of account and an export; issue the invoice with your authorised printer."
        )

    def taxes(self, issuer: Party | None = None) -> Sequence[TaxData]:
        """IVA. The IGTF on payments in foreign currency is the payment's and stands on no line."""
        return TAXES
