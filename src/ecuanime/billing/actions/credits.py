"""Credit notes: the only way to correct what was issued."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_invoice, locked_issued, require_biller, require_reason
from ecuanime.billing.actions.issuing import issue_locked
from ecuanime.billing.actions.orders import cancel_order
from ecuanime.billing.events import InvoiceCredited
from ecuanime.billing.models import Charge, CoveredWork, Invoice, InvoiceLine, LineSegment
from ecuanime.billing.taxing import quantity_of, write_totals
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import locked_lots, refund_unused
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.rules.lines import Unit, line_amount
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.actions import free_entry
from ecuanime.worklog.models import TimeEntry

_SAME_ON_BOTH = (
    "position",
    "kind",
    "unit_name",
    "discount_percent",
    "description",
    "detail",
    "contract_id",
    "charge_id",
    "price",
    "tax_code",
    "tax_name",
    "tax_category",
    "tax_percent",
    "tax_reason",
)


@transaction.atomic
def credit_invoice(
    *, invoice: Invoice, reason: str, by: User, now: datetime, free_time: bool = True
) -> Invoice:
    """Cancel an issued document whole by a credit note (a negative pro-forma for a pro-forma), issued at once.

    Its time is freed: with `free_time` each entry goes back to review and what it drew returns to its lots; without,
    the approvals stand and the next run bills the same time again (when only the document was wrong). A pack on it
    is voided. What was paid is then owed to the client (`owed` < 0).
    Refused: `not_allowed`, `not_issued`, `is_correction`, `credited`, `no_reason`, `pack_used` (pay its unused hours
    back instead), `export_only`.
    """
    require_biller(by)
    reason = require_reason(reason)
    original = _creditable(invoice)
    entries = _lock_time(original)
    for charge in Charge.objects.filter(lines__invoice=original).select_related("lot", "contract"):
        cancel_order(charge, reason, now)
    note = _new_note(original, reason, now)
    for line in original.lines.order_by("position"):
        _take_off(note, line)
    LineSegment.objects.filter(line__invoice=original).update(is_live=False)
    CoveredWork.objects.filter(invoice=original).update(is_live=False)
    if free_time:
        for entry in entries:
            free_entry(entry=entry, reason=f"{original.number}: {reason}", now=now)
    return _issue(note, original, now)


@transaction.atomic
def pay_back_pack(*, charge: Charge, reason: str, by: User, now: datetime, idempotency_key: str) -> Invoice:
    """Credit the unused paid hours of a pack at the price paid; its unused bonus goes along. Gives the credit note.

    Refused: `not_allowed`, `not_issued`, `credited`, `no_reason`, `export_only`, and as `entitlements.refund_unused`.
    """
    require_biller(by)
    reason = require_reason(reason)
    line = charge.lines.filter(invoice__corrects__isnull=True).select_related("invoice").first()
    if line is None or charge.lot is None:
        raise Refused("not_issued", _("This pack was never charged, so there is nothing to pay back."))
    original = locked_issued(line.invoice)
    key = f"pay-back:{idempotency_key}"
    known = Invoice.objects.filter(idempotency_key=key, corrects=original).first()
    if known is not None:
        return known
    _refuse_credited(original, original.credited >= original.total)
    refund = refund_unused(lot=charge.lot, reason=reason, now=now, idempotency_key=key)
    note = _new_note(original, reason, now, key)
    _take_off(note, line, refund.paid_hundredths)
    return _issue(note, original, now)


def _creditable(invoice: Invoice) -> Invoice:
    original = locked_issued(invoice)
    if original.corrects_id is not None:
        raise Refused("is_correction", _("A credit note is not credited itself: bill the time anew."))
    _refuse_credited(original, original.credited > 0)
    return original


def _refuse_credited(original: Invoice, is_credited: bool) -> None:
    if is_credited:
        raise Refused(
            "credited",
            _("%(number)s was credited already. Open it to see by which document.")
            % {"number": original.number},
        )


def _lock_time(original: Invoice) -> list[TimeEntry]:
    """The entries on the document, locked as approvals lock: entries, then contracts, then lots, each by id."""
    of_invoice = TimeEntry.objects.filter(ratings__segments__invoiced__line__invoice=original).values("pk")
    entries = TimeEntry.objects.select_for_update(no_key=True).filter(pk__in=of_invoice)
    locked = list(entries.order_by("pk"))
    of_time = Q(pk__in=[entry.contract_id for entry in locked if entry.contract_id])
    for contract in (
        Contract.objects.filter(of_time | Q(invoiceline__invoice=original)).distinct().order_by("pk")
    ):
        locked_lots(contract)
    return locked


def _new_note(original: Invoice, reason: str, now: datetime, key: str | None = None) -> Invoice:
    kind = Invoice.Kind.PRO_FORMA if original.is_pro_forma else Invoice.Kind.CREDIT_NOTE
    return Invoice.objects.create(
        client=original.client,
        kind=kind,
        corrects=original,
        reason=reason,
        idempotency_key=key,
        currency=original.currency,
        language=original.language,
        period_from=original.period_from,
        period_until=original.period_until,
        is_demo=the_firm().is_demo,
        dated_at=now,
        created_at=now,
    )


def _take_off(note: Invoice, line: InvoiceLine, hundredths: int | None = None) -> None:
    """A line's opposite with its annex, or that of so many hundredths of a minute of it."""
    unit, quantity = quantity_of(line)
    if hundredths is not None:
        quantity = Fraction(hundredths, HUNDREDTHS_PER_MINUTE)
    is_time = unit == Unit.MINUTES
    opposite = InvoiceLine.objects.create(
        invoice=note,
        minutes_numerator=-quantity.numerator if is_time else None,
        minutes_denominator=quantity.denominator if is_time else 1,
        units=None if is_time else -(line.units or 0),
        discount=0 if hundredths else -line.discount,
        amount=line_amount(-quantity, line.price, unit, note.currency) if hundredths else -line.amount,
        **{name: getattr(line, name) for name in _SAME_ON_BOTH},
    )
    if hundredths is None:
        LineSegment.objects.bulk_create(
            LineSegment(
                line=opposite,
                segment_id=part.segment_id,
                minutes_numerator=-part.minutes_numerator,
                minutes_denominator=part.minutes_denominator,
                amount=-part.amount,
                is_live=False,
            )
            for part in line.segments.order_by("pk")
        )


def _issue(note: Invoice, original: Invoice, now: datetime) -> Invoice:
    """Add the note up, give it its number, and take it off what the original owes."""
    issued = issue_locked(locked_invoice(write_totals(note)), now)
    original.credited -= issued.total
    original.save(update_fields=["credited"])
    record(
        "invoice_credited", original, now=now, number=original.number, by=issued.number, reason=note.reason
    )
    publish(InvoiceCredited(invoice_id=original.pk, credit_id=issued.pk))
    return issued
