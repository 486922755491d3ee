"""Credit notes: the only way to correct what was issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import (
    locked_invoice,
    locked_issued,
    refuse_brought,
    refuse_replacement,
    require_biller,
    require_reason,
)
from ecuanime.billing.actions.drafts.fees import release_charge
from ecuanime.billing.actions.issuing.documents import issue_locked
from ecuanime.billing.actions.prepaid.orders import cancel_order
from ecuanime.billing.crediting.totals import write_credit_totals
from ecuanime.billing.crediting.writing import (
    CreditPart,
    LineLeft,
    lines_left,
    note_of,
    take_discount_off,
    take_off,
    take_quantity_off,
)
from ecuanime.billing.events import InvoiceCredited
from ecuanime.billing.models import Charge, CoveredWork, Invoice, LineSegment
from ecuanime.billing.packs import pack_for
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import locked_lots, refund_unused
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.actions import free_entry
from ecuanime.worklog.models import TimeEntry


@transaction.atomic
def credit_invoice(
    *,
    invoice: Invoice,
    reason: str,
    by: User,
    now: datetime,
    free_time: bool = True,
    correction_type: str = "",
    by_substitution: bool = False,
) -> Invoice:
    """Cancel all that is left of an issued document by a credit note (a pro-forma for a pro-forma), issued at once.

    Its time is freed: with `free_time` each entry goes back to review and what it drew returns to its lots; without,
    the approvals stand and the next run bills the same time again (when only the document was wrong). A pack on it
    is voided. What was paid is then owed to the client (`owed` < 0). `correction_type` is one of the country's kinds
    of correction, its usual one when empty; `by_substitution` states there what now stands, not only the difference.
    Refused: `not_allowed`, `not_issued`, `is_correction`, `credited`, `no_reason`, `pack_used` (pay its unused hours
    back instead), `export_only`, `wrong_kind`, and what the country's pack refuses to write.
    """
    require_biller(by)
    reason = require_reason(reason)
    original = _creditable(invoice)
    _lock_time(original)
    note = _new_note(original, reason, now)
    _say_how(note, correction_type, by_substitution=by_substitution)
    left = lines_left(original)
    for each in left.values():
        _credit_part(note, each, CreditPart(each.line), now, free_time=free_time)
    return _issue(note, original, left, now, free_time=free_time)


@transaction.atomic
def credit_lines(
    *,
    invoice: Invoice,
    parts: Sequence[CreditPart],
    reason: str,
    by: User,
    now: datetime,
    idempotency_key: str,
    free_time: bool = True,
    correction_type: str = "",
    by_substitution: bool = False,
) -> Invoice:
    """Credit parts of some lines of an issued document; exactly the time on them is freed, as `credit_invoice` says.

    An amount is a lower price and frees nothing. The same key again gives the first credit note back.
    Refused: `wrong_kind`, `not_allowed`, `not_issued`, `is_correction`, `credited`, `no_reason`, `nothing_chosen`,
    `above_line`, `above_invoice`, `name_entries`, `part_of_entry`, `no_units`, `pack_line`, `pack_used`, `export_only`.
    """
    require_biller(by)
    reason = require_reason(reason)
    issued = locked_issued(invoice)
    known = note_of(idempotency_key)
    if known is not None and known.corrects_id == issued.pk:
        return known
    original, chosen = _creditable(issued), {part.line.pk: part for part in parts}
    left = lines_left(original)
    if not chosen or len(chosen) != len(parts) or not chosen.keys() <= left.keys():
        raise Refused("nothing_chosen", _("Choose what is credited, each line of the document once."))
    _lock_time(original)
    note = _new_note(original, reason, now, f"credit:{idempotency_key}")
    _say_how(note, correction_type, by_substitution=by_substitution)
    for pk, each in left.items():
        if pk in chosen:
            _credit_part(note, each, chosen[pk], now, free_time=free_time)
    take_discount_off(note, left)
    return _issue(note, original, left, now, free_time=free_time)


def _credit_part(note: Invoice, left: LineLeft, part: CreditPart, now: datetime, *, free_time: bool) -> None:
    """Take a part off; a pack that is credited whole is cancelled, and a fee is billed again as its time is."""
    is_rest, charge = _is_rest(left, part), left.line.charge
    has_rest = left.is_whole or left.amount != 0  # what an earlier note has settled is not settled again
    if is_rest and has_rest and charge is not None:
        if charge.lot is None:
            release_charge(charge, now, is_billed_again=not free_time)
        else:
            cancel_order(charge, note.reason, now)
    take_off(note, left, part)


def _is_rest(left: LineLeft, part: CreditPart) -> bool:
    """Whether nothing of the line is left after it, be it said or counted; an amount is only a lower price."""
    if part.amount is not None or part.entries:
        return False
    return part.units is None or Fraction(part.units) == left.units


@transaction.atomic
def pay_back_pack(*, charge: Charge, reason: str, by: User, now: datetime, idempotency_key: str) -> Invoice:
    """Credit the unused paid hours of a pack at the price paid; its unused bonus goes along. Gives the credit note.

    Refused: `not_allowed`, `not_issued`, `credited`, `no_reason`, `above_line`, `above_invoice`, `export_only`, and as
    `entitlements.refund_unused`.
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
    _refuse_credited(original)
    refund = refund_unused(lot=charge.lot, reason=reason, now=now, idempotency_key=key)
    note, left = _new_note(original, reason, now, key), lines_left(original)
    take_quantity_off(note, left[line.pk], refund.paid_hundredths)
    take_discount_off(note, left)
    return _issue(note, original, left, now, free_time=False)


