"""Approved time that no document shows yet."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from ecuanime.billing.models import CoveredWork, LineSegment
from ecuanime.contracts.models import Contract
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.rating import with_relations


def unbilled_work(contract: Contract) -> list[TimeEntry]:
    """A contract's approved entries that stand on no draft and no invoice, neither on a line nor in an annex.

    An entry with corrections, and these, are left out: what they come to hangs together, and is rated again by itself.
    """
    charged = LineSegment.objects.filter(segment__rating__entry=OuterRef("pk"), is_live=True)
    shown = CoveredWork.objects.filter(rating__entry=OuterRef("pk"), is_live=True)
    entries = TimeEntry.objects.filter(
        ~Exists(charged),
        ~Exists(shown),
        contract=contract,
        state=EntryState.APPROVED,
        corrects=None,
        corrections=None,
    )
    return list(with_relations(entries).order_by("pk"))
