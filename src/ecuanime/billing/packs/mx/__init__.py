"""Mexico: its taxes. Invoices wait for the CFDI 4.0 and its stamping by a PAC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.billing.packs.contract import Status, TaxData
from ecuanime.billing.packs.generic import GenericPack

TAXES = (
    TaxData("mx-16", "IVA", Decimal(16), "LIVA, art. 1"),
    TaxData("mx-8", "IVA", Decimal(8), "Decreto de estímulos fiscales, región fronteriza"),
    TaxData("mx-0", "IVA", Decimal(0), "LIVA, art. 2-A", category="Z"),
)


@dataclass(frozen=True)
class MexicoPack(GenericPack):
    """Pro-formas and an export until the legal pack exists."""

    @property
    def status(self) -> Status:
        """Not legal yet. A demo firm issues under the mark of the demo, which no law takes for an invoice."""
        return Status.DEMO if self.is_demo else Status.EXPORT_ONLY

    @property
    def why_not(self) -> str:
        """The law that is missing, and the way on."""
        if self.is_demo:
            return ""
        return _(
            "Mexico asks for stamped CFDI 4.0 invoices, which Ecuánime cannot make until its legal pack exists. "
            "Issue a pro-forma and export it for your invoicing program."
        )

    @property
    def tax_per_line(self) -> bool:
        """Line by line: a CFDI states the tax of each concept, and its total is their sum (Anexo 20)."""
        return True

    def taxes(self) -> Sequence[TaxData]:
        """IVA."""
        return TAXES