def _creditable(invoice: Invoice) -> Invoice:
    original = locked_issued(invoice)
    if original.corrects_id is not None:
        raise Refused("is_correction", _("A credit note is not credited itself: bill the time anew."))
    refuse_brought(original)
    refuse_replacement(original)
    _refuse_credited(original)
    return original


def _refuse_credited(original: Invoice) -> None:
    if original.written_off:
        raise Refused(
            "written_off",
            _("A part of %(number)s is written off. Take that back before you credit it.")
            % {"number": original.number},
        )
    if not original.can_be_credited:
        raise Refused(
            "credited",
            _("%(number)s was credited already. Open it to see by which document.")
            % {"number": original.number},
        )


def _lock_time(original: Invoice) -> None:
    """The entries on the document, locked as approvals lock: entries, then contracts, then lots, each by id."""
    of_invoice = TimeEntry.objects.filter(ratings__segments__invoiced__line__invoice=original).values("pk")
    entries = TimeEntry.objects.select_for_update(no_key=True).filter(pk__in=of_invoice)
    locked = list(entries.order_by("pk"))
    of_time = Q(pk__in=[entry.contract_id for entry in locked if entry.contract_id])
    for contract in (
        Contract.objects.filter(of_time | Q(invoiceline__invoice=original)).distinct().order_by("pk")
    ):
        locked_lots(contract)


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
        tax_per_line=original.tax_per_line,
        period_from=original.period_from,
        period_until=original.period_until,
        is_demo=the_firm().is_demo,
        dated_at=now,
        created_at=now,
    )


def _say_how(note: Invoice, correction_type: str, *, by_substitution: bool) -> None:
    """Note what the country's law wants said of a correction. Refused: `wrong_kind`."""
    kinds = {code for code, _words in pack_for(the_firm().country).correction_kinds()}
    if (correction_type and correction_type not in kinds) or (by_substitution and not kinds):
        raise Refused("wrong_kind", _("The law of your country knows no such kind of correction."))
    if by_substitution and note.corrects is not None and note.corrects.replaced_by is not None:
        raise Refused(
            "replaced",
            _("%(number)s stands in its place, so that the correction is by differences.")
            % {"number": note.corrects.replaced_by.number},
        )
    note.correction_type, note.by_substitution = correction_type, by_substitution
    note.save(update_fields=["correction_type", "by_substitution"])


def _issue(
    note: Invoice, original: Invoice, left: dict[int, LineLeft], now: datetime, *, free_time: bool
) -> Invoice:
    """Add the note up, give it its number, take it off what the original owes, and free the time on it."""
    write_credit_totals(note, original)
    _refuse_above(note, original)
    freed = [part for each in left.values() for part in each.segments]
    original.credited -= note.payable
    if original.credited == original.payable:
        CoveredWork.objects.filter(invoice=original).update(is_live=False)
    if free_time:
        _free_time(note, original, [part.pk for part in freed], now)
    issued = issue_locked(locked_invoice(note), now)
    original.save(update_fields=["credited"])
    record(
        "invoice_credited", original, now=now, number=original.number, by=issued.number, reason=note.reason
    )
    publish(InvoiceCredited(invoice_id=original.pk, credit_id=issued.pk))
    return issued


def _refuse_above(note: Invoice, original: Invoice) -> None:
    left = original.payable - original.credited
    if -note.payable > left or -note.payable < min(left, 1):
        raise Refused(
            "above_invoice",
            _("A credit note takes off more than zero, and of %(number)s only %(left)s is left.")
            % {
                "number": original.number,
                "left": formats.money(
                    left, original.currency, formats.locale_for(get_language(), original.currency)
                ),
            },
        )


def _free_time(note: Invoice, original: Invoice, were_live: Sequence[int], now: datetime) -> None:
    """Hand the entries that this note has freed back to review. Refused: `part_of_entry`."""
    freed = LineSegment.objects.filter(pk__in=were_live, is_live=False).values("segment__rating__entry")
    for entry in TimeEntry.objects.filter(pk__in=freed).order_by("pk"):
        if LineSegment.objects.filter(segment__rating__entry=entry, is_live=True).exists():
            raise Refused(
                "part_of_entry",
                _("The entry of %(day)s stands on another line too. Credit both, or let it be billed again.")
                % {"day": entry.work_on.isoformat()},
            )
        free_entry(entry=entry, reason=f"{original.number}: {note.reason}", now=now)
