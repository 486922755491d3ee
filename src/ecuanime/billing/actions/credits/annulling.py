"""Taking a document back as one that should never have been: what shows that it was, and what follows in the books."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.billing.actions.books.closing import refuse_closed
from ecuanime.billing.actions.drafts.fees import release_charge
from ecuanime.billing.actions.prepaid.orders import cancel_order
from ecuanime.billing.books.closed import ladder, reminder_day
from ecuanime.billing.models import Charge, CoveredWork, Invoice, LineSegment
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.actions import free_entry
from ecuanime.worklog.models import TimeEntry


def refuse_settled(issued: Invoice) -> None:
    """What shows that the invoice did exist for somebody."""
    if issued.corrects_id is not None:
        raise Refused("is_correction", _("A credit note is not taken back: what it corrects was corrected."))
    if issued.replaced_by is not None:
        raise Refused(
            "replaced",
            _("%(number)s stands in its place. Take the record of that one back first.")
            % {"number": issued.replaced_by.number},
        )
    if issued.is_replacement:
        if Invoice.objects.filter(corrects__replaced_by=issued).exists():
            raise Refused("credited", _("A credit note corrects it already, so it did exist."))
    elif issued.credited:
        raise Refused("credited", _("A credit note corrects it already, so it did exist."))
    if issued.lines.filter(Q(deducted_by__isnull=False) | Q(deducts__isnull=False)).exists():
        raise Refused(
            "advance", _("An advance is deducted between it and another. Correct it with a credit note.")
        )
    if issued.paid or issued.payments.exists():
        raise Refused("paid", _("Something was paid on it, so it did exist. Correct it with a credit note."))
    if issued.issued_on:
        refuse_closed(issued.issued_on)


def refuse_note_in_use(note: Invoice) -> None:
    """What shows that a credit note did exist: something that it freed may be billed again by now.

    Refused: `time_freed` (it let time be billed anew), `pack_back` (it took back a pack or a fee), `closed_period`.
    """
    if LineSegment.objects.filter(line__invoice=note).exists():
        raise Refused(
            "time_freed",
            _("It let time be billed anew, so it did exist. Bill that time on another invoice."),
        )
    if note.lines.filter(charge__isnull=False).exists():
        raise Refused(
            "pack_back", _("It took back a pack or a fee, so it did exist. Sell or charge it anew.")
        )
    if note.issued_on:
        refuse_closed(note.issued_on)


def why_not_taken_back(issued: Invoice) -> Refused | None:
    """What keeps a document from being taken back, as far as a look tells; what a pack says is only known by trying."""
    try:
        if issued.corrects_id is not None:
            refuse_note_in_use(issued)
        else:
            refuse_settled(issued)
    except Refused as refusal:
        return refusal
    return None


def take_out_of_books(issued: Invoice, reason: str, now: datetime) -> None:
    """Nothing owed, nothing on it billed: as if it had never been, but for its number and its trace."""
    for charge in Charge.objects.filter(lines__invoice=issued, cancelled_at__isnull=True).order_by("pk"):
        if charge.lot is None:
            release_charge(charge, now, is_billed_again=True)
        else:
            cancel_order(charge, reason, now)
    live = LineSegment.objects.filter(line__invoice=issued, is_live=True)
    entries = list(live.values_list("segment__rating__entry_id", flat=True).distinct())
    live.update(is_live=False)
    CoveredWork.objects.filter(invoice=issued).update(is_live=False)
    for entry in TimeEntry.objects.select_for_update(no_key=True).filter(pk__in=entries).order_by("pk"):
        free_entry(entry=entry, reason=f"{issued.number}: {reason}", now=now)
    issued.replaces.update(replaced_by=None)
    issued.credited, issued.annulled_at = issued.payable, now
    issued.remind_on = None
    issued.save(update_fields=["credited", "annulled_at", "remind_on"])


def take_back(issued: Invoice, reason: str, now: datetime) -> None:
    """Take a document out of the books, whatever it is. Refused: as `refuse_settled` and `refuse_note_in_use`."""
    if issued.corrects_id is not None:
        take_note_back(issued, now)
        return
    refuse_settled(issued)
    take_out_of_books(issued, reason, now)


def take_note_back(note: Invoice, now: datetime) -> None:
    """What a credit note took off is owed again; its number stays used. Refused: as `refuse_note_in_use`."""
    refuse_note_in_use(note)
    original = Invoice.objects.select_for_update(no_key=True).get(corrections=note)
    note.annulled_at = now
    note.save(update_fields=["annulled_at"])
    original.credited += note.payable
    original.remind_on = reminder_day(original, ladder())
    original.save(update_fields=["credited", "remind_on"])
