"""Taking approved time back, which worklog cannot decide alone: it must not stand on a live line.

Should two do both at once, the database keeps billed time where it is (see migration 0003).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.models import Invoice, LineSegment
from ecuanime.billing.queries import unbilled_uncorrected, unbilled_work
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.actions import free_entry, rate_again, rate_all_again, reattach
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.rerating import Change


@transaction.atomic
def free_time(*, entry: TimeEntry, reason: str, by: User, now: datetime) -> TimeEntry:
    """Hand an approved entry back to review, unless it stands on a draft or an invoice.

    Refused: `on_draft` (discard the draft first), `invoiced` (credit the invoice), and as `worklog.free_entry`.
    """
    _refuse_billed(entry)
    return free_entry(entry=entry, reason=reason, by=by, now=now)


@transaction.atomic
def rate_time_again(*, entry: TimeEntry, reason: str, by: User, now: datetime) -> TimeEntry:
    """Rate an approved entry anew, unless it stands on a draft or an invoice. Refused: as `free_time`."""
    _refuse_billed(entry)
    return rate_again(entry=entry, reason=reason, by=by, now=now)


@transaction.atomic
def rate_unbilled_again(
    *, contract: Contract, shown: str, reason: str, by: User, now: datetime
) -> list[Change]:
    """Rate again all approved work of a contract that stands on no draft and no invoice, as it was shown.

    `shown` is the mark of the changes that were seen (`unbilled_changes`). Refused: as `worklog.rate_all_again`.
    """
    return rate_all_again(
        contract=contract, entries=unbilled_work(contract), shown=shown, reason=reason, by=by, now=now
    )


@transaction.atomic
def reattach_unbilled(*, lot: Lot, shown: str, reason: str, by: User, now: datetime) -> list[Change]:
    """Let a pack pay for approved work that nothing covered and that stands on no draft and no invoice.

    Refused: as `worklog.reattach`.
    """
    entries = unbilled_uncorrected(lot.contract)
    return reattach(lot=lot, entries=entries, shown=shown, reason=reason, by=by, now=now)


def _refuse_billed(entry: TimeEntry) -> None:
    TimeEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    live = LineSegment.objects.filter(segment__rating__entry=entry, is_live=True)
    billed = live.select_related("line__invoice__client").first()
    if billed is None:
        return
    invoice = billed.line.invoice
    if invoice.state == Invoice.State.DRAFT:
        raise Refused(
            "on_draft",
            _("This time stands on a draft invoice of %(client)s. Discard the draft first, then change it.")
            % {"client": invoice.client.name},
        )
    raise Refused(
        "invoiced",
        _("This time was invoiced with %(number)s. Correct it with a credit note, which frees it.")
        % {"number": invoice.number},
    )
