"""Rating once more, the slow way: minute by minute and hundredth by hundredth, with none of the engine's helpers.

It reads the same values and is written from docs/rules alone: each work is walked along the wall clock a minute at a
time, each hundredth of a minute looks for its lot by itself, and prices are found by trying every row. Works begin
on whole minutes, so every edge of a calendar falls between two steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from ecuanime.rules.packs import Lot
from ecuanime.rules.rating import Booked, Cover, Terms, Work, WorkType

MINUTE = timedelta(minutes=1)
DECIMALS = {"EUR": 100, "CLP": 1, "BHD": 1000}


@dataclass
class Stretch:
    """Minutes of one work that look alike, and what becomes of them."""

    work: Work
    day: date
    starts: datetime | None
    when: frozenset[str]
    length: timedelta = timedelta(0)
    share: Fraction = Fraction(0)
    minutes: int = 0
    weighted: int = 0
    included: int = 0
    drawn: dict[int, int] = field(default_factory=dict)
    overage: int = 0
    overdraft: int = 0
    held: int = 0
    amount: Fraction = Fraction(0)


def rate_slowly(
    works: Iterable[Work],
    terms: Terms,
    lots: Iterable[Lot] = (),
    booked: Iterable[Booked] = (),
    used_overage: int = 0,
    holders: Iterable[int] = (),
) -> list[Stretch]:
    """What becomes of each stretch of each work, in the order of approval and then of time.

    `holders` are the tickets that hold an incident already.
    """
    ordered = sorted(works, key=lambda work: (work.approved_order, work.id))
    stretches = {work.id: stretches_of(work, terms) for work in ordered}
    round_all([stretch for work in ordered for stretch in stretches[work.id]], terms, list(booked))
    left = {lot.id: lot.balance + lot.expired for lot in lots}
    known = sorted(lots, key=lambda lot: lot.id)
    taken: dict[tuple[int, int], int] = {}
    holding = set(holders)
    for work in ordered:
        for stretch in stretches[work.id]:
            weigh(stretch, terms)
            include(stretch, terms, known, left, taken, holding)
            used_overage = settle(stretch, terms, known, left, used_overage)
    return [stretch for work in ordered for stretch in stretches[work.id]]


def stretches_of(work: Work, terms: Terms) -> list[Stretch]:
    """Walk the work minute by minute; a new stretch begins wherever anything about the minute is new."""
    always = {name for name in ("urgent", "emergency") if getattr(work, name)}
    by_unit = type_of(work, terms).unit_price is not None
    if work.started_at is None or work.ended_at is None or by_unit:
        day = work.work_on
        holiday = {"holiday"} if terms.calendar and day in terms.calendar.holidays else set()
        stretch = Stretch(work, day, work.started_at, frozenset(always | holiday))
        stretch.share = Fraction(counted_seconds(work, terms))
        return [stretch]
    found: list[Stretch] = []
    now, end = work.started_at.astimezone(UTC), work.ended_at.astimezone(UTC)
    last: Any = None
    while now < end or not found:
        look = look_of(now, terms)
        if look != last:
            wall = now.astimezone(ZoneInfo(terms.zone))
            found.append(Stretch(work, wall.date(), now, frozenset(always | when_of(now, terms))))
        found[-1].length += min(MINUTE, end - now)
        last, now = look, now + MINUTE
    whole = end - work.started_at.astimezone(UTC)
    for stretch in found:
        part = Fraction(stretch.length // MINUTE * 60 + stretch.length % MINUTE // timedelta(seconds=1))
        seconds = whole // timedelta(seconds=1)
        stretch.share = part * counted_seconds(work, terms) / seconds if seconds else Fraction(0)
    if len(found) == 1:
        found[0].share = Fraction(counted_seconds(work, terms))
    return found


def look_of(now: datetime, terms: Terms) -> tuple[Any, ...]:
    """All that may change between two minutes: days, offsets, the bands that hold, and the instants named."""
    wall = now.astimezone(ZoneInfo(terms.zone))
    look: list[Any] = [wall.date(), wall.utcoffset(), sum(cut <= now for cut in terms.cuts)]
    if terms.calendar is not None:
        there = now.astimezone(ZoneInfo(terms.calendar.zone))
        look += [there.date(), there.utcoffset(), open_bands(there, terms)]
    return tuple(look)


def open_bands(there: datetime, terms: Terms) -> frozenset[int]:
    assert terms.calendar is not None
    if there.date() in terms.calendar.holidays and not terms.calendar.open_on_holidays:
        return frozenset()
    minute = there.hour * 60 + there.minute
    return frozenset(
        place
        for place, band in enumerate(terms.calendar.bands)
        if band.weekday == there.weekday()
        and band.opens.hour * 60 + band.opens.minute <= minute
        and minute < (band.closes.hour * 60 + band.closes.minute or 24 * 60)
    )


def when_of(now: datetime, terms: Terms) -> set[str]:
    if terms.calendar is None:
        return set()
    there = now.astimezone(ZoneInfo(terms.calendar.zone))
    found = {"holiday"} if there.date() in terms.calendar.holidays else set()
    return found if open_bands(there, terms) else found | {"after_hours"}


def type_of(work: Work, terms: Terms) -> WorkType:
    for row in terms.work_types:
        if row.code == work.work_type:
            return row
    return WorkType(work.work_type)


def is_free(work: Work, terms: Terms) -> bool:
    kind = type_of(work, terms)
    if kind.free_under is None:
        return False
    return (
        work.units < kind.free_under
        if kind.unit_price is not None
        else work.billable_seconds < 60 * kind.free_under
    )


def counted_seconds(work: Work, terms: Terms) -> int:
    return 0 if is_free(work, terms) else work.billable_seconds


def group_of(work: Work, terms: Terms) -> str:
    """The group's name, as docs/rules has it: what is rounded together."""
    kind = terms.rounding.group.value
    if kind == "visit":
        return f"visit:{work.visit_id}" if work.visit_id is not None else f"entry:{work.id}"
    return {
        "entry": f"entry:{work.id}",
        "ticket": f"ticket:{work.ticket_id}",
        "ticket_day": f"ticket_day:{work.ticket_id}:{work.work_on}",
        "day": f"day:{work.work_on}",
    }[kind]


