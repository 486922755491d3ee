"""Rating approved work of a contract again, or drawing it from a later pack, as it was shown and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import locked_lots, reach_back
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.actions.common import locked_entries, require_reason, require_supervisor
from ecuanime.worklog.actions.drawing import rate_and_draw, require_approved, take_back
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.replay import in_order, runs_of
from ecuanime.worklog.rerating import (
    Change,
    figures_in_force,
    mark_of,
    reattachment,
    replay,
    says_the_same,
)


@transaction.atomic
def rate_all_again(
    *, contract: Contract, entries: Sequence[TimeEntry], shown: str, by: User, reason: str, now: datetime
) -> list[Change]:
    """Rate approved entries of a contract again and book those that come out otherwise, keeping their approvals.

    `shown` is the mark of the changes that the person saw; what comes out the same is left alone. The caller makes
    sure that none of them is on an invoice.
    Refused: `not_allowed`, `no_reason`, `not_found`, `not_approved`, `changed` (it is not, or no longer, what was
    shown).
    """
    require_supervisor(may_review_time(by))
    require_reason(reason)
    locked = locked_entries(entry.pk for entry in entries)
    for entry in locked:
        if not entry.takes_away:  # what a correction took hangs together with what it corrects
            require_approved(entry)
    locked_lots(contract)
    found = replay(contract, locked)
    if not found.changes or mark_of(found.changes) != shown:
        raise _changed()
    _book(found.again, reason, now)
    return found.changes


@transaction.atomic
def reattach(
    *, lot: Lot, entries: Sequence[TimeEntry], shown: str, by: User, reason: str, now: datetime
) -> list[Change]:
    """Let a pack that was bought later pay for approved work that nothing covered, the earliest work first, as far as
    it reaches; the work keeps its approvals.

    From then on the pack pays for work from the day of the first such work on. `shown` is the mark of the changes that
    the person saw. The caller makes sure that none of the entries is on an invoice.
    Refused: `not_allowed`, `no_reason`, `not_found`, `not_approved`, `changed`, and as `entitlements.reach_back`.
    """
    require_supervisor(may_review_time(by))
    require_reason(reason)
    locked = locked_entries(entry.pk for entry in entries)
    for entry in locked:
        require_approved(entry)
    locked_lots(lot.contract)
    found = reattachment(lot, locked)
    if found.reaches_back_to is None or not found.changes or mark_of(found.changes) != shown:
        raise _changed()
    reach_back(lot=lot, to=found.reaches_back_to, now=now)
    _take_back(found.again, reason, now)
    rate_and_draw([change.entry for change in found.again], now)
    _require_as_shown(found.again, reason, now)
    return found.changes


def _book(changes: Sequence[Change], reason: str, now: datetime) -> None:
    """Take the last approved back first, then rate in their order."""
    _take_back(changes, reason, now)
    for together in runs_of([change.entry for change in changes]):
        rate_and_draw(together, now)
    _require_as_shown(changes, reason, now)


def _take_back(changes: Sequence[Change], reason: str, now: datetime) -> None:
    """Take entries back with the corrections that took from them, which have to be among them."""
    listed = {change.entry.pk for change in changes}
    for entry in reversed(in_order(change.entry for change in changes)):
        taken = [] if entry.takes_away else take_back(entry, reason, now)
        if not listed.issuperset(each.pk for each in taken):  # it was corrected meanwhile
            raise _changed()
    for change in changes:
        change.entry.version += 1
        change.entry.save(update_fields=["version"])


def _require_as_shown(changes: Sequence[Change], reason: str, now: datetime) -> None:
    booked = figures_in_force([change.entry for change in changes])
    for change in changes:
        if not says_the_same(booked[change.entry.pk], change.after):
            raise _changed()
        record("time_rated_again", change.entry, now=now, reason=reason)


def _changed() -> Refused:
    return Refused(
        "changed",
        _("It would come out otherwise than was shown. Nothing was booked; look at the comparison again."),
    )
