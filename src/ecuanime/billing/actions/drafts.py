"""Changing what is not issued yet. An issued document is corrected by a credit note only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ecuanime.accounts.models import User
from ecuanime.billing.models import Invoice, InvoiceLine, TaxRate


def add_line(
    *,
    invoice: Invoice,
    description: str,
    units: int,
    price: Decimal,
    by: User,
    now: datetime,
    tax_rate: TaxRate | None = None,
) -> InvoiceLine:
    """Add a line by hand, `units` at a price each (a discount has a negative price), taxed as the rest of the draft.

    Refused: `not_allowed`, `issued`, `no_description`, `no_units`, `bad_price`.
    """
    raise NotImplementedError


def remove_line(*, line: InvoiceLine, by: User, now: datetime) -> Invoice:
    """Take a line that was added by hand out of a draft. Refused: `not_allowed`, `issued`, `not_manual`."""
    raise NotImplementedError


def set_draft_tax(*, invoice: Invoice, tax_rate: TaxRate, by: User, now: datetime) -> Invoice:
    """Tax every line of a draft at another rate than the one proposed. Refused: `not_allowed`, `issued`."""
    raise NotImplementedError


def recompute_draft(*, invoice: Invoice, by: User, now: datetime) -> Invoice:
    """Make a draft's lines anew from its time, with today's taxes and the client's language and data.

    Refused: `not_allowed`, `issued`.
    """
    raise NotImplementedError


def discard_draft(*, invoice: Invoice, by: User, now: datetime) -> None:
    """Throw a draft away: its time can be billed again, and a pack ordered with it is cancelled (its lots voided).

    Refused: `not_allowed`, `issued`, `pack_used` (hours of it were used already).
    """
    raise NotImplementedError
