"""Spain: its taxes and terms, and the chained records of its invoices (RD 1007/2023, VERI*FACTU)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.billing.models import Invoice
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
from ecuanime.billing.packs.es.chain import append
from ecuanime.billing.packs.es.choice import choose
from ecuanime.billing.packs.es.declared import bound_from, gaps, gaps_at, system_in_use
from ecuanime.billing.packs.es.mapping import EURO, operation_on, registration_of
from ecuanime.billing.packs.es.paper import qr_block, replacement_notes, substitution_notes
from ecuanime.billing.packs.es.rates import ABROAD, CANARIAN, MAINLAND
from ecuanime.billing.packs.es.territory import OF_IPSI, Territory, territory_of
from ecuanime.billing.packs.es.withholding import WITHHOLDINGS, withholding_for
from ecuanime.billing.packs.generic import GenericPack
from ecuanime.billing.packs.generic.paper import home_notes
from ecuanime.billing.packs.generic.rates import taxes_of
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused

WITHOUT_RECORD = "without_record"
LONGEST_TERM = timedelta(days=60)
"""Ley 3/2004, art. 4: parties may not agree on more."""


@dataclass(frozen=True)
class SpainPack(GenericPack):
    """Legal once the firm has declared its program; until then pro-formas and an export."""

    @property
    def status(self) -> Status:
        """Legal when nothing is missing. A demo firm issues under the mark of the demo, which no law takes for one."""
        if self.is_demo:
            return Status.DEMO
        return Status.EXPORT_ONLY if gaps_at(read_clock()) else Status.LEGAL

    @property
    def why_not(self) -> str:
        """What is missing, and the way on."""
        missing = [] if self.is_demo else gaps_at(read_clock())
        if not missing:
            return ""
        return _(
            "Spain asks for chained invoice records (RD 1007/2023), and these cannot be written yet: %(missing)s. "
            "Fill in the settings of Spain, or issue a pro-forma and export it for your invoicing program."
        ) % {"missing": "; ".join(missing)}

    @property
    def meanwhile(self) -> str:
        """That records need not be kept yet, and what is missing for them."""
        since, missing = bound_from(), [] if self.is_demo else gaps()
        if not missing or since is None or self.why_not:
            return ""
        return _(
            "Your firm must keep chained records from %(day)s on; until then its invoices need none. From that day "
            "nothing is issued while this is missing: %(missing)s."
        ) % {
            "day": formats.long_date(since, formats.locale_for(get_language())),
            "missing": "; ".join(missing),
        }

    def taxes(self, issuer: Party | None = None) -> Sequence[TaxData]:
        """IVA on the mainland, IGIC in the Canary Islands; each city of the IPSI has rates of its own, unknown here."""
        home = territory_of(issuer) if issuer is not None else Territory.COMMON
        if home in OF_IPSI:
            return taxes_of("")
        return CANARIAN if home == Territory.CANARIES else (*MAINLAND, *ABROAD)

    def tax_candidates(self, issuer: Party, customer: Party, supply: Supply, on: date) -> TaxChoice:
        """By territory, kind of customer and of line: docs/rules/taxes.md. These rules hold on any day since 2012."""
        return choose(issuer, customer, supply)

    def withholdings(self) -> Sequence[Withholding]:
        """IRPF on what professionals charge."""
        return WITHHOLDINGS

    def withholding_for(self, issuer: Party, customer: Party, on: date) -> WithholdingChoice:
        """When customers keep IRPF back: docs/rules/withholding.md."""
        return withholding_for(issuer, customer, on)

    def due_on(self, issued_on: date, payment_days: int) -> date:
        """As agreed, but never later than the law lets it be."""
        return min(super().due_on(issued_on, payment_days), issued_on + LONGEST_TERM)

    def correction_kinds(self) -> Sequence[tuple[str, str]]:
        """R1 to R4 (Ley 37/1992, art. 80); that of a simplified invoice is R5 by itself."""
        return (
            ("R1", _("R1: a discount, work undone, or an error in law (LIVA, art. 80.1, 2 and 6)")),
            ("R2", _("R2: the client is insolvent (LIVA, art. 80.3)")),
            ("R3", _("R3: a bad debt (LIVA, art. 80.4)")),
            ("R4", _("R4: any other reason")),
        )

    def accrued_on(self, invoice: Invoice, issued_on: date) -> date:
        """The day that the record names as that of the operation, else that of issue (LIVA, art. 79.Once)."""
        return operation_on(invoice, issued_on) or issued_on

    def states_taxes_in(self, invoice: Invoice) -> str:
        """In euros, whatever the tax: so its record is written (RD 1619/2012, art. 12)."""
        return "" if invoice.is_pro_forma or invoice.currency == EURO else EURO

    @property
    def must_state_taxes(self) -> bool:
        """Without euros there is no record."""
        return True

    def frozen(self, now: datetime) -> dict[str, bool]:
        """Whether it is issued without a record, because the firm need not keep any yet."""
        is_without = system_in_use(is_demo=self.is_demo) is None and not gaps_at(now)
        return {WITHOUT_RECORD: True} if is_without else {}

    def on_issue(self, invoice: Invoice, now: datetime) -> None:
        """Write the record of an invoice to the chain; a pro-forma has none, nor what was frozen as needing none.

        Whoever can write records before that day keeps them, too: the chain is then begun.

        Refused: `export_only`, `no_nif`, `clock_back`, and each code of `faults_of`.
        """
        if invoice.is_pro_forma:
            return
        system = system_in_use(is_demo=self.is_demo)
        if system is None:
            if invoice.texts.get(WITHOUT_RECORD):
                return
            raise Refused("export_only", self.why_not or "; ".join(gaps_at(now)))
        append(invoice, system, partial(registration_of, invoice, system), now, is_demo=self.is_demo)

    def on_paper(self, invoice: Invoice) -> OnPaper:
        """The QR that verifies it, its taxes in euros, what a correction leaves, and what a full invoice replaces."""
        notes = (*home_notes(invoice), *substitution_notes(invoice), *replacement_notes(invoice))
        return OnPaper(qr_block(invoice), notes)
