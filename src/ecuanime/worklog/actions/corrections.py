"""Correcting time after its approval: never an edit, always an entry of its own that is reviewed and approved anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.entitlements.actions import give_back_overdraft, reverse
from ecuanime.entitlements.models import Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.worklog.access import may_correct_entry
from ecuanime.worklog.actions.common import locked_entries, require_reason
from ecuanime.worklog.actions.entries import LONGEST
from ecuanime.worklog.events import TimeRecorded
from ecuanime.worklog.models import Decision, EntryState, RatedSegment, SegmentDraw, TimeEntry
from ecuanime.worklog.rating import RatedWork


@transaction.atomic
def record_correction(
    *, entry: TimeEntry, by: User, reason: str, now: datetime, seconds: int = 0, units: int = 0
) -> TimeEntry:
    """Add seconds or pieces to an approved entry, or take them away (negative), as an entry of its own.

    It is of the same person, ticket, contract and day; the next daily cut closes it, and it goes through the same
    approvals. The approved entry is not touched. What counts for the bill changes by as much, but not below nothing.
    Refused: `not_allowed`, `no_reason`, `not_approved` (adjust it instead), `nothing_changed`, `is_correction` (what
    took away is corrected on the entry itself), `below_zero`, `too_long` (over 24 h in all), `no_units` (the work is
    priced by the hour).
    """
    reason = require_reason(reason)
    [entry] = locked_entries([entry.pk])
    if not may_correct_entry(by, entry):
        raise Refused("not_allowed", _("Only its own person or a supervisor corrects an entry."))
    _require_correctable(entry, seconds, units)
    correction = TimeEntry.objects.create(
        corrects=entry,
        ticket=entry.ticket,
        client_id=entry.client_id,
        contract=entry.contract,
        user=entry.user,
        work_type=entry.work_type,
        area=entry.area,
        site=entry.site,
        is_urgent=entry.is_urgent,
        work_on=entry.work_on,
        elapsed_seconds=seconds,
        billable_seconds=_billable(entry, seconds),
        units=units or None,
        note=entry.note,
        adjust_reason=reason[:300],
        created_at=now,
    )
    Decision.objects.create(
        entry=correction,
        kind=Decision.Kind.CORRECT,
        at=now,
        user=by,
        entry_version=correction.version,
        reason=reason,
    )
    facts = {"corrects": entry.pk, "seconds": seconds, "units": units, "reason": reason, "by": by.pk}
    record("time_correction_recorded", correction, now=now, **facts)
    publish(TimeRecorded(entry_id=correction.pk, ticket_id=entry.ticket_id))
    return correction


def _require_correctable(entry: TimeEntry, seconds: int, units: int) -> None:
    if entry.state != EntryState.APPROVED:
        raise Refused(
            "not_approved",
            _("This entry is not approved yet. Correct or adjust it instead of adding a correction."),
        )
    if not seconds and not units:
        raise Refused("nothing_changed", _("Nothing was changed. Say how much is added or taken away."))
    if entry.takes_away or (entry.corrects_id is not None and (seconds > 0 or units > 0)):
        raise Refused(
            "is_correction", _("This is a correction itself. Correct the entry that it belongs to.")
        )
    if units and entry.units is None:
        raise Refused("no_units", _("This work is not counted in pieces. Correct its time."))
    live = _live(entry)
    if live["seconds"] + seconds < 0 or live["units"] + units < 0:
        raise Refused("below_zero", _("More cannot be taken away than was recorded."))
    if live["seconds"] + seconds > LONGEST.total_seconds():
        raise Refused("too_long", _("One entry holds at most 24 hours. Split the work into several entries."))


def _live(entry: TimeEntry) -> dict[str, int]:
    """What an entry and its corrections say together, those that were not rejected; what was added is not counted
    when more is taken away, since that comes out of the entry itself.
    """
    sums = (
        entry.corrections.exclude(state=EntryState.REJECTED)
        .filter(elapsed_seconds__lte=0)
        .aggregate(seconds=Sum("elapsed_seconds"), units=Sum("units"))
    )
    return {
        "seconds": entry.elapsed_seconds + (sums["seconds"] or 0),
        "units": (entry.units or 0) + (sums["units"] or 0),
    }


def _billable(entry: TimeEntry, seconds: int) -> int | None:
    """How many of the correction's seconds count: goodwill stays goodwill, and no more is taken than counts."""
    if entry.billable_seconds is None:
        return None
    if entry.billed_seconds == 0:
        return 0
    taken = entry.corrections.exclude(state=EntryState.REJECTED).filter(billable_seconds__lt=0)
    left = entry.billed_seconds + (taken.aggregate(sum=Sum("billable_seconds"))["sum"] or 0)
    return max(seconds, -left)