def round_all(stretches: list[Stretch], terms: Terms, booked: list[Booked]) -> None:
    """Round each group's sum once, take off what was booked, and hand the minutes out one by one."""
    groups: dict[str, list[Stretch]] = {}
    for stretch in stretches:
        if type_of(stretch.work, terms).unit_price is None:
            groups.setdefault(group_of(stretch.work, terms), []).append(stretch)
    for name, members in groups.items():
        seconds = sum(stretch.share for stretch in members)
        before = [row for row in booked if row.group == name]
        total = rounded(seconds + sum(row.billable_seconds for row in before), terms)
        minutes = max(0, total - sum(row.rounded_minutes for row in before)) if seconds else 0
        hand_out(minutes, members, Fraction(seconds))


def rounded(seconds: Fraction | int, terms: Terms) -> int:
    """Try every multiple of the step around the duration and keep the one that the policy means."""
    if seconds == 0:
        return 0
    policy, exact = terms.rounding, Fraction(seconds) / 60
    below = floor(exact / policy.step_minutes)
    steps = [below, below + 1]
    if exact == below * policy.step_minutes or policy.mode.value == "down":
        chosen = below
    elif policy.mode.value == "up":
        chosen = below + 1
    else:
        near = sorted(steps, key=lambda n: abs(n * policy.step_minutes - exact))
        is_tie = exact * 2 == sum(n * policy.step_minutes for n in steps)
        by_tie = {"up": below + 1, "down": below, "even": next(n for n in steps if n % 2 == 0)}
        chosen = by_tie[policy.tie.value] if is_tie else near[0]
    return max(chosen * policy.step_minutes, policy.minimum_minutes)


