"""One invoice with all that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ecuanime.billing.models import Invoice, InvoiceLine, Payment, TaxLine
from ecuanime.billing.tags import InvoiceTag
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import RatedEntry, RatedSegment


@dataclass(frozen=True)
class ExplainedEntry:
    """An entry's part of a line: its rating (with `entry`, person and work type), segments, minutes and cents.

    `rating.trace` feeds `worklog.words.tell`. On the lines of a credit note minutes and amount are negative.
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
    recipients: tuple[str, ...]


def find_invoice(key: str) -> Invoice | None:
    """The issued document with this number, or the draft that `borrador-12` names (12 is its id)."""
    raise NotImplementedError


def invoice_page(invoice: Invoice, *, today: date) -> InvoicePage:
    """The document with its lines, annex, taxes, payments and corrections."""
    raise NotImplementedError
