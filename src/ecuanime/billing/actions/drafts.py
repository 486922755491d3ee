"""Changing what is not issued yet. An issued document is corrected by a credit note only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_draft, require_biller
from ecuanime.billing.actions.orders import cancel_order
from ecuanime.billing.drafting import add_after, segments_on, tax_the_rest, write_time
from ecuanime.billing.models import Charge, Invoice, InvoiceLine, TaxRate
from ecuanime.billing.taxing import write_totals
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.lines import Unit, line_amount

MOST_UNITS = 100_000
HIGHEST_PRICE = Decimal(1_000_000)
MOST_DECIMALS = 6


@transaction.atomic
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
    """Add a line by hand, `units` at a price each (a discount has a negative price).

    It is taxed as the rest of the draft unless `tax_rate` says otherwise.

    Refused: `not_allowed`, `issued`, `no_description`, `no_units`, `bad_price`.
    """
    require_biller(by)
    draft = locked_draft(invoice)
    words = " ".join(description.split())[:300]
    if not words:
        raise Refused("no_description", _("Say what the line is for: the client reads it."))
    if not 0 < units <= MOST_UNITS:
        raise Refused("no_units", _("Give how many, from 1 to 100,000. A discount has a negative price."))
    if not price.is_finite() or not 0 < abs(price) <= HIGHEST_PRICE or price != round(price, MOST_DECIMALS):
        raise Refused(
            "bad_price", _("Give a price other than zero, up to a million, with at most six decimals.")
        )
    amount = line_amount(Fraction(units), price, Unit.PIECES, draft.currency)
    line = InvoiceLine(description=words, units=units, price=price, amount=amount)
    add_after(draft, line, tax_rate)
    record("invoice_line_added", draft, now=now, description=words, amount=amount)
    return line


@transaction.atomic
def remove_line(*, line: InvoiceLine, by: User, now: datetime) -> Invoice:
    """Take a line that was added by hand out of a draft. Refused: `not_allowed`, `issued`, `not_manual`."""
    require_biller(by)
    draft = locked_draft(line.invoice)
    if not line.is_manual:
        raise Refused(
            "not_manual",
            _(
                "This line was not added by hand: it is approved time or a pack. Discard the draft to free it."
            ),
        )
    if draft.lines.filter(pk=line.pk).delete()[0]:
        write_totals(draft)
        record("invoice_line_removed", draft, now=now, description=line.description, amount=line.amount)
    return draft


@transaction.atomic
def set_draft_tax(*, invoice: Invoice, tax_rate: TaxRate, by: User, now: datetime) -> Invoice:
    """Tax every line of a draft at another rate than the one proposed. Refused: `not_allowed`, `issued`."""
    require_biller(by)
    draft = locked_draft(invoice)
    draft.tax_rate = tax_rate
    draft.save(update_fields=["tax_rate"])
    tax_the_rest(draft)
    write_time(draft, segments_on(draft))
    record("invoice_tax_set", draft, now=now, tax=tax_rate.code)
    return draft


@transaction.atomic
def recompute_draft(*, invoice: Invoice, by: User, now: datetime) -> Invoice:
    """Make a draft's lines of time anew, with the taxes and the client's language as they are now.

    Refused: `not_allowed`, `issued`.
    """
    require_biller(by)
    draft = locked_draft(invoice)
    draft.language = draft.client.language
    draft.save(update_fields=["language"])
    write_time(draft, segments_on(draft))
    record("invoice_recomputed", draft, now=now, total=draft.total)
    return draft


@transaction.atomic
def discard_draft(*, invoice: Invoice, by: User, now: datetime) -> None:
    """Throw a draft away: its time can be billed again, and a pack ordered with it is cancelled (its lots voided).

    Refused: `not_allowed`, `issued`, `pack_used` (hours of it were used already).
    """
    require_biller(by)
    draft = locked_draft(invoice)
    for charge in Charge.objects.filter(lines__invoice=draft).select_related("lot"):
        cancel_order(charge, _("The order was cancelled before it was invoiced."), now)
    record("draft_discarded", draft, now=now, client=draft.client.code, total=draft.total)
    draft.delete()
