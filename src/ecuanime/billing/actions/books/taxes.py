"""The firm's tax rates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.actions.common import require
from ecuanime.billing.drafting.taxing import make_default, note_rates
from ecuanime.billing.models import RATED_CATEGORIES, TaxRate
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def seed_taxes(country: str, *, now: datetime) -> TaxRate:
    """Note the rates of a country as its pack knows them, and return the firm's usual one.

    Called when the firm is set up; when it moves the first draft does it. Again it changes nothing that a person
    changed. A country whose rates are not known gets a placeholder that no invoice is issued with.
    """
    before = TaxRate.objects.count()
    rate = note_rates(country)
    if TaxRate.objects.count() != before:
        record("taxes_noted", rate, now=now, country=country)
    return rate


@transaction.atomic
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
    """Add a tax rate, or change the one with this code; drafts and issued documents keep what they say.

    Refused: `not_allowed`, `no_name`, `bad_percent`, `no_reason` (exempt, reversed and not subject need one).
    """
    require(may_keep_books(by), _("Only billing clerks and administrators set taxes. Ask one of them."))
    if not name.strip() or not code.strip():
        raise Refused("no_name", _("The tax needs a code and a name: the name is printed on invoices."))
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != round(percent, 3):
        raise Refused("bad_percent", _("Give a percentage from 0 to 100, with at most three decimals."))
    has_rate = category in RATED_CATEGORIES
    if not has_rate and (percent or not reason.strip()):
        raise Refused(
            "no_reason", _("A tax that is not charged has 0 % and says why: the law asks for the reason.")
        )
    rate, _new = TaxRate.objects.update_or_create(
        code=code.strip(),
        defaults={
            "name": name.strip(),
            "percent": percent,
            "category": category,
            "reason": " ".join(reason.split())[:300],
        },
    )
    if is_default:
        make_default(rate)
    record("tax_rate_saved", rate, now=now, code=rate.code, percent=percent, default=rate.is_default)
    return rate
