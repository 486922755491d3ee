"""What the book of received invoices cannot know by itself: what is an investment good, and what is adjusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed_change
from ecuanime.billing.actions.books.received_rates import locked_received
from ecuanime.billing.actions.common import LONGEST_REASON, require_biller, require_keeper
from ecuanime.billing.books.taxes import PERIODS, Period
from ecuanime.billing.models import DeductionAdjustment, ReceivedInvoice, ReceivedTax
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused

WHOLE_YEAR = "0A"


@transaction.atomic
def mark_investment(
    *, received: ReceivedInvoice, bases: Mapping[int, int], by: User, now: datetime
) -> ReceivedInvoice:
    """Say how much of the base of each tax, by its id, are investment goods; 0 is none of it.

    Minor units of the invoice's currency, below zero on a credit note.
    Refused: `not_allowed`, `not_within` (more than there is), `closed_period`.
    """
    require_biller(by)
    row = locked_received(received)
    refuse_closed_change(row.issued_on)
    taxes = [tax for tax in row.taxes.order_by("pk") if tax.pk in bases]
    for tax in taxes:
        part = bases[tax.pk]
        if not 0 <= part * tax.base <= tax.base**2:
            raise Refused("not_within", _("Investment goods are no more than the base of their tax."))
        tax.investment_base = part
    ReceivedTax.objects.bulk_update(taxes, ["investment_base"])
    marked = [f"{tax.percent.normalize():f}: {tax.investment_base}" for tax in taxes]
    record("received_invoice_investment", row, now=now, number=row.number, bases=marked)
    return row


@transaction.atomic
def adjust_deductions(
    *, year: int, period: str, box: str, amount: int, reason: str, by: User, now: datetime
) -> DeductionAdjustment | None:
    """Type what a period's modelo 303 says in a box that no book fills in, in cents; 0 takes away what was typed.

    Typed again, the later one holds.
    Refused: `not_allowed`, `bad_period` (the whole year is none), `bad_box`, `no_reason`, `no_amount` (0 where nothing
    was typed), `closed_period`.
    """
    require_keeper(by)
    if period not in PERIODS or period == WHOLE_YEAR:
        raise Refused("bad_period", _("Choose a quarter or a month: what is declared at once."))
    if box not in DeductionAdjustment.Box.values:
        raise Refused("bad_box", _("The books fill in that box."))
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise Refused("no_reason", _("Say why, for whoever checks the declaration."))
    refuse_closed_change(Period.of(year, period).last)
    place: dict[str, Any] = {"year": year, "period": period, "box": box}
    before = DeductionAdjustment.objects.select_for_update(no_key=True).filter(**place).first()
    told = {"of": f"{year}-{period}", "box": box, "before": before.amount if before else 0, "reason": why}
    if amount:
        typed = {"amount": amount, "reason": why, "noted_by": by, "noted_at": now}
        row, _is_new = DeductionAdjustment.objects.update_or_create(**place, defaults=typed)
        record("deductions_adjusted", row, now=now, amount=amount, **told)
        return row
    if before is None:
        raise Refused("no_amount", _("Nothing was typed for that box."))
    record("deductions_adjusted", before, now=now, amount=0, **told)
    before.delete()
    return None