def hand_out(minutes: int, members: list[Stretch], seconds: Fraction) -> None:
    """Whole minutes first; then one each to whoever still misses most, the earliest and lowest id first."""
    dawn = datetime.min.replace(tzinfo=UTC)
    queue = sorted(members, key=lambda each: (each.day, each.starts or dawn, each.work.id))
    fair = {id(each): minutes * each.share / seconds if seconds else Fraction(0) for each in queue}
    for each in queue:
        each.minutes = floor(fair[id(each)])
    while sum(each.minutes for each in queue) < minutes:
        neediest = max(queue, key=lambda each: (fair[id(each)] - each.minutes, -queue.index(each)))
        neediest.minutes += 1


def factor_of(stretch: Stretch, terms: Terms) -> Decimal:
    applying = [row.factor for row in terms.surcharges if row.when.value in stretch.when]
    return max(applying, default=Decimal(1))


def weigh(stretch: Stretch, terms: Terms) -> None:
    """Rounded minutes × type × level × surcharge, in hundredths half-up; what is priced by the piece weighs nothing."""
    kind = type_of(stretch.work, terms)
    level = next((row.weight for row in terms.level_weights if row.level == stretch.work.level), Decimal(1))
    exact = (
        100 * stretch.minutes * Fraction(kind.weight) * Fraction(level) * Fraction(factor_of(stretch, terms))
    )
    stretch.weighted = 0 if kind.unit_price is not None else floor(exact + Fraction(1, 2))


def is_outside(stretch: Stretch, terms: Terms) -> bool:
    return stretch.day < terms.starts_on or (terms.ends_on is not None and terms.ends_on < stretch.day)


def include(
    stretch: Stretch,
    terms: Terms,
    lots: list[Lot],
    left: dict[int, int],
    taken: dict[tuple[int, int], int],
    holding: set[int],
) -> None:
    """Hundredth by hundredth, what the plan's narrowest row takes of the ticket, up to its cap."""
    ticket, row = stretch.work.ticket_id, cover_for(stretch, terms)
    if row is None or not stretch.weighted or is_outside(stretch, terms):
        return
    if row.needs_incident and ticket not in holding:
        opened = stretch.work.ticket_opened_on or stretch.work.work_on
        lot = first_lot(stretch, lots, left, opened, "incidents")
        if lot is None:
            return
        left[lot.id] -= 1
        holding.add(ticket)
    for _hundredth in range(stretch.weighted):
        so_far = taken.get((ticket, row.id), 0)
        if row.cap_hundredths is None or so_far < row.cap_hundredths:
            taken[ticket, row.id] = so_far + 1
            stretch.included += 1


def cover_for(stretch: Stretch, terms: Terms) -> Cover | None:
    """Ask for the narrowest row first: area and type, area, type, any; of equals the first."""
    work, in_hours = stretch.work, not stretch.when & {"after_hours", "holiday"}
    if terms.sites and work.site not in terms.sites:
        return None
    for area, kind in ((work.area, work.work_type), (work.area, None), (None, work.work_type), (None, None)):
        for row in sorted(terms.covers, key=lambda row: row.id):
            if (row.area, row.work_type) == (area, kind) and (in_hours or not row.in_hours_only):
                return row
    return None


def settle(stretch: Stretch, terms: Terms, lots: list[Lot], left: dict[int, int], used: int) -> int:
    """Draw, bill, overdraw or hold one stretch; gives the overage used so far."""
    work, kind = stretch.work, type_of(stretch.work, terms)
    outside = is_outside(stretch, terms)
    minor = DECIMALS[terms.currency]
    if kind.unit_price is not None:
        goodwill = work.elapsed_seconds > 0 and work.billable_seconds == 0
        if not (goodwill or outside or is_free(work, terms)):
            stretch.amount = Fraction(work.units) * Fraction(kind.unit_price) * minor
        return used
    factor = factor_of(stretch, terms)
    for _hundredth in range(stretch.weighted - stretch.included):
        lot = None if outside else first_lot(stretch, lots, left, stretch.day, "minutes")
        if lot is None:
            stretch.overage += 1
        else:
            left[lot.id] -= 1
            stretch.drawn[lot.id] = stretch.drawn.get(lot.id, 0) + 1
    price, is_fixed = price_of(stretch, terms, factor)
    policy, limit = terms.overage.policy.value, terms.overage.limit_hundredths
    allowed = 0
    for _hundredth in range(stretch.overage):
        is_held = outside or policy == "hold" or (policy == "bill" and price is None)
        if is_held or (limit is not None and used >= limit):
            stretch.held += 1
        else:
            used, allowed = used + 1, allowed + 1
    if policy == "overdraft":
        stretch.overdraft = allowed
    if price is not None and policy != "overdraft" and allowed:
        billed = Fraction(stretch.minutes * allowed, stretch.weighted)
        stretch.amount = billed * price * minor / 60
    if price is not None and is_fixed and not stretch.weighted and stretch.minutes:
        stretch.amount = beside_packs(stretch, price * minor, policy, outside=outside)
    return used


