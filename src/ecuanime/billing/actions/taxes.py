"""The firm's tax rates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ecuanime.accounts.models import User
from ecuanime.billing.models import TaxRate


def seed_taxes(country: str, *, now: datetime) -> TaxRate:
    """Note the rates of a country as its pack knows them, and return the usual one, which becomes the default.

    Called when the firm is set up and when it moves; again changes nothing that a person changed. A country whose
    rates are not known gets a placeholder that no invoice is issued with.
    """
    raise NotImplementedError


def save_tax_rate(
    *,
    code: str,
    name: str,
    percent: Decimal,
    by: User,
    now: datetime,
    category: str = "S",
    reason: str = "",
    is_default: bool = False,
) -> TaxRate:
    """Add a tax rate, or change the one with this code; issued documents keep what they said.

    Refused: `not_allowed`, `no_name`, `bad_percent`, `no_reason` (exempt, reversed and not subject need one).
    """
    raise NotImplementedError
