"""The annex: every minute behind a document, as plain values for its PDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, Sum
from django.utils.translation import override

from ecuanime.billing.models import Invoice, InvoiceLine, LineSegment
from ecuanime.billing.pdf.document import Annex, Charge, Draw, Entry, LotSummary, TicketTime
from ecuanime.entitlements.models import Account, Lot, Posting
from ecuanime.rules.calendars import start_of_day
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE, SECONDS_PER_MINUTE
from ecuanime.rules.money import spread
from ecuanime.rules.rating import Code
from ecuanime.worklog.models import RatedEntry, RatedSegment, SegmentDraw
from ecuanime.worklog.words import names_for, tell

_TOLD = (Code.WORK, Code.FREE_UNDER_THRESHOLD, Code.GROUP_ROUNDED, Code.SURCHARGE, Code.WEIGHTED)
"""What is told beside the figures, which say the rest: drawn, charged, and at what price."""

_SHOWN = (
    "contract",
    "entry__ticket",
    "entry__user",
    "entry__work_type",
    Prefetch("segments", RatedSegment.objects.order_by("position")),
    Prefetch("segments__draws", SegmentDraw.objects.select_related("lot").order_by("pk")),
)


@dataclass
class _Charged:
    """What one line charges of one entry: hundredths of a minute and minor units."""

    hundredths: int = 0
    amount: int = 0


@dataclass
class _Shown:
    """A rating with what each line, by its number, charges of it."""

    rating: RatedEntry
    lines: dict[int, _Charged] = field(default_factory=lambda: defaultdict(_Charged))


def annex_of(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Annex | None:
    """The annex in the document's language, None when no time stands on it.

    A correction shows what it takes off, entry by entry, and no lots: what they got back is in the hours ledger.
    """
    shown = _ratings(invoice, lines)
    if not shown:
        return None
    draws = invoice.corrects_id is None
    with override(invoice.language):
        told = _Told([one.rating for one in shown])
        by_ticket: dict[int, list[Entry]] = defaultdict(list)
        tickets = {one.rating.entry.ticket_id: one.rating.entry.ticket for one in shown}
        for one in shown:
            by_ticket[one.rating.entry.ticket_id].append(_entry(one, told, draws=draws))
        lots = _lots(invoice, [one.rating for one in shown]) if draws else ()
    return Annex(
        tickets=tuple(
            TicketTime(number=str(ticket.number), subject=ticket.subject, entries=tuple(by_ticket[pk]))
            for pk, ticket in sorted(tickets.items(), key=lambda pair: pair[1].number)
        ),
        lots=lots,
    )


def _ratings(invoice: Invoice, lines: Sequence[InvoiceLine]) -> list[_Shown]:
    """The entries on the document in the order of the work, those with nothing to pay among them."""
    numbers = {line.pk: number for number, line in enumerate(lines, start=1)}
    minutes = {line.pk: _hundredths(line) for line in lines}
    found: dict[int, _Shown] = {}
    charged = RatedEntry.objects.filter(segments__invoiced__line__invoice=invoice).distinct()
    covered = RatedEntry.objects.filter(shown_on__invoice=invoice)
    for ratings in (charged, covered):
        for rating in ratings.prefetch_related(*_SHOWN):
            found[rating.pk] = _Shown(rating)
    for line in lines:
        for part in line.segments.all():
            one = found[part.segment.rating_id].lines[numbers[line.pk]]
            one.hundredths += minutes[line.pk].get(part.pk, 0)
            one.amount += part.amount
    return sorted(
        found.values(), key=lambda one: (one.rating.entry.work_on, _start(one.rating), one.rating.pk)
    )


def _hundredths(line: InvoiceLine) -> dict[int, int]:
    """The line's printed minutes over its parts: hundredths that add up, although a part may be a third."""
    parts: list[LineSegment] = list(line.segments.all())
    if line.minutes is None or not parts:
        return {}
    whole = line.minutes * HUNDREDTHS_PER_MINUTE
    weights = [abs(part.minutes) for part in parts]
    return dict(zip([part.pk for part in parts], spread(int(whole), weights), strict=True))


def _start(rating: RatedEntry) -> float:
    times = [segment.started_at for segment in rating.segments.all() if segment.started_at]
    return min(times).timestamp() if times else 0.0


