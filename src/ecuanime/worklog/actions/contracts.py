"""What time has to say when a contract ends or another takes its place. Approved time keeps its contract."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts import actions as contracts
from ecuanime.contracts.models import Contract
from ecuanime.contracts.queries import contract_that_fits, in_place_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import end_of_day, local_date
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.actions.common import locked_entries, require_supervisor
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries.contracts import entries_across, midday_of, time_after


@transaction.atomic
def end_contract(*, contract: Contract, ends_on: date, reason: str, now: datetime) -> Contract:
    """Give a contract its last day, unless work that is not approved yet would lie across it under no contract.

    Refused: `crosses_end`, naming the ticket of the first such entry, and as `contracts.end_contract`.
    """
    ended = contracts.end_contract(contract=contract, ends_on=ends_on, reason=reason, now=now)
    over = end_of_day(ends_on, ended.time_zone)
    for entry in entries_across(ended, over):
        if contract_that_fits(ended.client, area=entry.area, site=entry.site, at=over) is None:
            raise Refused(
                "crosses_end",
                _(
                    "Work on ticket #%(number)s lasts beyond that day, and no other contract covers the rest. "
                    "Split that entry, or choose another last day."
                )
                % {"number": entry.ticket.number},
            )
    return ended


@transaction.atomic
def move_open_time(*, contract: Contract, by: User, now: datetime) -> list[TimeEntry]:
    """Give the work done after a contract's last day, not reviewed yet, to the contract that has taken its place.

    Repeated, it finds nothing more to move. Refused: `not_allowed`, `nothing_in_its_place`.
    """
    require_supervisor(may_review_time(by))
    moved = []
    for entry in locked_entries(time_after(contract).values_list("pk", flat=True)):
        successor = in_place_of(contract, _day_of(entry, contract))
        if successor == contract:
            raise Refused(
                "nothing_in_its_place",
                _("No contract has taken the place of %(number)s by then. Choose one for each entry.")
                % {"number": contract.number},
            )
        if entry.state in (EntryState.OPEN, EntryState.CLOSED):
            entry.contract, entry.version = successor, entry.version + 1
            entry.save(update_fields=["contract", "version"])
            record("time_contract_followed", entry, now=now, before=contract.number, after=successor.number)
            moved.append(entry)
    return moved


def _day_of(entry: TimeEntry, contract: Contract) -> date:
    return local_date(entry.started_at or midday_of(entry.work_on), contract.time_zone)
