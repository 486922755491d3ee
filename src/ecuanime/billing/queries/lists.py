"""Lists of invoices, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.access import visible_to_contact
from ecuanime.billing.documents.tags import UNDELIVERED, InvoiceTag, tag_of
from ecuanime.billing.models import PAYABLE, TAKEN_OFF, Invoice, InvoiceLine, Run
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.paging import Page, page_of

NEWEST_FIRST = ("-dated_at", "-id")


class InvoiceFilter(models.TextChoices):
    """The tabs of the list."""

    ALL = "all", _("all")
    DRAFTS = "drafts", _("drafts")
    UNPAID = "unpaid", _("unpaid")
    OVERDUE = "overdue", pgettext_lazy("invoices", "overdue")
    UNDELIVERED = "undelivered", pgettext_lazy("invoices", "not delivered")
    PAID = "paid", pgettext_lazy("invoices", "paid")
    WRITTEN_OFF = "written_off", pgettext_lazy("invoices", "written off")
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
    rows = _of_client(client).filter(_conditions(today).get(which, Q()))
    if text.strip():
        wanted = text.strip()[:100]
        of_client = Q(client__name__icontains=wanted) | Q(client__code__iexact=wanted)
        rows = rows.filter(Q(number__icontains=wanted) | of_client)
    return _page(rows, today, after, size)


def counts_by_filter(*, today: date, client: Client | None = None) -> dict[str, int]:
    """How many documents each tab holds, in one query."""
    counts = {name: Count("pk", filter=found) for name, found in _conditions(today).items()}
    return _of_client(client).aggregate(all=Count("pk"), **counts)


def invoices_of_contact(
    contact: Contact, *, today: date, after: str = "", size: int = 50
) -> Page[InvoiceRow]:
    """What a contact may see in the portal: the issued documents of their client."""
    return _page(visible_to_contact(contact), today, after, size)


def drafts_of_run(run: Run, *, today: date, limit: int = 200) -> list[InvoiceRow]:
    """The documents a run made or added to, the newest first; those issued since are among them."""
    return _page(Invoice.objects.filter(run=run), today, "", limit).rows


def is_open() -> Q:
    """Issued, no longer held back, and something is still owed on it."""
    return Q(state=Invoice.State.ISSUED, corrects__isnull=True, is_held=False, total__gt=TAKEN_OFF)


def _conditions(today: date) -> dict[str, Q]:
    settled = Q(total__lte=TAKEN_OFF, written_off=0)
    settled &= Q(credited__lt=PAYABLE) | Q(total=F("withheld"))
    return {
        InvoiceFilter.DRAFTS.value: Q(state=Invoice.State.DRAFT),
        InvoiceFilter.UNPAID.value: is_open(),
        InvoiceFilter.OVERDUE.value: is_open() & Q(due_on__lt=today),
        InvoiceFilter.UNDELIVERED.value: is_open() & Q(mail__state__in=UNDELIVERED),
        InvoiceFilter.PAID.value: Q(state=Invoice.State.ISSUED, corrects__isnull=True) & settled,
        InvoiceFilter.WRITTEN_OFF.value: Q(state=Invoice.State.ISSUED, written_off__gt=0),
        InvoiceFilter.CORRECTIONS.value: Q(state=Invoice.State.ISSUED, corrects__isnull=False),
    }


def _of_client(client: Client | None) -> QuerySet[Invoice]:
    return Invoice.objects.all() if client is None else Invoice.objects.filter(client=client)


def _page(rows: QuerySet[Invoice], today: date, after: str, size: int) -> Page[InvoiceRow]:
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by("position")
    count = lines.order_by().values("invoice").annotate(number=Count("pk")).values("number")
    described = rows.select_related("client", "mail", "corrects").annotate(
        about=Coalesce(Subquery(lines.values("description")[:1]), models.Value("")),
        line_count=Coalesce(Subquery(count), 0),
    )
    page = page_of(described, order=NEWEST_FIRST, after=after, size=size)
    return Page([_row(row, today) for row in page.rows], page.next)


def _row(invoice: Invoice, today: date) -> InvoiceRow:
    noted = vars(invoice)  # what the query annotated
    return InvoiceRow(invoice, tag_of(invoice, today=today), noted["about"], noted["line_count"])