def beside_packs(stretch: Stretch, price: Fraction, policy: str, *, outside: bool) -> Fraction:
    """What weighs nothing and has a price of its own is charged whole, where the contract bills."""
    return Fraction(0) if outside or policy == "hold" else stretch.minutes * price / 60


def first_lot(stretch: Stretch, lots: list[Lot], left: dict[int, int], on: date, unit: str) -> Lot | None:
    best: Lot | None = None
    for lot in lots:
        fits_area = not lot.areas or stretch.work.area in lot.areas
        fits_type = not lot.work_types or stretch.work.work_type in lot.work_types
        in_time = lot.valid_from <= on and (lot.expires_on is None or on <= lot.expires_on)
        fits = fits_area and fits_type and (not lot.sites or stretch.work.site in lot.sites)
        if lot.unit.value == unit and lot.usable and left[lot.id] and in_time and fits:
            best = lot if best is None or comes_before(lot, best) else best
    return best


def comes_before(one: Lot, other: Lot) -> bool:
    """The order of drawdown, question after question."""
    if one.is_allowance != other.is_allowance:
        return one.is_allowance
    if one.priority != other.priority:
        return one.priority < other.priority
    narrow = [sum(map(bool, (lot.areas, lot.work_types, lot.sites))) for lot in (one, other)]
    if narrow[0] != narrow[1]:
        return narrow[0] > narrow[1]
    if one.expires_on != other.expires_on:
        if one.expires_on is None or other.expires_on is None:
            return other.expires_on is None
        return one.expires_on < other.expires_on
    if one.is_bonus != other.is_bonus:
        return one.is_bonus
    if one.bought_at != other.bought_at:
        if one.bought_at is None or other.bought_at is None:
            return one.bought_at is None
        return one.bought_at < other.bought_at
    return one.id < other.id


def price_of(stretch: Stretch, terms: Terms, factor: Decimal) -> tuple[Fraction | None, bool]:
    """The price per hour, and whether it is a fixed one: ask for the most specific first, then less and less."""
    work = stretch.work

    def valid(row: Any) -> bool:
        return (row.valid_from is None or row.valid_from <= stretch.day) and (
            row.valid_to is None or stretch.day <= row.valid_to
        )

    fixed = [row for row in terms.fixed_prices if valid(row)]
    for by_type, by_when in ((True, True), (True, False), (False, True), (False, False)):
        prices = [
            row.price_per_hour
            for row in fixed
            if row.work_type == (work.work_type if by_type else None)
            and (row.when is not None and row.when.value in stretch.when if by_when else row.when is None)
        ]
        if prices:
            return Fraction(max(prices)), True
    base = terms.overage.price_per_hour
    if base is None:
        base = base_rate(work, [row for row in terms.rates if valid(row)])
    if base is None:
        return None, False
    return Fraction(base) * Fraction(type_of(work, terms).weight) * Fraction(factor), False


def base_rate(work: Work, rates: list[Any]) -> Decimal | None:
    for area, level in ((work.area, work.level), (work.area, None), (None, work.level), (None, None)):
        rows = [row for row in rates if (row.area, row.level) == (area, level)]
        if rows:
            newest = max(row.valid_from or date.min for row in rows)
            return min(row.price_per_hour for row in rows if (row.valid_from or date.min) == newest)
    return None
