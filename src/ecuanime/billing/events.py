"""What has happened to invoices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InvoiceIssued:
    """A document has its number and is final; a credit note too."""

    invoice_id: int
    client_id: int


@dataclass(frozen=True)
class InvoiceCredited:
    """An issued document was corrected by another; `credit_id` names it."""

    invoice_id: int
    credit_id: int


@dataclass(frozen=True)
class PaymentRecorded:
    """Money came or went, on an invoice or (None) held for the client; what was taken back is negative."""

    payment_id: int
    invoice_id: int | None


@dataclass(frozen=True)
class CardEventReceived:
    """Stripe said something that is kept and not worked yet."""

    card_event_id: int
