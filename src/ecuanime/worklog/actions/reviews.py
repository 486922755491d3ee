"""The supervisor's side: approve, adjust with a reason, reject.

Each call names the version that the person had seen; a newer one is refused (`changed`), so that nobody approves what
they have not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.contracts.models import Approval, Contract, WorkType
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.rating import HoldReason
from ecuanime.worklog.access import may_change_entry, may_review_time
from ecuanime.worklog.actions.common import (
    locked_entries,
    require_billable,
    require_contract_of_client,
    require_reason,
    require_supervisor,
    require_version,
)
from ecuanime.worklog.actions.corrections import require_approved_originals
from ecuanime.worklog.actions.drawing import draw_entries
from ecuanime.worklog.figures import Figures
from ecuanime.worklog.models import Decision, EntryState, TimeEntry
from ecuanime.worklog.pending import preview
from ecuanime.worklog.queries.day import overlaps_of

AS_IT_IS = -1
ADJUSTABLE = (EntryState.CLOSED, EntryState.REVIEWED, EntryState.DISPUTED)


def review_entry(*, entry: TimeEntry, by: User, now: datetime, version: int | None = None) -> TimeEntry:
    """Approve one closed entry as supervisor; see `review_entries`."""
    seen = {entry.pk: entry.version if version is None else version}
    return review_entries(seen=seen, by=by, now=now)[0]


@transaction.atomic
def review_entries(*, seen: Mapping[int, int], by: User, now: datetime) -> list[TimeEntry]:
    """Approve closed entries as supervisor, all or none. `seen` is the version of each by its id.

    Where the contract asks for no more (or nothing is charged: goodwill), this is the last approval and draws;
    otherwise they wait for the client, who is told by `send_cut`. Repeated, it changes nothing.
    Refused: `not_allowed`, `changed`, `not_closed`, `no_contract`, `overlap`, `no_rate`, `outside_contract`,
    `original_not_approved` (of a correction), `own_time` (somebody else can approve it).
    """
    require_supervisor(may_review_time(by))
    entries = locked_entries(seen)
    for entry in entries:
        require_version(entry, seen[entry.pk])
    fresh = [entry for entry in entries if not _is_reviewed(entry)]
    _require_reviewable(fresh, by)
    for entry in fresh:
        entry.self_approved = entry.user_id == by.pk
        _decide(entry, Decision.Kind.REVIEW, by, now)
        record("time_reviewed", entry, now=now, version=entry.version, own=entry.self_approved)
    last = [entry for entry in fresh if not needs_client(entry)]
    for entry in fresh:
        if entry not in last:
            entry.state = EntryState.REVIEWED
            entry.save(update_fields=["state", "self_approved"])
    draw_entries(entries=last, now=now)
    return entries


def needs_client(entry: TimeEntry) -> bool:
    """Whether the contract asks for the client's approval too. There is nothing to approve in goodwill."""
    is_goodwill = entry.billed_seconds == 0 < entry.elapsed_seconds
    return entry.contract is not None and entry.contract.approval_policy == Approval.BOTH and not is_goodwill


def _is_reviewed(entry: TimeEntry) -> bool:
    return entry.state in (EntryState.REVIEWED, EntryState.APPROVED)


def _require_reviewable(entries: Sequence[TimeEntry], by: User) -> None:
    require_approved_originals(entries)
    overlaps, figures = overlaps_of(entries), preview(entries)
    others_can = _others_review(by)
    for entry in entries:
        _require_closed(entry)
        if entry.user_id == by.pk and others_can:
            raise Refused(
                "own_time", _("This is your own time. Ask another supervisor to approve it; you have some.")
            )
        if entry.contract is None:
            raise Refused(
                "no_contract",
                _("The time on ticket #%(number)s has no contract yet. Choose one, then approve it.")
                % {"number": entry.ticket.number},
            )
        if entry.pk in overlaps:
            raise Refused("overlap", _overlap_words(entry, overlaps[entry.pk][0]))
        _require_price(entry, figures[entry.pk])


def _require_closed(entry: TimeEntry) -> None:
    if entry.state == EntryState.CLOSED:
        return
    words = {
        EntryState.OPEN: _("This entry is not closed yet. Close the day first."),
        EntryState.DISPUTED: _("The client disputes this entry. Explain it, adjust it or reject it."),
        EntryState.SETTLED: _("This entry was settled before it was brought over, so it stays as it is."),
    }
    raise Refused("not_closed", words.get(EntryState(entry.state), _("This entry was rejected.")))


def _overlap_words(entry: TimeEntry, other: TimeEntry) -> str:
    return _(
        "The time of %(name)s on ticket #%(number)s overlaps that on ticket #%(other)s. Reject or correct one of them."
    ) % {"name": entry.user, "number": entry.ticket.number, "other": other.ticket.number}


def _require_price(entry: TimeEntry, figures: Figures) -> None:
    """Nothing without a price or a contract in force is approved: it would stand held and nobody would see it."""
    facts = {"number": entry.ticket.number, "contract": entry.contract}
    if figures.held_reason == HoldReason.NO_RATE:
        raise Refused(
            "no_rate",
            _(
                "Contract %(contract)s has no rate for the work on ticket #%(number)s, and no price is guessed. "
                "Choose another contract or work type, or make it goodwill."
            )
            % facts,
        )
    if figures.held_reason == HoldReason.OUTSIDE_CONTRACT:
        raise Refused(
            "outside_contract",
            _(
                "Contract %(contract)s was not in force when the work on ticket #%(number)s was done. "
                "Choose another contract, or make it goodwill."
            )
            % facts,
        )


