"""Packs ordered: hours granted now, paid in advance."""

from __future__ import annotations

from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Charge
from ecuanime.contracts.models import Contract


def order_pack(
    *,
    contract: Contract,
    hours: int,
    now: datetime,
    by: User,
    idempotency_key: str,
    starts_on: date | None = None,
    usable_at_once: bool = False,
) -> Charge:
    """Grant a pack's lots and draft the advance document that charges them (`charge.lines` leads to it).

    The hours can be used from the moment the document is issued (a pro-forma where the firm's country has no legal
    pack yet), or at once if asked so. They start on `starts_on`, today unless given. Discarding the draft cancels
    the order. Repeated with the same key it gives the first order back.
    Refused: `not_allowed`, and as `entitlements.grant_pack`.
    """
    raise NotImplementedError
