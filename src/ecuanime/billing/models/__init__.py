"""What billing keeps: invoices and what stands on them, and the money that comes and goes."""

from ecuanime.billing.models.invoices import (
    BY_HAND,
    RATED_CATEGORIES,
    Charge,
    CoveredWork,
    Invoice,
    InvoiceLine,
    LineSegment,
    Run,
    Series,
    TaxLine,
    TaxRate,
)
from ecuanime.billing.models.payments import Dispute, Payment

__all__ = [
    "BY_HAND",
    "RATED_CATEGORIES",
    "Charge",
    "CoveredWork",
    "Dispute",
    "Invoice",
    "InvoiceLine",
    "LineSegment",
    "Payment",
    "Run",
    "Series",
    "TaxLine",
    "TaxRate",
]
