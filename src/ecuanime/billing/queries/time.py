"""Approved time that no document shows yet."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from ecuanime.billing.models import CoveredWork, LineSegment
from ecuanime.contracts.models import Contract
from ecuanime.worklog.models import EntryState, RatedSegment, TimeEntry
from ecuanime.worklog.rating import with_relations


def unbilled_work(contract: Contract) -> list[TimeEntry]:
    """A contract's approved entries that stand on no draft and no invoice, neither on a line nor in an annex.

    Corrections are among them; but one that takes away only with what it takes from, and none of an entry that was
    taken back.
    """
    entries = _unbilled(contract)
    takes_away = Q(corrects__isnull=False) & (Q(elapsed_seconds__lt=0) | Q(units__lt=0))
    of_unbilled = Q(corrects__in=entries.values("pk"))
    stands = Q(corrects=None) | Q(corrects__state=EntryState.APPROVED)
    found = entries.filter(stands).filter(~takes_away | of_unbilled)
    return list(with_relations(found).order_by("pk"))


def unbilled_uncorrected(contract: Contract) -> list[TimeEntry]:
    """Those of them that are no corrections and have none."""
    entries = _unbilled(contract).filter(corrects=None, corrections=None)
    return list(with_relations(entries).order_by("pk"))


def unbilled_corrected(contract: Contract) -> list[TimeEntry]:
    """A contract's approved, corrected entries that stand on no draft and no invoice."""
    entries = _unbilled(contract).filter(corrects=None, corrections__isnull=False)
    return list(entries.select_related("ticket").distinct().order_by("work_on", "pk"))


def uncovered_work(contract: Contract) -> int:
    """The hundredths of a minute of such work, never corrected, that nothing covers and no later lot settles."""
    segments = RatedSegment.objects.filter(
        rating__superseded_at=None,
        rating__entry__in=_unbilled(contract).filter(corrects=None, corrections=None),
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
    )
