"""Approved time that no document shows yet."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from ecuanime.billing.models import CoveredWork, LineSegment
from ecuanime.contracts.models import Contract
from ecuanime.worklog.models import EntryState, RatedSegment, TimeEntry
from ecuanime.worklog.rating import with_relations


def unbilled_work(contract: Contract) -> list[TimeEntry]:
    """A contract's approved entries that stand on no draft and no invoice, neither on a line nor in an annex.

    An entry with corrections, and these, are left out: what they come to hangs together, and is rated again by itself
    (`unbilled_corrected`).
    """
    entries = _unbilled(contract).filter(corrections=None)
    return list(with_relations(entries).order_by("pk"))


def unbilled_corrected(contract: Contract) -> list[TimeEntry]:
    """A contract's approved, corrected entries that stand on no draft and no invoice."""
    entries = _unbilled(contract).filter(corrections__isnull=False)
    return list(entries.select_related("ticket").distinct().order_by("work_on", "pk"))


def uncovered_work(contract: Contract) -> int:
    """The hundredths of a minute of such work, never corrected, that nothing covers and no later lot settles."""
    segments = RatedSegment.objects.filter(
        rating__superseded_at=None, rating__entry__in=_unbilled(contract).filter(corrections=None)
    )
    return segments.aggregate(sum=Sum(F("overage") - F("overdraft")))["sum"] or 0


def _unbilled(contract: Contract) -> QuerySet[TimeEntry]:
    charged = LineSegment.objects.filter(segment__rating__entry=OuterRef("pk"), is_live=True)
    shown = CoveredWork.objects.filter(rating__entry=OuterRef("pk"), is_live=True)
    return TimeEntry.objects.filter(
        ~Exists(charged),
        ~Exists(shown),
        contract=contract,
        state=EntryState.APPROVED,
        corrects=None,
    )
