"""The engine: one run of rating, from approved works to drawdowns, money and trace."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..hours import HUNDREDTHS_PER_MINUTE, SECONDS_PER_MINUTE
from ..money import multiply, round_half_up, to_minor
from ..packs import (
    Drawdown,
    Lot,
    Unit,
    after_drawing,
    draw,
    is_at,
    is_eligible,
    order_of_drawdown,
    would_pay_elsewhere,
)
from .cutting import Piece, cut, in_approval_order
from .overage import Uncovered, is_outside_contract, settle
from .pricing import (
    circumstances,
    competing_surcharges,
    cover_of,
    level_weight_of,
    price_of,
    work_type_of,
)
from .rounding import RoundedGroup, group_of, round_groups
from .trace import Code, Fact, Step, step
from .values import (
    ONE,
    Booked,
    Cover,
    HoldReason,
    Incident,
    Included,
    Rated,
    Segment,
    Surcharge,
    Terms,
    When,
    Work,
    WorkType,
    total_booked,
    total_included,
)


def rate(
    works: Iterable[Work],
    terms: Terms,
    lots: Iterable[Lot] = (),
    booked: Iterable[Booked] = (),
    *,
    used_overage: int = 0,
    included: Iterable[Included] = (),
    incidents: Collection[int] = (),
) -> Rated:
    """Rate approved works of one contract, in their approval order.

    `lots` are the client's lots as they stand, `booked` what earlier runs added to the works' groups
    (several rows of a group are summed), and `used_overage` the hundredths of a minute of overage that
    already count against the contract's limit. `included` is what covers took before of the works' tickets, and
    `incidents` the tickets that hold an incident already. The order in which works, lots or rows are given does not
    matter.
    Raises ValueError for a work or a lot given twice.
    """
    ordered = in_approval_order(works)
    pieces = {work.id: _pieces(work, terms) for work in ordered}
    timed = [piece for work in ordered if not _is_by_unit(work, terms) for piece in pieces[work.id]]
    groups = round_groups(timed, terms, total_booked(booked))
    run = _Run(terms, groups, lots, used_overage, total_included(included), incidents)
    for work in ordered:
        run.rate_work(work, pieces[work.id])
    return run.outcome()


def _is_by_unit(work: Work, terms: Terms) -> bool:
    return work_type_of(work, terms).unit_price is not None


def _pieces(work: Work, terms: Terms) -> tuple[Piece, ...]:
    """Cut a work; one that stays under its type's threshold counts no time at all."""
    kind = work_type_of(work, terms)
    pieces = cut(work, terms, whole=kind.unit_price is not None)
    if kind.unit_price is None and _is_free(work, kind):
        return tuple(replace(piece, share=0) for piece in pieces)
    return pieces


def _is_free(work: Work, kind: WorkType) -> bool:
    if kind.free_under is None:
        return False
    if kind.unit_price is not None:
        return work.units < kind.free_under
    return work.billable_seconds < kind.free_under * SECONDS_PER_MINUTE


def _is_elsewhere(lot: Lot, piece: Piece) -> bool:
    """Whether a lot has hours that would pay for a piece, had it been done at another site."""
    work = piece.work
    has_hours = lot.unit == Unit.MINUTES and lot.balance + lot.expired > 0
    return (
        has_hours
        and not is_at(lot.sites, work.site)
        and would_pay_elsewhere(lot, worked_on=piece.day, area=work.area, work_type=work.work_type)
    )


