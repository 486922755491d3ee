"""When people work, and when they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import MIDNIGHT, Band
from ecuanime.staff.access import may_approve_leave
from ecuanime.staff.models import Leave, WorkingBand

LONGEST_LEAVE = timedelta(days=366)


@transaction.atomic
def set_working_hours(*, user: User, bands: Sequence[Band], now: datetime) -> None:
    """Say in which hours of the week somebody works; none at all means the firm's hours.

    Refuses `not_of_firm` and `bands_overlap`.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.roles:
        raise Refused("not_of_firm", _("Only people of the firm have working hours here."))
    ordered = sorted(bands, key=lambda band: (band.weekday, band.opens))
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and (before.closes == MIDNIGHT or after.opens < before.closes):
            raise Refused("bands_overlap", _("Two intervals of one day overlap, so nothing was saved."))
    WorkingBand.objects.filter(user=person).delete()
    WorkingBand.objects.bulk_create(
        WorkingBand(user=person, weekday=band.weekday, opens=band.opens, closes=band.closes)
        for band in ordered
    )
    told = [f"{band.weekday} {band.opens:%H:%M}-{band.closes:%H:%M}" for band in ordered]
    audit.record("working_hours_set", person, now=now, bands=told)


@transaction.atomic
def note_leave(
    *,
    user: User,
    kind: str,
    first_day: date,
    last_day: date,
    by: User,
    now: datetime,
    from_time: time | None = None,
    until_time: time | None = None,
    note: str = "",
) -> Leave:
    """Note days, or a part of one, on which somebody will be away; it counts at once when `by` may approve it.

    Whoever approves leave may ask for their own too, but not approve it unless nobody else can.
    Refuses `not_of_firm`, `not_allowed`, `unknown_kind`, `bad_days`, `bad_times` and `leave_overlaps`.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.roles:
        raise Refused("not_of_firm", _("Only people of the firm have leave here."))
    approves = may_approve_leave(by, person)
    if by.pk != person.pk and not approves:
        raise Refused("not_allowed", _("You can note your own leave only."))
    _refuse_unclear(kind, first_day, last_day, from_time, until_time)
    leave = Leave(user=person, kind=kind, first_day=first_day, last_day=last_day, note=note.strip()[:200])
    leave.from_time, leave.until_time, leave.asked_at = from_time, until_time, now
    _refuse_overlap(leave)
    if approves:
        leave.approved_at, leave.approved_by = now, by
    leave.save(force_insert=True)
    days = {"first_day": first_day, "last_day": last_day}
    audit.record("leave_noted", person, now=now, leave=leave.pk, approved=approves, **days)
    return leave


@transaction.atomic
def approve_leave(*, leave: Leave, by: User, now: datetime) -> Leave:
    """Let it count. Approved already, nothing changes. Refuses `not_allowed` and `leave_cancelled`."""
    kept = Leave.objects.select_for_update(of=("self",)).select_related("user").get(pk=leave.pk)
    if not may_approve_leave(by, kept.user):
        raise Refused("not_allowed", _("Somebody else has to approve this leave."))
    if kept.cancelled_at is not None:
        raise Refused("leave_cancelled", _("This leave was cancelled, so it cannot be approved."))
    if kept.approved_at is None:
        kept.approved_at, kept.approved_by = now, by
        kept.save(update_fields=["approved_at", "approved_by"])
        audit.record("leave_approved", kept.user, now=now, leave=kept.pk)
    return kept


@transaction.atomic
def cancel_leave(*, leave: Leave, by: User, now: datetime) -> Leave:
    """Take a leave back, one's own or one that one may approve; again nothing changes. Refuses `not_allowed`."""
    kept = Leave.objects.select_for_update(of=("self",)).select_related("user").get(pk=leave.pk)
    if by.pk != kept.user_id and not may_approve_leave(by, kept.user):
        raise Refused("not_allowed", _("You can cancel your own leave only."))
    if kept.cancelled_at is None:
        kept.cancelled_at = now
        kept.save(update_fields=["cancelled_at"])
        audit.record("leave_cancelled", kept.user, now=now, leave=kept.pk)
    return kept


def _refuse_unclear(
    kind: str, first_day: date, last_day: date, from_time: time | None, until_time: time | None
) -> None:
    if kind not in Leave.Kind.values:
        raise Refused("unknown_kind", _("There is no such kind of leave. Choose one of the list."))
    if last_day < first_day or last_day - first_day > LONGEST_LEAVE:
        raise Refused("bad_days", _("The last day comes after the first one, and at most a year later."))
    if (from_time is None) != (until_time is None):
        raise Refused("bad_times", _("For a part of a day write both times, from and until."))
    if (
        from_time is not None
        and until_time is not None
        and (first_day != last_day or until_time <= from_time)
    ):
        raise Refused("bad_times", _("Times are for a part of one single day, and end after they begin."))


def _refuse_overlap(leave: Leave) -> None:
    others = Leave.objects.filter(
        user=leave.user, cancelled_at=None, first_day__lte=leave.last_day, last_day__gte=leave.first_day
    )
    if leave.from_time is not None:
        others = others.filter(
            Q(from_time=None) | Q(from_time__lt=leave.until_time, until_time__gt=leave.from_time)
        )
    if others.exists():
        raise Refused("leave_overlaps", _("There is a leave on some of these days already. Cancel it first."))
