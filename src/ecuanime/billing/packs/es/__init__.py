"""Spain: its taxes and terms. Invoices wait for the chained records of RD 1007/2023 (Veri*factu)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ecuanime.billing.packs.contract import Status, TaxData
from ecuanime.billing.packs.generic import EU_TAXES, GenericPack

LONGEST_TERM = timedelta(days=60)
"""Ley 3/2004, art. 4: parties may not agree on more."""

_LAW = "Ley 37/1992, arts. 90 y 91"
TAXES = (
    TaxData("es-21", "IVA", Decimal(21), _LAW),
    TaxData("es-10", "IVA", Decimal(10), _LAW),
    TaxData("es-4", "IVA", Decimal(4), _LAW),
    TaxData("es-0", "IVA", Decimal(0), _LAW, category="Z"),
)


@dataclass(frozen=True)
class SpainPack(GenericPack):
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
            "Spain asks for chained invoice records (RD 1007/2023), which Ecuánime cannot write until its legal pack "
            "exists. Issue a pro-forma and export it for your invoicing program."
        )

    def taxes(self) -> Sequence[TaxData]:
        """IVA, and what is charged across the border."""
        return (*TAXES, *EU_TAXES)

    def due_on(self, issued_on: date, payment_days: int) -> date:
        """As agreed, but never later than the law lets it be."""
        return min(super().due_on(issued_on, payment_days), issued_on + LONGEST_TERM)
