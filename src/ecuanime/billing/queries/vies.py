"""What is known of clients' VAT numbers, and where an invoice leans on one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from ecuanime.billing.documents.parties import as_seen_by_law, customer_of
from ecuanime.billing.models import Invoice, VatCheck
from ecuanime.billing.packs.generic.rates import EU_MEMBERS
from ecuanime.billing.packs.vat_numbers import vat_number
from ecuanime.billing.vies import NO_ANSWER, UNREADABLE
from ecuanime.clients.models import Client
from ecuanime.staff.queries import the_firm

LEANING = ("AE", "K")
"""Categories of UNCL 5305 whose tax the customer accounts for, or which are exempt since they do."""

TROUBLES = {
    NO_ANSWER: gettext_lazy("it could not be reached"),
    UNREADABLE: gettext_lazy("what it said could not be read"),
    "MS_UNAVAILABLE": gettext_lazy("that country's register is out of service"),
    "SERVICE_UNAVAILABLE": gettext_lazy("it is out of service"),
    "TIMEOUT": gettext_lazy("that country's register took too long"),
}
"""What kept VIES from answering, by its own codes and ours."""


@dataclass(frozen=True)
class VatStanding:
    """A client's VAT number, the last answer that VIES gave about it, and the last time that it gave none since."""

    number: str
    answer: VatCheck | None
    unanswered: VatCheck | None

    @property
    def is_proven(self) -> bool:
        """Whether VIES called it valid when it last answered."""
        return self.answer is not None and self.answer.outcome == VatCheck.Outcome.VALID

    @property
    def trouble(self) -> str:
        """Why it gave no answer, in words or by its code."""
        code = self.unanswered.trouble if self.unanswered else ""
        return str(TROUBLES.get(code, code))


def vat_standing(client: Client) -> VatStanding | None:
    """What is known of a client elsewhere in the Union; None of whoever is not there, or has no VAT number."""
    if not is_elsewhere_in_union(client):
        return None
    number = vat_number(as_seen_by_law(customer_of(client)))
    if not number:
        return None
    rows = VatCheck.objects.filter(client=client, number=number).select_related("asked_by")
    answer = rows.exclude(outcome=VatCheck.Outcome.UNKNOWN).first()
    last = rows.first()
    return VatStanding(number, answer, last if last is not None and last != answer else None)


def is_elsewhere_in_union(client: Client) -> bool:
    """Whether firm and client are in two countries of the Union."""
    home = the_firm().country
    return home in EU_MEMBERS and client.country in EU_MEMBERS and client.country != home


def leaning_on(draft: Invoice) -> VatStanding | None:
    """The VAT number that a draft leaves its tax out for; None where it bears its own."""
    if not draft.taxes.filter(category__in=LEANING).exists():
        return None
    return vat_standing(draft.client)
