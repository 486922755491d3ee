"""What clients get for what they paid, where their country wants a document of it: Mexico's payment complements."""

from __future__ import annotations

from django.db.models import QuerySet

from ecuanime.billing.access import visible_to_contact
from ecuanime.billing.models import Cfdi, Invoice, MexicoSettings
from ecuanime.clients.models import Contact
from ecuanime.foundation.paging import Page, page_of

NEWEST_FIRST = ("-answered_at", "-id")


def visible_receipts(contact: Contact) -> QuerySet[Cfdi]:
    """The stamped complements of what the contact's client paid; one that was replaced gives way to the other."""
    rows = Cfdi.objects.current().filter(
        payment__isnull=False,
        environment=MexicoSettings.Environment.PRODUCTION,
        invoice__in=visible_to_contact(contact),
    )
    return rows.select_related("invoice", "payment", "pdf")


def has_receipts(contact: Contact) -> bool:
    """Whether there is any."""
    return visible_receipts(contact).exists()


def receipts_of_invoice(invoice: Invoice, contact: Contact) -> list[Cfdi]:
    """Those of one invoice, in the order of its instalments."""
    return list(visible_receipts(contact).filter(invoice=invoice).defer("sealed", "stamped").order_by("pk"))


def receipts_of_contact(contact: Contact, *, after: str = "", size: int = 50) -> Page[Cfdi]:
    """A page of them, the newest first."""
    return page_of(
        visible_receipts(contact).defer("sealed", "stamped"), order=NEWEST_FIRST, after=after, size=size
    )
