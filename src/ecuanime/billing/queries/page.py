"""One invoice with all that its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Prefetch

from ecuanime.billing.documents.tags import InvoiceTag, tag_of
from ecuanime.billing.letters import recipients_of
from ecuanime.billing.models import (
    BROUGHT_KEY,
    DRAFT_KEY,
    Invoice,
    InvoiceLine,
    LineSegment,
    Payment,
    TaxLine,
)
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import RatedEntry, RatedSegment

_SHOWN = (
    "segment__rating__contract__version",
    "segment__rating__entry__ticket",
    "segment__rating__entry__user",
    "segment__rating__entry__work_type",
)


@dataclass(frozen=True)
class ExplainedEntry:
    """An entry's part of a line: its rating (with `entry`, person and work type), segments, minutes and cents.

    `rating.trace` feeds `worklog.words.tell`. On a credit note minutes and amount are negative; a covered entry has
    neither, and no segments.
    """

    rating: RatedEntry
    segments: tuple[RatedSegment, ...]
    minutes: Fraction
    amount: int


@dataclass(frozen=True)
class ExplainedTicket:
    """The entries of one ticket on a line, in the order of the work."""

    ticket: Ticket
    entries: tuple[ExplainedEntry, ...]
    amount: int


@dataclass(frozen=True)
class ExplainedLine:
    """A line and the time behind it; a pack and a line added by hand have no tickets."""

    line: InvoiceLine
    tickets: tuple[ExplainedTicket, ...]
    entry_count: int


@dataclass(frozen=True)
class InvoicePage:
    """A document as its page shows it. `covered` are the entries of the annex with nothing to pay.

    `mail` state is in `invoice.mail` (its `error` says why it was not delivered); `recipients` are the usual addresses.
    """

    invoice: Invoice
    tag: InvoiceTag
    lines: tuple[ExplainedLine, ...]
    covered: tuple[ExplainedTicket, ...]
    taxes: tuple[TaxLine, ...]
    payments: tuple[Payment, ...]
    corrections: tuple[Invoice, ...]
    replaced: tuple[Invoice, ...]
    recipients: tuple[str, ...]


def find_invoice(key: str) -> Invoice | None:
    """The issued document with this number, or the one of another sort that `Invoice.key` names by its id."""
    rows = Invoice.objects.select_related("client", "mail", "corrects", "tax_rate", "series", "replaced_by")
    for prefix, sort in (
        (DRAFT_KEY, {"state": Invoice.State.DRAFT}),
        (BROUGHT_KEY, {"kind": Invoice.Kind.BROUGHT}),
    ):
        if key.startswith(prefix):
            found = key.removeprefix(prefix)
            is_id = found.isascii() and found.isdigit() and len(found) < 18
            return rows.filter(pk=int(found), **sort).first() if is_id else None
    return rows.filter(number=key).exclude(kind=Invoice.Kind.BROUGHT).first()


def key_of(invoice: Invoice) -> str:
    """What names a document in an address."""
    return invoice.key


def invoice_page(invoice: Invoice, *, today: date) -> InvoicePage:
    """The document with its lines, annex, taxes, payments and corrections."""
    parts = LineSegment.objects.select_related(*_SHOWN).order_by("segment__rating__entry__work_on", "pk")
    lines = invoice.lines.select_related("contract", "charge__lot").prefetch_related(
        Prefetch("segments", parts)
    )
    covered = invoice.covered.select_related(*(name.removeprefix("segment__") for name in _SHOWN))
    payments = invoice.payments.select_related("recorded_by", "corrects", "corrected_by", "dispute")
    return InvoicePage(
        invoice=invoice,
        tag=tag_of(invoice, today=today),
        lines=tuple(_explained(line) for line in lines.order_by("position")),
        covered=_by_ticket(
            [ExplainedEntry(row.rating, (), Fraction(0), 0) for row in covered.order_by("pk")]
        ),
        taxes=tuple(invoice.taxes.order_by("pk")),
        payments=tuple(payments.order_by("received_on", "pk")),
        corrections=tuple(invoice.corrections.filter(state=Invoice.State.ISSUED).order_by("pk")),
        replaced=tuple(invoice.replaces.order_by("issued_on", "pk")) if invoice.is_replacement else (),
        recipients=tuple(recipients_of(invoice.client)),
    )


def _explained(line: InvoiceLine) -> ExplainedLine:
    by_rating: dict[int, list[LineSegment]] = {}
    for part in line.segments.all():
        by_rating.setdefault(part.segment.rating_id, []).append(part)
    entries = [
        ExplainedEntry(
            rating=parts[0].segment.rating,
            segments=tuple(part.segment for part in parts),
            minutes=sum((part.minutes for part in parts), Fraction(0)),
            amount=sum(part.amount for part in parts),
        )
        for parts in by_rating.values()
    ]
    return ExplainedLine(line, _by_ticket(entries), len(entries))


def _by_ticket(entries: Sequence[ExplainedEntry]) -> tuple[ExplainedTicket, ...]:
    by_number: dict[int, list[ExplainedEntry]] = {}
    for one in entries:
        by_number.setdefault(one.rating.entry.ticket.number, []).append(one)
    return tuple(
        ExplainedTicket(found[0].rating.entry.ticket, tuple(found), sum(one.amount for one in found))
        for _number, found in sorted(by_number.items())
    )