def _others_review(by: User) -> bool:
    roles = Q(roles__contains=[Role.SUPERVISOR]) | Q(roles__contains=[Role.ADMINISTRATOR])
    return User.objects.filter(roles, is_active=True).exclude(pk=by.pk).exists()


@transaction.atomic
def adjust_entry(
    *,
    entry: TimeEntry,
    by: User,
    reason: str,
    now: datetime,
    version: int | None = None,
    billable_seconds: int | None = AS_IT_IS,
    work_type: WorkType | None = None,
    contract: Contract | None = None,
    note: str | None = None,
    is_urgent: bool | None = None,
) -> TimeEntry:
    """Change what counts of an entry that is not approved yet; what was worked stays. It must be reviewed (anew).

    `billable_seconds` 0 is goodwill, None counts all that was worked. The version grows and earlier approvals of the
    entry no longer count.
    Refused: `not_allowed`, `no_reason`, `changed`, `not_adjustable`, `is_correction`, `billable_above_elapsed`,
    `foreign_contract`, `nothing_changed`.
    """
    require_supervisor(may_review_time(by))
    reason = require_reason(reason)
    entry = _adjustable(entry, version)
    if entry.corrects_id is not None:
        raise Refused(
            "is_correction", _("A correction is not adjusted: reject it, and record it anew as it should be.")
        )
    if contract is not None:
        require_contract_of_client(contract, entry.client_id)
    wanted: dict[str, Any] = {"work_type": work_type, "contract": contract, "is_urgent": is_urgent}
    wanted["note"] = None if note is None else " ".join(note.split())[:300]
    changes = {
        name: value for name, value in wanted.items() if value is not None and value != getattr(entry, name)
    }
    if billable_seconds != AS_IT_IS:
        require_billable(billable_seconds, entry.elapsed_seconds)
        if billable_seconds != entry.billable_seconds:
            changes["billable_seconds"] = billable_seconds
    if not changes:
        raise Refused("nothing_changed", _("Nothing was changed. Say what should count instead."))
    _decide(entry, Decision.Kind.ADJUST, by, now, reason)
    before = {name: str(getattr(entry, name)) for name in changes}
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.adjust_reason = reason[:300]
    _reopen(entry)
    after = {name: str(value) for name, value in changes.items()}
    record("time_adjusted", entry, now=now, before=before, after=after, reason=reason)
    return entry


def _reopen(entry: TimeEntry) -> None:
    """A changed entry is another one: earlier approvals no longer count and the client must be told anew."""
    entry.state = EntryState.CLOSED
    entry.version += 1
    entry.told_at = None
    entry.self_approved = False
    entry.save()


@transaction.atomic
def choose_contract(*, entry: TimeEntry, contract: Contract, by: User, now: datetime) -> TimeEntry:
    """Say which contract an entry without one belongs to; its person while it is open, else a supervisor.

    Refused: `not_allowed`, `has_contract` (adjust it with a reason), `foreign_contract`, `not_adjustable`.
    """
    [entry] = locked_entries([entry.pk])
    if not may_review_time(by) and not may_change_entry(by, entry):
        raise Refused(
            "not_allowed", _("Only its own person or a supervisor chooses the contract of an entry.")
        )
    require_contract_of_client(contract, entry.client_id)
    if entry.contract_id == contract.pk:
        return entry
    if entry.contract is not None:
        raise Refused(
            "has_contract",
            _("This entry already belongs to %(contract)s. Adjust it with a reason.")
            % {"contract": entry.contract},
        )
    if entry.state not in (EntryState.OPEN, EntryState.CLOSED):
        _refuse_adjustment()
    entry.contract = contract
    entry.version += 1
    entry.save(update_fields=["contract", "version"])
    record("time_contract_chosen", entry, now=now, contract=contract.number)
    return entry


@transaction.atomic
def reject_entry(
    *, entry: TimeEntry, by: User, reason: str, now: datetime, version: int | None = None
) -> TimeEntry:
    """Refuse an entry that is not approved yet: it is kept, and never charged. Repeated, it changes nothing.

    Refused: `not_allowed`, `no_reason`, `changed`, `not_adjustable`.
    """
    require_supervisor(may_review_time(by))
    reason = require_reason(reason)
    [locked] = locked_entries([entry.pk])
    if locked.state == EntryState.REJECTED:
        return locked
    entry = _adjustable(locked, version)
    _decide(entry, Decision.Kind.REJECT, by, now, reason)
    entry.state = EntryState.REJECTED
    entry.adjust_reason = reason[:300]
    entry.save(update_fields=["state", "adjust_reason"])
    record("time_rejected", entry, now=now, reason=reason)
    return entry


def _adjustable(entry: TimeEntry, version: int | None) -> TimeEntry:
    [entry] = locked_entries([entry.pk])
    require_version(entry, version)
    if entry.state not in ADJUSTABLE:
        _refuse_adjustment()
    return entry


def _refuse_adjustment() -> None:
    raise Refused(
        "not_adjustable",
        _(
            "Only time that was closed and is not approved yet can be changed here. Open time is its person's to "
            "correct; approved time must be taken back first."
        ),
    )


def _decide(entry: TimeEntry, kind: str, by: User, now: datetime, reason: str = "") -> None:
    Decision.objects.create(
        entry=entry, kind=kind, at=now, user=by, entry_version=entry.version, reason=reason
    )