class _Run:
    """One run in progress: the lots as drawn so far, what is included of each ticket, the incidents that tickets hold,
    the overage used, the trace written.
    """

    def __init__(
        self,
        terms: Terms,
        groups: dict[str, RoundedGroup],
        lots: Iterable[Lot],
        used: int,
        included: dict[tuple[int, int], int],
        holders: Collection[int],
    ) -> None:
        self.terms = terms
        self.groups = groups
        ordered = sorted(lots, key=order_of_drawdown)
        self.lots = {lot.id: lot for lot in ordered}
        if len(self.lots) != len(ordered):
            raise ValueError("a lot is given once")
        self.used_overage = used
        self.included, self.before = dict(included), included
        self.holders = set(holders)
        self.incidents: list[Incident] = []
        self.segments: list[Segment] = []
        self.trace: list[Step] = []
        self.explained: set[str] = set()

    def outcome(self) -> Rated:
        added = tuple(group.added for _, group in sorted(self.groups.items()))
        included = tuple(
            Included(*place, total - self.before.get(place, 0))
            for place, total in sorted(self.included.items())
            if total != self.before.get(place, 0)
        )
        return Rated(tuple(self.segments), added, included, tuple(self.incidents), tuple(self.trace))

    def note(self, code: Code, work: Work, **facts: Fact) -> None:
        self.trace.append(step(code, work.id, **facts))

    def rate_work(self, work: Work, pieces: Iterable[Piece]) -> None:
        kind = work_type_of(work, self.terms)
        self.note(
            Code.WORK,
            work,
            work_on=work.work_on,
            work_type=work.work_type,
            elapsed_seconds=work.elapsed_seconds,
            billable_seconds=work.billable_seconds,
        )
        if _is_free(work, kind):
            unit = "minutes" if kind.unit_price is None else "units"
            self.note(Code.FREE_UNDER_THRESHOLD, work, threshold=kind.free_under, unit=unit)
        if kind.unit_price is not None:
            self.segments += [self.price_units(piece, kind, kind.unit_price) for piece in pieces]
            return
        group = self.groups[group_of(work, self.terms.rounding.group)]
        if group.added.group not in self.explained:
            self.explained.add(group.added.group)
            self.trace.append(group.step)
        self.segments += [self.rate_piece(piece, kind, group) for piece in pieces]

    def rate_piece(self, piece: Piece, kind: WorkType, group: RoundedGroup) -> Segment:
        """Weigh a piece, draw it from the lots and settle what they leave."""
        work, minutes = piece.work, group.minutes[piece.work.id, piece.place]
        self.note_piece(piece, minutes)
        when = circumstances(piece, self.terms)
        surcharge = self.largest_surcharge(work, when)
        factor = ONE if surcharge is None else surcharge.factor
        level_weight = level_weight_of(work, self.terms)
        weighted = self.weigh(work, minutes, kind.weight, level_weight, factor)
        cover = self.cover(piece, weighted, when)
        included = 0 if cover is None else self.include(work, cover, weighted)
        drawdowns, overage = self.draw(piece, weighted - included)
        if overage:
            self.note_site(piece, when)
        is_covered = weighted > 0 and not overage
        price = None if is_covered else price_of(piece, self.terms, when, factor)
        rest = Uncovered(piece, minutes, weighted, overage, price, self.used_overage)
        settled = settle(rest, self.terms)
        self.used_overage += overage - settled.held - settled.consented
        self.trace += settled.steps
        is_priced = price is not None and (overage > 0 or rest.is_beside_packs)
        return Segment(
            work_id=work.id,
            group=group.added.group,
            work_on=piece.day,
            started_at=piece.started_at,
            ended_at=piece.ended_at,
            elapsed_seconds=piece.elapsed_seconds,
            billable_seconds=piece.billable_seconds,
            rounded_minutes=minutes,
            work_type=work.work_type,
            type_weight=kind.weight,
            level_weight=level_weight,
            surcharge_code=None if surcharge is None else surcharge.code,
            surcharge_factor=factor,
            weighted_hundredths=weighted,
            included_hundredths=included,
            cover_id=cover.id if cover is not None and included else None,
            drawdowns=drawdowns,
            overage_hundredths=overage,
            overage_minutes=rest.minutes_of(overage),
            overdraft_hundredths=settled.overdraft,
            held_hundredths=settled.held,
            hold_reason=settled.hold_reason,
            billed_minutes=settled.billed_minutes,
            price_per_hour=price.per_hour if price is not None and is_priced else None,
            amount=settled.amount,
            consented_hundredths=settled.consented,
        )

    def note_piece(self, piece: Piece, minutes: int) -> None:
        self.note(
            Code.SEGMENT,
            piece.work,
            started_at=piece.started_at,
            ended_at=piece.ended_at,
            work_on=piece.day,
            elapsed_seconds=piece.elapsed_seconds,
            billable_seconds=piece.billable_seconds,
            rounded_minutes=minutes,
        )

    def largest_surcharge(self, work: Work, when: frozenset[When]) -> Surcharge | None:
        competing = competing_surcharges(when, self.terms)
        if not competing:
            return None
        largest, *others = competing
        self.note(
            Code.SURCHARGE,
            work,
            surcharge=largest.code,
            when=largest.when,
            factor=largest.factor,
            instead_of=",".join(row.code for row in others) or None,
        )
        return largest

    def weigh(
        self, work: Work, minutes: int, type_weight: Decimal, level_weight: Decimal, factor: Decimal
    ) -> int:
        """Rounded minutes × work-type weight × level weight × largest surcharge, in hundredths half-up."""
        exact = multiply(Decimal(minutes * HUNDREDTHS_PER_MINUTE), type_weight, level_weight, factor)
        weighted = round_half_up(exact)
        self.note(
            Code.WEIGHTED,
            work,
            rounded_minutes=minutes,
            type_weight=type_weight,
            level_weight=level_weight,
            factor=factor,
            hundredths=weighted,
        )
        return weighted

    def cover(self, piece: Piece, weighted: int, when: frozenset[When]) -> Cover | None:
        """What the plan covers of a piece, once its ticket holds the incident that this may need."""
        if not self.terms.covers or not weighted or is_outside_contract(piece, self.terms):
            return None
        if not is_at(self.terms.sites, piece.work.site):
            return None
        cover = cover_of(piece.work, when, self.terms)
        if cover is None or (cover.needs_incident and not self.has_incident(piece.work)):
            return None
        return cover

    def has_incident(self, work: Work) -> bool:
        """Whether the work's ticket holds an incident; at its first billable work it draws one, by the day it was
        opened.
        """
        if work.ticket_id in self.holders:
            return True
        opened_on = work.ticket_opened_on or work.work_on
        drawdowns, missing = draw(1, self.fitting(work, opened_on, Unit.INCIDENTS))
        if missing:
            self.note(Code.NO_INCIDENT, work, opened_on=opened_on)
            return False
        [drawdown] = drawdowns
        lot = self.take(drawdown)
        self.holders.add(work.ticket_id)
        self.incidents.append(Incident(work.ticket_id, work.id, drawdown))
        self.note(Code.INCIDENT, work, lot=lot.id, opened_on=opened_on, left=lot.balance)
        return True

    def include(self, work: Work, cover: Cover, weighted: int) -> int:
        """What a cover takes of a piece: all of it, or what its cap leaves of the ticket."""
        place = (work.ticket_id, cover.id)
        used, cap = self.included.get(place, 0), cover.cap_hundredths
        part = weighted if cap is None else min(weighted, max(0, cap - used))
        self.included[place] = used + part
        self.note(Code.INCLUDED, work, hundredths=part, cap=cap, used=used + part)
        return part

    def fitting(self, work: Work, on: date, unit: Unit) -> list[Lot]:
        """The lots of a unit that may pay for such work on a date, in the order of drawdown."""
        return [
            lot
            for lot in self.lots.values()
            if lot.unit == unit
            and is_eligible(lot, worked_on=on, area=work.area, work_type=work.work_type, site=work.site)
        ]

    def take(self, drawdown: Drawdown) -> Lot:
        """The lot as a drawdown leaves it, from now on."""
        lot = after_drawing(self.lots[drawdown.lot_id], drawdown)
        self.lots[lot.id] = lot
        return lot

    def draw(self, piece: Piece, wanted: int) -> tuple[tuple[Drawdown, ...], int]:
        """Draw from the lots that were valid when the work was done; outside the contract there are none."""
        if not wanted or is_outside_contract(piece, self.terms):
            return (), wanted
        work = piece.work
        drawdowns, overage = draw(wanted, self.fitting(work, piece.day, Unit.MINUTES))
        for drawdown in drawdowns:
            lot = self.take(drawdown)
            self.note(
                Code.DRAWN,
                work,
                lot=lot.id,
                hundredths=drawdown.hundredths,
                from_expired=drawdown.from_expired,
                left=lot.balance,
            )
        return drawdowns, overage

    def note_site(self, piece: Piece, when: frozenset[When]) -> None:
        """Say it where the site alone keeps the plan or a lot from paying for a piece."""
        if is_outside_contract(piece, self.terms):
            return
        work = piece.work
        sites = {site for lot in self.lots.values() if _is_elsewhere(lot, piece) for site in lot.sites}
        if not is_at(self.terms.sites, work.site) and cover_of(work, when, self.terms) is not None:
            sites |= self.terms.sites
        if sites:
            self.note(Code.OTHER_SITE, work, site=work.site, sites=",".join(sorted(sites)))

    def price_units(self, piece: Piece, kind: WorkType, unit_price: Decimal) -> Segment:
        """Price a work by the unit: nothing is rounded, weighed or drawn, and goodwill stays free."""
        work = piece.work
        is_goodwill = work.billable_seconds == 0 < work.elapsed_seconds
        is_outside = is_outside_contract(piece, self.terms)
        is_free = is_goodwill or _is_free(work, kind)
        amount = Fraction(work.units) * to_minor(unit_price, self.terms.currency)
        if is_free or is_outside:
            amount = Fraction(0)
        if is_outside:
            self.note(Code.HELD, work, reason=HoldReason.OUTSIDE_CONTRACT, hundredths=0)
        self.note(
            Code.UNIT_PRICE,
            work,
            units=work.units,
            unit_price=unit_price,
            amount=amount,
            currency=self.terms.currency,
        )
        return Segment(
            work_id=work.id,
            group=None,
            work_on=piece.day,
            started_at=piece.started_at,
            ended_at=piece.ended_at,
            elapsed_seconds=piece.elapsed_seconds,
            billable_seconds=piece.billable_seconds,
            rounded_minutes=0,
            work_type=work.work_type,
            type_weight=ONE,
            level_weight=ONE,
            surcharge_code=None,
            surcharge_factor=ONE,
            weighted_hundredths=0,
            included_hundredths=0,
            cover_id=None,
            drawdowns=(),
            overage_hundredths=0,
            overage_minutes=Fraction(0),
            overdraft_hundredths=0,
            held_hundredths=0,
            hold_reason=HoldReason.OUTSIDE_CONTRACT if is_outside else None,
            billed_minutes=Fraction(0),
            price_per_hour=None,
            amount=amount or None,
            units=work.units,
            unit_price=unit_price,
        )
