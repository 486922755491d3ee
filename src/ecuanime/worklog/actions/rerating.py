"""Rating approved work of a contract again, all of it together, as it was shown and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import locked_lots
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.actions.common import locked_entries, require_reason, require_supervisor
from ecuanime.worklog.actions.drawing import rate_and_draw, require_approved, take_back
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.rerating import Change, changes_of, figures_in_force, mark_of, says_the_same


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
        require_approved(entry)
    locked_lots(contract)
    changes = changes_of(contract, locked)
    if not changes or mark_of(changes) != shown:
        _refuse_changed()
    _book(changes, reason, now)
    return changes


def _book(changes: Sequence[Change], reason: str, now: datetime) -> None:
    """Take the last approved back first, then rate in their order; what comes of it must be what was shown."""
    entries = [change.entry for change in changes]
    for entry in reversed(entries):
        if take_back(entry, reason, now):  # it was corrected meanwhile
            _refuse_changed()
        entry.version += 1
        entry.save(update_fields=["version"])
    for _at, together in groupby(entries, key=lambda entry: entry.approved_at):
        rate_and_draw(list(together), now)
    booked = figures_in_force(entries)
    for change in changes:
        if not says_the_same(booked[change.entry.pk], change.after):
            _refuse_changed()
        record("time_rated_again", change.entry, now=now, reason=reason)


def _refuse_changed() -> None:
    raise Refused(
        "changed",
        _("It would come out otherwise than was shown. Nothing was booked; look at the comparison again."),
    )
