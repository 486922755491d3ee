"""Lists of invoices, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models import Invoice
from ecuanime.billing.tags import InvoiceTag
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.paging import Page


class InvoiceFilter(models.TextChoices):
    """The tabs of the list."""

    ALL = "all", _("all")
    DRAFTS = "drafts", _("drafts")
    UNPAID = "unpaid", _("unpaid")
    OVERDUE = "overdue", _("overdue")
    UNDELIVERED = "undelivered", _("not delivered")
    PAID = "paid", _("paid")
    CORRECTIONS = "corrections", _("credit notes")


@dataclass(frozen=True)
class InvoiceRow:
    """A line of the list: the document with its client and mail, how it stands, and what its first line says."""

    invoice: Invoice
    tag: InvoiceTag
    about: str
    line_count: int


def invoices_in(
    which: str = InvoiceFilter.ALL,
    *,
    today: date,
    client: Client | None = None,
    text: str = "",
    after: str = "",
    size: int = 50,
) -> Page[InvoiceRow]:
    """A page of documents, the latest dated first. `text` is part of a number or of the client's name or code."""
    raise NotImplementedError


def counts_by_filter(*, today: date, client: Client | None = None) -> dict[str, int]:
    """How many documents each tab holds, in one query."""
    raise NotImplementedError


def invoices_of_contact(
    contact: Contact, *, today: date, after: str = "", size: int = 50
) -> Page[InvoiceRow]:
    """What a contact may see in the portal: the issued documents of their client."""
    raise NotImplementedError
