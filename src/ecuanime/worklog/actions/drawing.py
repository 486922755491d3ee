"""The last approval draws: rating, ledger and the entry's state change in one transaction.

Locks are always taken in the same order: entries by id, then contracts by id, then each contract's lots by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import (
    draw,
    give_back_overdraft,
    locked_lots,
    overdraft_left,
    overdraw,
    reverse,
    settle_overdraft_again,
)
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import start_of_day
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.actions.common import locked_entries, require_reason, require_supervisor
from ecuanime.worklog.actions.corrections import require_approved_originals, write_taken
from ecuanime.worklog.actions.incidents import draw_incident, give_back_unneeded
from ecuanime.worklog.events import TimeApproved, TimeFreed
from ecuanime.worklog.models import (
    Decision,
    EntryState,
    RatedEntry,
    RatedSegment,
    SegmentDraw,
    TimeEntry,
)
from ecuanime.worklog.rating import RatedWork, rate_entries
from ecuanime.worklog.rows import values_of

__all__ = ["draw_entries", "free_entry", "rate_again"]


@transaction.atomic
def draw_entries(*, entries: Sequence[TimeEntry], now: datetime) -> list[TimeEntry]:
    """Approve, rate and draw entries whose last approval was just given, in this transaction.

    `entries` must be locked by the caller. Those of one contract are rated together, the earliest work first. An
    entry that was already drawn is left as it is.
    """
    waiting = [entry for entry in entries if entry.state != EntryState.APPROVED]
    rate_and_draw(waiting, now)
    for entry in waiting:
        entry.state = EntryState.APPROVED
        entry.approved_at = now
        entry.save(update_fields=["state", "approved_at", "self_approved"])
        record("time_approved", entry, now=now, version=entry.version)
        publish(TimeApproved(entry_id=entry.pk, client_id=entry.client_id))
    return list(entries)


def rate_and_draw(entries: Sequence[TimeEntry], now: datetime) -> None:
    """Lock the contracts and their lots, rate over these and write what comes of it; corrections after the others,
    since they change what those were rated to. Last, lots settle what is overdrawn again.
    """
    overdrawn: list[TimeEntry] = []
    _locked_lots_of(entries)
    require_approved_originals(entries)  # only now: what they correct may have been taken back meanwhile
    for part in (
        [entry for entry in entries if entry.corrects_id is None],
        [entry for entry in entries if entry.corrects_id is not None],
    ):
        works = rate_entries(part, _locked_lots_of(part)).values() if part else ()
        for work in works:  # as they were rated, since one may use what another gives back
            _write(work, now)
        overdrawn += [work.entry for work in works if work.overdraft > 0]
    for entry in overdrawn:
        if entry.contract is not None:
            settle_overdraft_again(contract=entry.contract, cause=f"entry:{entry.pk}", now=now)


def _locked_lots_of(entries: Iterable[TimeEntry]) -> list[Lot]:
    """The lots of the entries' contracts as they stand, all locked in the order of the contracts' ids."""
    contracts = {entry.contract.pk: entry.contract for entry in entries if entry.contract is not None}
    return [lot for pk in sorted(contracts) for lot in locked_lots(contracts[pk])]


def _write(work: RatedWork, now: datetime) -> None:
    """Keep what rating made of an entry, and draw it."""
    entry, contract = work.entry, work.entry.contract
    if contract is None:
        raise ValueError("an entry without a contract is never rated")
    if work.incident is not None:
        draw_incident(entry.ticket, contract, work.incident, now)
    movement = None if entry.takes_away else _draw(work, contract, now)
    if not entry.takes_away:
        _overdraw(work, contract, now)
    rating = RatedEntry.objects.create(
        entry=entry,
        contract=contract,
        rated_at=now,
        group=work.group,
        booked_seconds=work.booked_seconds,
        rounded_minutes=work.rounded_minutes,
        weighted=sum(segment.weighted_hundredths for segment in work.segments),
        included=sum(segment.included_hundredths for segment in work.segments),
        drawn=sum(segment.drawn_hundredths for segment in work.segments),
        overage=sum(segment.overage_hundredths for segment in work.segments),
        trace=work.trace,
    )
    rows = [
        RatedSegment.objects.create(rating=rating, position=position, **values_of(segment, contract))
        for position, segment in enumerate(work.segments)
    ]
    if work.takes_from:
        write_taken(work, rows, now)
        give_back_unneeded(entry.ticket, contract, entry.adjust_reason, now)
    for row, segment in zip(rows, work.segments, strict=True):
        if movement is not None:
            SegmentDraw.objects.bulk_create(
                SegmentDraw(segment=row, lot_id=take.lot_id, movement=movement, quantity=take.hundredths)
                for take in segment.drawdowns
            )


def _draw(work: RatedWork, contract: Contract, now: datetime) -> Movement | None:
    entry, takes = work.entry, work.takes
    if not takes:
        return None
    return draw(
        contract=contract,
        takes=takes,
        idempotency_key=f"entry:{entry.pk}:v{entry.version}",
        cause=f"entry:{entry.pk}",
        worked_at=entry.started_at or start_of_day(entry.work_on, contract.time_zone),
        now=now,
    )


def _overdraw(work: RatedWork, contract: Contract, now: datetime) -> None:
    """Note down what the contract lets the next lot settle."""
    entry = work.entry
    if work.overdraft:
        overdraw(
            contract=contract,
            hundredths=work.overdraft,
            idempotency_key=_overdraft_key(entry),
            cause=f"entry:{entry.pk}",
            worked_at=entry.started_at or start_of_day(entry.work_on, contract.time_zone),
            now=now,
        )


def _overdraft_key(entry: TimeEntry) -> str:
    return f"entry:{entry.pk}:v{entry.version}:overdraft"


@transaction.atomic
def free_entry(*, entry: TimeEntry, reason: str, now: datetime, by: User | None = None) -> TimeEntry:
    """Take an approved entry back: reverse what it drew, supersede its rating, and let it wait for review again.

    The caller makes sure that no live invoice line charges it (a credit note frees its entries with this).
    Corrections that took from it wait for review again as well. Repeated, it changes nothing.
    Refused: `not_approved`, `is_correction` (it took time away: correct the entry again), `no_reason`, `not_allowed`
    (`by` is no supervisor; who may issue credit notes is billing's to say, which calls it without).
    """
    if by is not None:
        require_supervisor(may_review_time(by))
    require_reason(reason)
    [entry] = locked_entries([entry.pk])
    if entry.state == EntryState.CLOSED and entry.decisions.filter(kind=Decision.Kind.FREE).exists():
        return entry
    require_approved(entry)
    for freed in [*take_back(entry, reason, now), entry]:
        _return_to_review(freed, reason, by, now)
    return entry


def _return_to_review(entry: TimeEntry, reason: str, by: User | None, now: datetime) -> None:
    Decision.objects.create(
        entry=entry, kind=Decision.Kind.FREE, at=now, user=by, entry_version=entry.version, reason=reason
    )
    entry.state = EntryState.CLOSED
    entry.version += 1
    entry.approved_at = entry.told_at = None
    entry.self_approved = False
    entry.save(update_fields=["state", "version", "approved_at", "told_at", "self_approved"])
    record("time_freed", entry, now=now, reason=reason)
    publish(TimeFreed(entry_id=entry.pk, client_id=entry.client_id))


@transaction.atomic
def rate_again(*, entry: TimeEntry, by: User, reason: str, now: datetime) -> TimeEntry:
    """Rate an approved entry anew, as lots and rates stand now, keeping its approvals: a pack that was bought later
    can take what was held or uncovered. The caller makes sure that it is on no invoice.

    Refused: `not_allowed`, `not_approved`, `is_correction`, `no_reason`.
    """
    require_supervisor(may_review_time(by))
    require_reason(reason)
    [entry] = locked_entries([entry.pk])
    require_approved(entry)
    return rate_anew(entry, reason, now)


def rate_anew(entry: TimeEntry, reason: str, now: datetime) -> TimeEntry:
    """Take a locked, approved entry's rating back and rate it again, with the corrections that took from it; their
    versions grow with it.
    """
    again = [entry, *take_back(entry, reason, now)]
    for each in again:
        each.version += 1
        each.save(update_fields=["version"])
    rate_and_draw(again, now)
    record("time_rated_again", entry, now=now, reason=reason)
    return entry


def require_approved(entry: TimeEntry) -> None:
    """Refuse `is_correction` for a correction that took time away, `not_approved` for an entry that is not rated."""
    if entry.takes_away:
        raise Refused(
            "is_correction",
            _("A correction that took time away is not taken back. Correct the entry again instead."),
        )
    if entry.state != EntryState.APPROVED:
        raise Refused(
            "not_approved",
            _("This entry is not approved, so there is nothing to take back. Reload the page."),
        )


def take_back(entry: TimeEntry, reason: str, now: datetime) -> list[TimeEntry]:
    """Give back what the entry still has drawn and set its rating aside; its corrections, the contract and its lots are
    locked first, in this order.

    The corrections that took from it, given back, have nothing left to take from: their ratings are set aside too.
    """
    locked = {each.pk: each for each in locked_entries(entry.corrections.values_list("pk", flat=True))}
    if entry.contract is not None:
        locked_lots(entry.contract)
    rating = RatedEntry.objects.get(entry=entry, superseded_at=None)
    takings = RatedEntry.objects.filter(segments__takes_from__rating=rating, superseded_at=None)
    corrections = list(takings.distinct().order_by("id"))
    if rating.drawn + sum(taking.drawn for taking in corrections):
        for movement in _movements(rating.segments.all()):
            reverse(
                movement=movement,
                now=now,
                idempotency_key=f"{movement.idempotency_key}:back",
                reason=reason,
            )
    overdrawn = Movement.objects.filter(idempotency_key=_overdraft_key(entry)).first()
    if overdrawn is not None and overdraft_left(overdrawn):
        key = f"{overdrawn.idempotency_key}:back"
        give_back_overdraft(movement=overdrawn, now=now, idempotency_key=key, reason=reason)
    RatedEntry.objects.filter(pk__in=[rating.pk, *(taking.pk for taking in corrections)]).update(
        superseded_at=now
    )
    give_back_unneeded(entry.ticket, rating.contract, reason, now)
    return [locked[pk] for pk in sorted({taking.entry_id for taking in corrections})]


def _movements(segments: Iterable[RatedSegment]) -> list[Movement]:
    drawn = Movement.objects.filter(segmentdraw__segment__in=list(segments), kind=Movement.Kind.DRAWDOWN)
    return list(drawn.distinct().order_by("-id"))
