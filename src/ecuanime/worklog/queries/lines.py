"""Entries as lines of a list: with what they come to, what keeps them from being approved, and what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ecuanime.rules.rating import HoldReason
from ecuanime.staff.queries import local_day_of
from ecuanime.tickets.models import Message
from ecuanime.worklog.figures import Figures, Totals, totals_of
from ecuanime.worklog.models import Decision, EntryState, TimeEntry
from ecuanime.worklog.pending import UNDECIDED, preview
from ecuanime.worklog.queries.day import overlaps_of
from ecuanime.worklog.rating import Known

_BLOCKING = {HoldReason.NO_RATE.value, HoldReason.OUTSIDE_CONTRACT.value}


@dataclass(frozen=True)
class EntryLine:
    """An entry (with ticket, person, work type and contract) and what it comes to.

    `figures` is None while it has no contract. `problems` are codes of what keeps it from being approved:
    `no_contract`, `overlap`, `no_rate`, `outside_contract`; `warnings` only inform: `no_evidence` (its person wrote
    nothing on the ticket that day), `late` (done before the cut's day), `consent` (part of it would wait for the
    client's consent), `held` (approved, but part of it has no price: `rate_again` once it has), `self_approved`.
    """

    entry: TimeEntry
    figures: Figures | None
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    overlaps: tuple[TimeEntry, ...]
    last_decision: Decision | None


def lines_of(entries: Sequence[TimeEntry], *, known: Known | None = None) -> list[EntryLine]:
    """The lines of these entries in their order; relations should be at hand. A constant number of queries.

    Those not approved yet are previewed as if they were approved together now; `known` is what rating has to know of
    them, if at hand.
    """
    figures, overlaps = preview(entries, known=known), overlaps_of(entries)
    decisions, evident = _last_decisions(entries), _with_evidence(entries)
    return [
        EntryLine(
            entry=entry,
            figures=figures.get(entry.pk),
            problems=tuple(_problems(entry, figures.get(entry.pk), bool(overlaps.get(entry.pk)))),
            warnings=tuple(_warnings(entry, figures.get(entry.pk), entry.pk in evident)),
            overlaps=overlaps.get(entry.pk, ()),
            last_decision=decisions.get(entry.pk),
        )
        for entry in entries
    ]


def totals_of_lines(lines: Iterable[EntryLine]) -> Totals:
    """The sums of lines; rejected entries do not count."""
    return totals_of((line.entry, line.figures) for line in lines if line.entry.state != EntryState.REJECTED)


def _problems(entry: TimeEntry, figures: Figures | None, overlaps: bool) -> Iterable[str]:
    if entry.state not in UNDECIDED:
        return
    if entry.contract_id is None:
        yield "no_contract"
    if overlaps:
        yield "overlap"
    if figures is not None and figures.held_reason in _BLOCKING:
        yield figures.held_reason


def _warnings(entry: TimeEntry, figures: Figures | None, is_evident: bool) -> Iterable[str]:
    if not is_evident and entry.state != EntryState.SETTLED:
        yield "no_evidence"
    if entry.cut is not None and entry.work_on < entry.cut.day:
        yield "late"
    if figures is not None and figures.asks_consent:
        yield "consent"
    elif figures is not None and figures.held_reason and figures.is_final:
        yield "held"
    if entry.self_approved:
        yield "self_approved"


def _last_decisions(entries: Sequence[TimeEntry]) -> dict[int, Decision]:
    rows = Decision.objects.filter(entry__in=[entry.pk for entry in entries])
    latest = rows.order_by("entry_id", "-id").distinct("entry_id").select_related("user", "contact")
    return {decision.entry_id: decision for decision in latest}


def _with_evidence(entries: Sequence[TimeEntry]) -> set[int]:
    """The ids of the entries whose person wrote on the ticket on the day of the work, in the firm's zone."""
    if not entries:
        return set()
    days = [entry.work_on for entry in entries]
    # Wide enough for every zone: the day itself is told by the firm's.
    around = (min(days) - timedelta(days=1), max(days) + timedelta(days=2))
    since, until = (datetime.combine(day, datetime.min.time(), UTC) for day in around)
    written = Message.objects.filter(
        ticket__in={entry.ticket_id for entry in entries},
        author__in={entry.user_id for entry in entries},
        created_at__range=(since, until),
    ).values_list("ticket_id", "author_id", local_day_of("created_at"))
    traces = set(written)
    return {entry.pk for entry in entries if (entry.ticket_id, entry.user_id, entry.work_on) in traces}