def require_approved_originals(entries: Iterable[TimeEntry]) -> None:
    """Refuse `original_not_approved` for a correction of an entry that was taken back and is not approved anew, nor
    among these entries, which are approved together.
    """
    listed = list(entries)
    targets = {entry.corrects_id for entry in listed if entry.corrects_id is not None}
    targets -= {entry.pk for entry in listed}
    if TimeEntry.objects.filter(pk__in=targets).exclude(state=EntryState.APPROVED).exists():
        raise Refused(
            "original_not_approved",
            _(
                "What this corrects was taken back and is not approved. Approve that first, or reject the correction."
            ),
        )


def write_taken(work: RatedWork, rows: list[RatedSegment], now: datetime) -> None:
    """Book what a correction took: hours go back to the lots they came from, and stored segments know what they lost.

    `rows` are the correction's stored segments, in the order of `work.takes_from`.
    """
    for row, source_id in zip(rows, work.takes_from, strict=True):
        row.takes_from_id = source_id
        row.save(update_fields=["takes_from"])
        _note_taken(source_id, -row.charged, -int(row.units or 0))
    _take_off_overdraft(work, now)
    drawn = -sum(segment.drawn_hundredths for segment in work.segments)
    if not drawn:
        return
    movement = Movement.objects.filter(
        segmentdraw__segment__in=work.takes_from, kind=Movement.Kind.DRAWDOWN
    ).latest("id")
    entry = work.entry
    reversal = reverse(
        movement=movement,
        now=now,
        idempotency_key=f"entry:{entry.pk}:v{entry.version}",
        reason=entry.adjust_reason,
        hundredths=drawn,
    )
    SegmentDraw.objects.bulk_create(
        SegmentDraw(segment=row, lot_id=part.lot_id, movement=reversal, quantity=part.hundredths)
        for row, segment in zip(rows, work.segments, strict=True)
        for part in segment.drawdowns
    )


def _take_off_overdraft(work: RatedWork, now: datetime) -> None:
    """Give back what the corrected work had overdrawn and no longer did."""
    entry, overdraft = work.entry, -sum(segment.overdraft_hundredths for segment in work.segments)
    if not overdraft:
        return
    cause = f"entry:{entry.corrects_id}"
    movement = Movement.objects.filter(cause=cause, kind=Movement.Kind.OVERDRAFT).latest("id")
    give_back_overdraft(
        movement=movement,
        now=now,
        idempotency_key=f"entry:{entry.pk}:v{entry.version}:overdraft",
        reason=entry.adjust_reason,
        hundredths=overdraft,
    )


def _note_taken(segment_id: int, minutes: Fraction, units: int) -> None:
    source = RatedSegment.objects.select_for_update(no_key=True).get(pk=segment_id)
    taken = Fraction(source.taken_numerator, source.taken_denominator) + minutes
    source.taken_numerator, source.taken_denominator = taken.numerator, taken.denominator
    source.save(update_fields=["taken_numerator", "taken_denominator"])
    if units:
        RatedSegment.objects.filter(pk=segment_id).update(taken_units=F("taken_units") + units)
