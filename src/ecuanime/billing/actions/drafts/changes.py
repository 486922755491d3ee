"""Changing what is not issued yet. An issued document is corrected by a credit note only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_draft, require_biller
from ecuanime.billing.actions.drafts.fees import release_charge
from ecuanime.billing.actions.prepaid.orders import cancel_order
from ecuanime.billing.drafting.discounts import bases_of
from ecuanime.billing.drafting.taxing import write_totals
from ecuanime.billing.drafting.withholding import NONE, withholdings
from ecuanime.billing.drafting.writing import add_after, segments_on, tax_the_rest, write_time
from ecuanime.billing.models import BY_HAND, Charge, Invoice, InvoiceLine, TaxRate
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.discounts import Discount
from ecuanime.rules.lines import Unit, line_amount

MOST_UNITS = 100_000
HIGHEST_PRICE = Decimal(1_000_000)
MOST_DECIMALS = 6
UNIT_DECIMALS = 3


@transaction.atomic
def add_line(
    *,
    invoice: Invoice,
    description: str,
    units: Decimal | int,
    price: Decimal,
    by: User,
    now: datetime,
    kind: str = InvoiceLine.Kind.SERVICE,
    unit_name: str = "",
    tax_rate: TaxRate | None = None,
    discount_percent: Decimal | None = None,
    discount_amount: int | None = None,
) -> InvoiceLine:
    """Add goods, an expense or a service by hand: `units` (to three decimals) at a price each, less a discount.

    The discount is so many per cent or an amount in minor units. It is taxed as its kind is for the client unless
    `tax_rate` says otherwise.
    Refused: `not_allowed`, `issued`, `no_description`, `bad_kind`, `no_units`, `bad_price`, `bad_discount`.
    """
    require_biller(by)
    draft = locked_draft(invoice)
    words = " ".join(description.split())[:300]
    if not words:
        raise Refused("no_description", _("Say what the line is for: the client reads it."))
    if kind not in BY_HAND:
        raise Refused("bad_kind", _("A line by hand is goods, an expense or a service."))
    _refuse_quantity(Decimal(units), price)
    gross = line_amount(Fraction(units), price, Unit.PIECES, draft.currency)
    taken = discount_of(gross, discount_percent, discount_amount)
    line = InvoiceLine(
        kind=kind,
        description=words,
        units=units,
        unit_name=" ".join(unit_name.split())[:20],
        price=price,
        discount_percent=discount_percent,
        discount=taken,
        amount=gross - taken,
    )
    add_after(draft, line, tax_rate)
    record("invoice_line_added", draft, now=now, description=words, amount=line.amount)
    return line


def _refuse_quantity(units: Decimal, price: Decimal) -> None:
    if not units.is_finite() or not 0 < units <= MOST_UNITS or units != round(units, UNIT_DECIMALS):
        raise Refused("no_units", _("Give how many, up to 100,000, with at most three decimals."))
    if not price.is_finite() or not 0 < abs(price) <= HIGHEST_PRICE or price != round(price, MOST_DECIMALS):
        raise Refused(
            "bad_price", _("Give a price other than zero, up to a million, with at most six decimals.")
        )


def discount_of(gross: int, percent: Decimal | None, amount: int | None) -> int:
    """What is taken off, in minor units. Refused: `bad_discount`."""
    if percent is None and amount is None:
        return 0
    if percent is not None and amount is not None:
        raise Refused("bad_discount", _("Give the discount as a percentage or as an amount, not both."))
    if percent is not None and (
        not percent.is_finite() or not 0 < percent <= 100 or percent != round(percent, UNIT_DECIMALS)
    ):
        raise Refused("bad_discount", _("A discount is above 0 % and at most 100 %, with three decimals."))
    taken = Discount(percent=percent, amount=amount).of(gross)
    if gross <= 0 or not 0 <= taken <= gross or amount == 0:
        raise Refused("bad_discount", _("A discount takes off more than zero and at most what there is."))
    return taken


@transaction.atomic
def set_discount(
    *,
    invoice: Invoice,
    by: User,
    now: datetime,
    percent: Decimal | None = None,
    amount: int | None = None,
    reason: str = "",
) -> Invoice:
    """Take a percentage or an amount (minor units) off a whole draft, spread over its tax rates; neither ends it.

    A percentage follows what the draft comes to. Refused: `not_allowed`, `issued`, `bad_discount`.
    """
    require_biller(by)
    draft = locked_draft(invoice)
    whole = sum(base for base in bases_of(list(draft.lines.order_by("position"))).values() if base > 0)
    discount_of(whole, percent, amount)
    draft.discount_percent, draft.discount_amount = percent, amount
    draft.discount_reason = " ".join(reason.split())[:120]
    draft.save(update_fields=["discount_percent", "discount_amount", "discount_reason"])
    write_totals(draft)
    record("invoice_discount_set", draft, now=now, percent=percent, amount=amount, total=draft.total)
    return draft


@transaction.atomic
def remove_line(*, line: InvoiceLine, by: User, now: datetime) -> Invoice:
    """Take a line that a person put there, or an advance deducted, out of a draft.

    Refused: `not_allowed`, `issued`, `not_manual`.
    """
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
def set_draft_withholding(*, invoice: Invoice, code: str, by: User, now: datetime) -> Invoice:
    """Say what the customer keeps back of a draft: a rate of the pack by its code, `none`, or empty as is usual.

    Refused: `not_allowed`, `issued`, `unknown_withholding`.
    """
    require_biller(by)
    draft = locked_draft(invoice)
    if code and code != NONE and code not in withholdings():
        raise Refused("unknown_withholding", _("There is no such rate of withholding in your country."))
    draft.chosen_withholding = code
    draft.save(update_fields=["chosen_withholding"])
    write_totals(draft)
    record("invoice_withholding_set", draft, now=now, withholding=code, withheld=draft.withheld)
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
    tax_the_rest(draft)
    write_time(draft, segments_on(draft))
    record("invoice_recomputed", draft, now=now, total=draft.total)
    return draft


@transaction.atomic
def discard_draft(*, invoice: Invoice, by: User, now: datetime) -> None:
    """Throw a draft away: its time and fees can be billed again, a pack ordered with it is cancelled (lots voided).

    Refused: `not_allowed`, `issued`, `pack_used` (hours of it were used already).
    """
    require_biller(by)
    draft = locked_draft(invoice)
    for charge in Charge.objects.filter(lines__invoice=draft).select_related("lot"):
        if charge.lot is None:
            release_charge(charge, now, is_billed_again=True)
        else:
            cancel_order(charge, _("The order was cancelled before it was invoiced."), now)
    record("draft_discarded", draft, now=now, client=draft.client.code, total=draft.total)
    draft.delete()
