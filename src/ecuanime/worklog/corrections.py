"""What a correction of approved time changes: read from what its entry was rated to, by `rules.corrections`.

Nothing is written here. What is added is rated by the engine, as any late entry; what is taken away comes out of the
entry's own pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch, Q

from ecuanime.rules.corrections import Booked, Taken, counting, counting_units, minutes_to_take, take_back
from ecuanime.rules.money import amount_for_minutes, to_minor
from ecuanime.rules.packs import Drawdown, give_back
from ecuanime.rules.rating import Booked as BookedGroup
from ecuanime.rules.rating import Code, Segment, Step, Terms, WorkType
from ecuanime.rules.rating.trace import step
from ecuanime.worklog.models import RatedEntry, RatedSegment, SegmentDraw, TimeEntry
from ecuanime.worklog.rows import values_of


@dataclass(frozen=True)
class Change:
    """By how many seconds or pieces what counts of an entry changes, and what counted of it before."""

    seconds: int
    units: int
    before: int


@dataclass(frozen=True)
class TakenAway:
    """A correction that takes away: negative segments, the stored one that each takes from, and why."""

    segments: tuple[Segment, ...]
    takes_from: tuple[int, ...]
    trace: tuple[Step, ...]
    booked: BookedGroup


class Corrected:
    """What entries that are corrected were rated to, less what other corrections than these took.

    Two queries, or none.
    """

    def __init__(self, entries: Sequence[TimeEntry]) -> None:
        self._targets = {entry.corrects_id for entry in entries if entry.corrects_id is not None}
        self._accounts: dict[int, _Account] = {}
        ratings = _ratings(self._targets, entries) if self._targets else []
        for rating in ratings:
            if rating.entry_id in self._targets:
                self._accounts[rating.entry_id] = _account_of_rating(rating)
        for rating in ratings:
            account = self._accounts.get(rating.entry.corrects_id or 0)
            if account is not None:
                account.add(rating)

    @property
    def groups(self) -> set[str]:
        """The rounding groups that the corrected entries were booked in."""
        return {account.group for account in self._accounts.values()}

    def note(
        self, entry: TimeEntry, segments: Sequence[Segment], drawn: Sequence[Drawdown], booked: BookedGroup
    ) -> None:
        """Let corrections take from what an entry was just rated to, instead of what it was rated to before."""
        if entry.pk in self._targets and entry.contract is not None:
            rows = {
                -place: RatedSegment(pk=-place, **values_of(segment, entry.contract))
                for place, segment in enumerate(segments, start=1)
            }
            self._accounts[entry.pk] = _Account(entry, entry.contract.pk, booked, rows, drawn)

    def note_added(self, entry: TimeEntry, change: Change) -> None:
        """Count what a correction has just added."""
        self._accounts[entry.corrects_id or 0].count(change.seconds, entry)

    def change_of(self, entry: TimeEntry, terms: Terms) -> Change | None:
        """What a correction changes; None while what it corrects is not approved (any more), or under another contract.

        A type's threshold is looked at anew for the whole: what was free may count, or the other way round.
        """
        account = self._accounts.get(entry.corrects_id or 0)
        if account is None or account.contract_id != entry.contract_id:
            return None
        kind = kind_of(entry, terms)
        if kind.unit_price is not None:
            before = counting_units(account.units, kind.free_under)
            after = counting_units(account.units + (entry.units or 0), kind.free_under)
            return Change(0, after - before, before)
        after = counting(max(0, account.billed_seconds + entry.billed_seconds), kind.free_under)
        return Change(after - account.booked_seconds, 0, account.booked_seconds)

    def take_away(
        self, entry: TimeEntry, change: Change, terms: Terms, booked: Iterable[BookedGroup]
    ) -> TakenAway:
        """Take from the corrected entry's pieces what its group loses, given what the groups are booked with."""
        account = self._accounts[entry.corrects_id or 0]
        group = account.group
        so_far = next((row for row in booked if row.group == group), BookedGroup(group, 0, 0))
        minutes = 0
        if change.seconds:
            seconds, booked_minutes = so_far.billable_seconds, so_far.rounded_minutes
            minutes = minutes_to_take(-change.seconds, seconds, booked_minutes, terms.rounding)
        return account.take(entry, change, minutes, terms)

    def take_units(self, entry: TimeEntry, change: Change, terms: Terms) -> TakenAway:
        """Pieces added or taken away, at the contract's price for each."""
        return self._accounts[entry.corrects_id or 0].count_units(entry, change, terms)


