"""What billing keeps: invoices and what stands on them, the money that comes and goes, and the state of the books."""

from ecuanime.billing.models.books import (
    Batch,
    BatchItem,
    Closing,
    Numbering,
    Reminder,
    ReminderStep,
    Unreminded,
)
from ecuanime.billing.models.discounts import TimeDiscount
from ecuanime.billing.models.invoices import (
    BROUGHT_KEY,
    BY_HAND,
    DRAFT_KEY,
    RATED_CATEGORIES,
    Charge,
    CoveredWork,
    Invoice,
    InvoiceLine,
    LineSegment,
    NextPack,
    Run,
    Series,
    TaxLine,
    TaxRate,
)
from ecuanime.billing.models.payments import Dispute, Payment

__all__ = [
    "BROUGHT_KEY",
    "BY_HAND",
    "DRAFT_KEY",
    "RATED_CATEGORIES",
    "Batch",
    "BatchItem",
    "Charge",
    "Closing",
    "CoveredWork",
    "Dispute",
    "Invoice",
    "InvoiceLine",
    "LineSegment",
    "NextPack",
    "Numbering",
    "Payment",
    "Reminder",
    "ReminderStep",
    "Run",
    "Series",
    "TaxLine",
    "TaxRate",
    "TimeDiscount",
    "Unreminded",
]