class _Told:
    """The words of several traces, with the names they need read at once for each time zone."""

    def __init__(self, ratings: Iterable[RatedEntry]) -> None:
        traces: dict[str, list[Any]] = defaultdict(list)
        for rating in ratings:
            traces[rating.contract.time_zone].append(rating.trace)
        self._names = {zone: names_for(found, zone=zone) for zone, found in traces.items()}

    def reasons(self, rating: RatedEntry) -> tuple[str, ...]:
        """Why the figures of an entry are not simply what was worked."""
        names = self._names[rating.contract.time_zone]
        reasons = []
        for step in rating.trace:
            if step["code"] not in _TOLD or _changes_nothing(step):
                continue
            for told in tell([step], names):
                if step["code"] == Code.WORK:
                    reasons.append(told.note)
                elif step["code"] == Code.SURCHARGE:
                    reasons.append(f"{told.text} {told.value}")
                else:
                    reasons.append(told.text)
        return tuple(dict.fromkeys(filter(None, reasons)))


def _changes_nothing(step: Mapping[str, Any]) -> bool:
    """A rounding that met an exact multiple needs no words, nor weights that come from the surcharge alone."""
    if step["code"] == Code.WEIGHTED:
        return all(Decimal(step[name]) == 1 for name in ("type_weight", "level_weight"))
    if step["code"] != Code.GROUP_ROUNDED:
        return False
    worked: int = step["seconds_before"] + step["seconds"]
    rounded: int = step["rounded_minutes"] * SECONDS_PER_MINUTE
    return worked == rounded


def _entry(one: _Shown, told: _Told, *, draws: bool) -> Entry:
    rating = one.rating
    segments = list(rating.segments.all())
    taken: dict[str, int] = defaultdict(int)
    for draw in (draw for segment in segments for draw in segment.draws.all()):
        taken[draw.lot.code] += draw.quantity
    started, ended = _clock(rating, segments)
    return Entry(
        worked_on=rating.entry.work_on,
        started=started,
        ended=ended,
        person=rating.entry.user.name,
        work_type=str(rating.entry.work_type),
        worked_seconds=sum(segment.elapsed_seconds for segment in segments),
        rounded_minutes=rating.rounded_minutes,
        weighted_minutes=_minutes(rating.weighted),
        draws=tuple(Draw(lot=code, minutes=_minutes(part)) for code, part in taken.items()) if draws else (),
        charges=tuple(
            Charge(line=number, minutes=_minutes(part.hundredths), amount_minor=part.amount)
            for number, part in sorted(one.lines.items())
        ),
        reasons=told.reasons(rating),
    )


def _clock(rating: RatedEntry, segments: Sequence[RatedSegment]) -> tuple[time | None, time | None]:
    starts = [segment.started_at for segment in segments if segment.started_at]
    ends = [segment.ended_at for segment in segments if segment.ended_at]
    if not starts or not ends:
        return None, None
    return _local(min(starts), rating), _local(max(ends), rating)


def _local(at: datetime, rating: RatedEntry) -> time:
    return at.astimezone(rating.contract.zone).time().replace(second=0, microsecond=0)


def _lots(invoice: Invoice, ratings: Iterable[RatedEntry]) -> tuple[LotSummary, ...]:
    """Each lot that the annex draws from: how it stood before the period, and when the document was issued."""
    drawn: dict[int, int] = defaultdict(int)
    lots: dict[int, Lot] = {}
    for rating in ratings:
        for draw in (draw for segment in rating.segments.all() for draw in segment.draws.all()):
            drawn[draw.lot_id] += draw.quantity
            lots[draw.lot_id] = draw.lot
    names = {rating.contract_id: str(rating.contract.version) for rating in ratings}
    zones = {rating.contract_id: rating.contract.time_zone for rating in ratings}
    summaries = []
    for pk, lot in sorted(lots.items(), key=lambda pair: pair[1].code):
        opening, closing = _balances(invoice, lot, zones[lot.contract_id])
        summaries.append(
            LotSummary(
                code=lot.code,
                name=names[lot.contract_id],
                opening_minutes=_minutes(opening),
                drawn_minutes=_minutes(drawn[pk]),
                other_minutes=_minutes(closing - opening + drawn[pk]),
                closing_minutes=_minutes(closing),
                expires_on=lot.expires_on,
            )
        )
    return tuple(summaries)


def _balances(invoice: Invoice, lot: Lot, zone: str) -> tuple[int, int]:
    """What a lot had when the period's first month began, and when the document was issued (a draft: now)."""
    first = (invoice.period_from or invoice.dated_at.date()).replace(day=1)
    before = Q(movement__at__lt=start_of_day(first, zone))
    until = Q(movement__at__lte=invoice.issued_at) if invoice.issued_at else Q()
    sums = Posting.objects.filter(lot=lot, account=Account.LOT).aggregate(
        opening=Sum("quantity", filter=before), closing=Sum("quantity", filter=until)
    )
    return sums["opening"] or 0, sums["closing"] or 0


def _minutes(hundredths: int) -> int | Decimal:
    whole, rest = divmod(hundredths, HUNDREDTHS_PER_MINUTE)
    return whole if not rest else Decimal(hundredths).scaleb(-2)