class _Account:
    """One corrected entry: its pieces and draws as far as no correction has taken them."""

    def __init__(
        self,
        entry: TimeEntry,
        contract_id: int,
        booked: BookedGroup,
        rows: dict[int, RatedSegment],
        drawn: Sequence[Drawdown],
    ) -> None:
        self.contract_id, self.group = contract_id, booked.group
        self.rows = rows
        self.pieces = [_piece(row) for row in rows.values()]
        self.drawn = list(drawn)
        self.booked_seconds = booked.billable_seconds
        self.billed_seconds = entry.billed_seconds
        self.units = 1 if entry.units is None else entry.units

    def count(self, booked_seconds: int, correction: TimeEntry) -> None:
        """Count the time or pieces of a correction in."""
        self.booked_seconds += booked_seconds
        self.billed_seconds += correction.billed_seconds
        self.units += correction.units or 0

    def add(self, correction: RatedEntry) -> None:
        """Count an approved correction in."""
        self.count(correction.booked_seconds, correction.entry)
        for row in correction.segments.all():
            if row.takes_from_id in self.rows and row.units is None:
                self._forget(_taken(row.takes_from_id, row))

    def take(self, entry: TimeEntry, change: Change, minutes: int, terms: Terms) -> TakenAway:
        takings = take_back(self.pieces, minutes)
        segments = [self._negative(entry, taken, place, terms) for place, taken in enumerate(takings)]
        taken_minutes = sum(taken.minutes for taken in takings)
        trace = [
            correction_step(entry, change),
            step(
                Code.TAKEN_BACK,
                entry.pk,
                group=self.group,
                minutes=taken_minutes,
                step_minutes=terms.rounding.step_minutes,
            ),
            *_explained(entry, segments, terms),
        ]
        for taken in takings:
            self._forget(taken)
        self.count(change.seconds, entry)
        booked = BookedGroup(self.group, change.seconds, -taken_minutes)
        return TakenAway(tuple(segments), tuple(taken.id for taken in takings), tuple(trace), booked)

    def count_units(self, entry: TimeEntry, change: Change, terms: Terms) -> TakenAway:
        price = kind_of(entry, terms).unit_price or Decimal(0)
        amount = Fraction(change.units) * to_minor(price, terms.currency)
        row = next(iter(self.rows.values()))
        segment = _segment(entry, row, 0, amount=amount, units=Decimal(change.units), unit_price=price)
        priced = step(
            Code.UNIT_PRICE,
            entry.pk,
            units=change.units,
            unit_price=price,
            amount=amount,
            currency=terms.currency,
        )
        trace = (correction_step(entry, change), priced)
        self.count(0, entry)
        takes_from = (row.pk,) if change.units < 0 else ()
        return TakenAway((segment,), takes_from, trace, BookedGroup("", 0, 0))

    def _negative(self, entry: TimeEntry, taken: Taken, place: int, terms: Terms) -> Segment:
        row = self.rows[taken.id]
        drawdowns = give_back(self.drawn, taken.drawn)
        self.drawn = _without(self.drawn, taken.drawn)
        price = row.price if taken.charged else None
        return _segment(
            entry,
            row,
            place,
            taken=taken,
            drawdowns=tuple(Drawdown(part.lot_id, -part.hundredths) for part in drawdowns),
            price=price,
            amount=-amount_for_minutes(taken.charged, price, terms.currency) if price is not None else None,
        )

    def _forget(self, taken: Taken) -> None:
        self.pieces = [taken.left_of(piece) if piece.id == taken.id else piece for piece in self.pieces]


def kind_of(entry: TimeEntry, terms: Terms) -> WorkType:
    """The contract's terms for the entry's kind of work."""
    code = entry.work_type.code
    return next((row for row in terms.work_types if row.code == code), WorkType(code))


def correction_step(entry: TimeEntry, change: Change) -> Step:
    """What a correction says, and what had counted before it."""
    return step(
        Code.CORRECTION,
        entry.pk,
        work_on=entry.work_on,
        work_type=entry.work_type.code,
        seconds=entry.elapsed_seconds,
        units=entry.units,
        counted_before=change.before,
        change=change.units or change.seconds,
    )


def _account_of_rating(rating: RatedEntry) -> _Account:
    rows = {row.pk: row for row in rating.segments.all()}
    booked = BookedGroup(rating.group, rating.booked_seconds, rating.rounded_minutes)
    return _Account(rating.entry, rating.contract_id, booked, rows, _by_lot(rows.values()))


