"""What a run would put on drafts now, and what it would leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q

from ecuanime.billing.queries.runs import segments_for_runs, unbilled_charges
from ecuanime.clients.models import Client
from ecuanime.rules.money import round_half_up, to_minor
from ecuanime.worklog.figures import due_of_segment
from ecuanime.worklog.models import EntryState, RatedSegment, TimeEntry


@dataclass(frozen=True)
class PreviewRow:
    """What one client would be billed in one currency: exact minutes, minor units before tax, entries, fees.

    The amount is rounded once; the draft rounds each of its lines, so that a few cents may differ.
    """

    client: Client
    currency: str
    minutes: Fraction
    amount: int
    entry_count: int
    fee_count: int


@dataclass(frozen=True)
class LeftOut:
    """Entries done up to the day that a run does not bill, and why not."""

    to_review: int
    awaiting_client: int
    disputed: int
    held: int

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.to_review or self.awaiting_client or self.disputed or self.held)


@dataclass(frozen=True)
class RunPreview:
    """The clients by what they would pay, the most first, and what is left out."""

    rows: tuple[PreviewRow, ...]
    left_out: LeftOut


@dataclass
class _Sum:
    minutes: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)
    entries: set[int] = field(default_factory=set)
    fees: int = 0


def run_preview(up_to: date) -> RunPreview:
    """What a run up to a day would draft, without writing anything; five queries."""
    segments = segments_for_runs(up_to).select_related("rating__entry").order_by()
    sums = _sums(segments.iterator(chunk_size=2000))
    for charge in unbilled_charges(up_to):
        one = sums.setdefault((charge.client_id, charge.currency), _Sum())
        one.amount += to_minor(charge.price, charge.currency) * (charge.units or 0)
        one.fees += 1
    clients = Client.objects.in_bulk({client_id for client_id, _currency in sums})
    rows = [
        PreviewRow(
            clients[client_id], currency, one.minutes, round_half_up(one.amount), len(one.entries), one.fees
        )
        for (client_id, currency), one in sums.items()
    ]
    rows.sort(key=lambda row: (-row.amount, row.client.code, row.currency))
    return RunPreview(tuple(rows), _left_out(up_to))


def _sums(segments: Iterable[RatedSegment]) -> dict[tuple[int, str], _Sum]:
    sums: dict[tuple[int, str], _Sum] = {}
    for segment in segments:
        one = sums.setdefault((segment.rating.entry.client_id, segment.currency), _Sum())
        if segment.units is None:
            one.minutes += segment.due_minutes
        one.amount += due_of_segment(segment)
        one.entries.add(segment.rating.entry_id)
    return sums


def _left_out(up_to: date) -> LeftOut:
    held = RatedSegment.objects.filter(rating__entry=OuterRef("pk"), rating__superseded_at=None).exclude(
        held_reason=""
    )
    done = TimeEntry.objects.filter(work_on__lte=up_to).order_by()
    counts = done.exclude(state__in=[EntryState.APPROVED, EntryState.REJECTED]).aggregate(
        to_review=Count("pk", filter=Q(state__in=[EntryState.OPEN, EntryState.CLOSED])),
        awaiting_client=Count("pk", filter=Q(state=EntryState.REVIEWED)),
        disputed=Count("pk", filter=Q(state=EntryState.DISPUTED)),
    )
    waiting = done.filter(Exists(held), state=EntryState.APPROVED).count()
    return LeftOut(**counts, held=waiting)
