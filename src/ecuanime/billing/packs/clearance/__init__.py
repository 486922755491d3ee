"""Countries where an invoice is none until an authority or its printer has taken it: pro-formas and an export."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecuanime.billing.packs.contract import Status
from ecuanime.billing.packs.generic import GenericPack

COUNTRIES = frozenset(
    (
        "AR",
        "BO",
        "BR",
        "CL",
        "CO",
        "CR",
        "DO",
        "EC",
        "GT",
        "PA",
        "PE",
        "PY",
        "SV",
        "UY",
        "IT",
        "PL",
        "RO",
        "TR",
    )
)
"""Where invoices between businesses go through the tax agency's own system. Erring on this side costs a pro-forma;
erring on the other breaks a law."""


@dataclass(frozen=True)
class ClearancePack(GenericPack):
    """The generic taxes and terms, without the power to issue."""

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
            "Invoices of your country must pass through its tax agency's own system, which Ecuánime cannot do yet. "
            "Issue a pro-forma and export it for your invoicing program."
        )