def _ratings(targets: Iterable[int], corrections: Sequence[TimeEntry]) -> list[RatedEntry]:
    """The ratings in force of these entries and of their other corrections, in the order in which they were rated."""
    draws = Prefetch("draws", SegmentDraw.objects.order_by("id"))
    segments = Prefetch("segments", RatedSegment.objects.order_by("position").prefetch_related(draws))
    concerned = Q(entry__in=targets) | Q(entry__corrects__in=targets)
    these = [entry.pk for entry in corrections if entry.corrects_id is not None]
    rows = RatedEntry.objects.filter(concerned, superseded_at=None).exclude(entry__in=these)
    rows = rows.select_related("entry")
    return list(rows.order_by("id").prefetch_related(segments))


def _piece(row: RatedSegment) -> Booked:
    return Booked(
        row.pk,
        minutes=row.rounded_minutes,
        weighted=row.weighted,
        drawn=row.drawn,
        overage=row.overage,
        charged=row.charged,
        held=row.held,
        overdraft=row.overdraft,
        consented=row.consented,
    )


def _taken(source_id: int, row: RatedSegment) -> Taken:
    """What a correction's stored segment took."""
    return Taken(
        source_id,
        minutes=-row.rounded_minutes,
        weighted=-row.weighted,
        drawn=-row.drawn,
        overage=-row.overage,
        charged=-row.charged,
        held=-row.held,
        overdraft=-row.overdraft,
        consented=-row.consented,
    )


def _by_lot(rows: Iterable[RatedSegment]) -> list[Drawdown]:
    """What an entry drew, one take for each lot, in the order in which its movement drew them."""
    found: dict[int, int] = {}
    for draw in (draw for row in rows for draw in row.draws.all()):
        found[draw.lot_id] = found.get(draw.lot_id, 0) + draw.quantity
    return [Drawdown(lot_id, quantity) for lot_id, quantity in found.items()]


def _without(drawn: Sequence[Drawdown], hundredths: int) -> list[Drawdown]:
    """What remains drawn when the last of it was given back."""
    kept = list(drawn)
    for part in give_back(drawn, hundredths):
        last = kept.pop()
        if last.hundredths > part.hundredths:
            kept.append(Drawdown(last.lot_id, last.hundredths - part.hundredths))
    return kept


_NOTHING = Taken(0, 0, 0, 0, 0, Fraction(0))


def _segment(
    entry: TimeEntry,
    row: RatedSegment,
    place: int,
    *,
    taken: Taken = _NOTHING,
    drawdowns: tuple[Drawdown, ...] = (),
    price: Decimal | None = None,
    amount: Fraction | None = None,
    units: Decimal | None = None,
    unit_price: Decimal | None = None,
) -> Segment:
    """A correction's segment beside the stored one it changes; the correction's own seconds stand on the first."""
    return Segment(
        work_id=entry.pk,
        group=None,
        work_on=entry.work_on,
        started_at=None,
        ended_at=None,
        elapsed_seconds=0 if place else entry.elapsed_seconds,
        billable_seconds=0 if place else entry.billed_seconds,
        rounded_minutes=-taken.minutes,
        work_type=entry.work_type.code,
        type_weight=row.weight,
        level_weight=row.level_weight,
        surcharge_code=row.surcharge or None,
        surcharge_factor=row.surcharge_factor,
        weighted_hundredths=-taken.weighted,
        included_hundredths=-taken.included,
        cover_id=row.cover_id if taken.included else None,
        drawdowns=drawdowns,
        overage_hundredths=-taken.overage,
        overage_minutes=-taken.charged,
        overdraft_hundredths=-taken.overdraft,
        held_hundredths=-taken.held,
        hold_reason=None,
        billed_minutes=-taken.charged,
        price_per_hour=price,
        amount=amount,
        units=units,
        unit_price=unit_price,
        consented_hundredths=-taken.consented,
    )


def _explained(entry: TimeEntry, segments: Iterable[Segment], terms: Terms) -> list[Step]:
    steps = []
    for segment in segments:
        steps += [
            step(Code.GIVEN_BACK, entry.pk, lot=part.lot_id, hundredths=-part.hundredths)
            for part in segment.drawdowns
        ]
        if segment.amount:
            credited = step(
                Code.CREDITED,
                entry.pk,
                minutes=-segment.billed_minutes,
                price_per_hour=segment.price_per_hour,
                amount=segment.amount,
                currency=terms.currency,
            )
            steps.append(credited)
    return steps
