"""Mexico: its taxes, and CFDI 4.0 invoices that a PAC stamps (CFF, arts. 29 and 29-A)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from ecuanime.billing.models import Invoice, PublicSale
from ecuanime.billing.packs.contract import (
    OnPaper,
    Party,
    Status,
    Supply,
    TaxChoice,
    TaxData,
    Withholding,
    WithholdingChoice,
)
from ecuanime.billing.packs.generic import GenericPack
from ecuanime.billing.packs.mx.declared import gaps, mexico_settings
from ecuanime.billing.packs.mx.paper import stamp_block, stamp_notes
from ecuanime.billing.packs.mx.public import is_sold_to_public, takes_off_unnamed
from ecuanime.billing.packs.mx.sealing import seal_document
from ecuanime.billing.packs.mx.taxes import TAXES, choose
from ecuanime.billing.packs.mx.withholding import WITHHOLDINGS, withholding_for


@dataclass(frozen=True)
class MexicoPack(GenericPack):
    """Legal once the firm has a seal and somebody who stamps; until then pro-formas and an export."""

    @property
    def status(self) -> Status:
        """Legal when nothing is missing. A demo firm issues under the mark of the demo, which no law takes for one."""
        if self.is_demo:
            return Status.DEMO
        return Status.EXPORT_ONLY if gaps() else Status.LEGAL

    @property
    def why_not(self) -> str:
        """What is missing, and the way on."""
        missing = [] if self.is_demo else gaps()
        if not missing:
            return ""
        return _(
            "Mexico asks for stamped CFDI 4.0 invoices, and these cannot be made yet: %(missing)s. "
            "Fill in the settings of Mexico, or issue a pro-forma and export it for your invoicing program."
        ) % {"missing": "; ".join(missing)}

    @property
    def tax_per_line(self) -> bool:
        """On the sum: concepts state their tax to the millionth, and what they come to is rounded once (Anexo 20)."""
        return False

    def taxes(self, issuer: Party | None = None) -> Sequence[TaxData]:
        """IVA."""
        return TAXES

    def tax_candidates(self, issuer: Party, customer: Party, supply: Supply, on: date) -> TaxChoice:
        """The general rate, with the cases in which another is right."""
        return choose(customer)

    def withholdings(self) -> Sequence[Withholding]:
        """ISR and IVA on what natural persons charge."""
        return WITHHOLDINGS

    def withholding_for(self, issuer: Party, customer: Party, on: date) -> WithholdingChoice:
        """By what both are: docs/how-to/mexico.md."""
        settings = mexico_settings()
        return withholding_for(issuer, customer, settings.regime if settings else "")

    def on_issue(self, invoice: Invoice, now: datetime) -> None:
        """Seal the CFDI of an invoice, which waits to be stamped; a pro-forma and a demo have none.

        What is sold to the public is named by a global invoice; so a credit note of it has a CFDI only once it was.
        Refused: see `seal_document`.
        """
        if invoice.is_pro_forma or self.is_demo:
            return
        if is_sold_to_public(invoice):
            PublicSale.objects.create(invoice=invoice)
        elif not takes_off_unnamed(invoice):
            seal_document(invoice, now)

    def on_paper(self, invoice: Invoice) -> OnPaper:
        """The QR that verifies it, and what its stamp says."""
        return OnPaper(stamp_block(invoice), stamp_notes(invoice))
