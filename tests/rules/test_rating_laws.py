"""What holds for every contract, every set of works and lots, whatever the figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules import ledger, packs
from ecuanime.rules.rating import (
    Booked,
    Cover,
    Group,
    Included,
    LevelWeight,
    Lot,
    Mode,
    Overage,
    OveragePolicy,
    Rate,
    Rated,
    Rounding,
    Run,
    State,
    Terms,
    Tie,
    Unit,
    Work,
    WorkType,
    approve,
    correct,
    rate,
    replay,
    take_back,
    total_booked,
)

from .rating_examples import ON_DEMAND, incidents, lot, work, work_at

FEW = settings(max_examples=30, deadline=None)
MONDAY = date(2026, 3, 23)  # the week whose Sunday has 23 hours

ROUNDINGS = st.builds(
    Rounding,
    group=st.sampled_from(Group),
    step_minutes=st.sampled_from([1, 5, 15, 30]),
    mode=st.sampled_from(Mode),
    tie=st.sampled_from(Tie),
    minimum_minutes=st.sampled_from([0, 10, 30]),
)
OVERAGES = st.builds(
    Overage,
    policy=st.sampled_from(OveragePolicy),
    limit_hundredths=st.sampled_from([None, 0, 4321]),
    price_per_hour=st.sampled_from([None, Decimal("27.35")]),
)
COVERS = st.sets(
    st.builds(
        Cover,
        st.just(0),
        area=st.sampled_from([None, "linux"]),
        work_type=st.sampled_from([None, "travel"]),
        cap_hundredths=st.sampled_from([None, 0, 1500, 5000]),
        needs_incident=st.booleans(),
        in_hours_only=st.booleans(),
    ),
    max_size=3,
).map(lambda rows: tuple(replace(row, id=n) for n, row in enumerate(sorted(rows, key=str), start=1)))
TERMS = st.builds(
    lambda rounding, overage, weight, covers: replace(
        ON_DEMAND,
        rounding=rounding,
        overage=overage,
        covers=covers,
        work_types=(WorkType("travel", weight), WorkType("phone", free_under=Decimal(5))),
        level_weights=(LevelWeight("expert", Decimal("1.333")),),
        rates=(Rate(Decimal("30.00")), Rate(Decimal("41.99"), area="linux")),
        ends_on=date(2026, 3, 28),
    ),
    ROUNDINGS,
    OVERAGES,
    st.sampled_from([Decimal("0.5"), Decimal("0.333"), Decimal(0), Decimal(2)]),
    COVERS,
)


@st.composite
def some_work(draw: st.DrawFn, id: int) -> Work:
    seconds = draw(st.sampled_from([0, 59, 600, 3010, 7200, 12_345, 29_999]))
    facts = {
        "ticket_id": draw(st.integers(1, 2)),
        "visit_id": draw(st.sampled_from([None, 1])),
        "work_type": draw(st.sampled_from(["remote", "travel", "phone"])),
        "area": draw(st.sampled_from([None, "linux"])),
        "level": draw(st.sampled_from([None, "expert"])),
        "urgent": draw(st.booleans()),
        "billable_seconds": draw(st.sampled_from([seconds, seconds, seconds // 3, 47, 0])),
        "approved_order": draw(st.integers(0, 3)),
    }
    day = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    facts["ticket_opened_on"] = draw(st.sampled_from([None, MONDAY, day]))
    if draw(st.booleans()):
        return work(id, seconds, work_on=day, **facts)
    return work_at(id, draw(st.sampled_from(["00:30", "08:15", "16:50", "23:10"])), seconds, day, **facts)


WORKS = st.integers(1, 4).flatmap(lambda n: st.tuples(*(some_work(id) for id in range(1, n + 1))))


@st.composite
def some_lots(draw: st.DrawFn) -> list[Lot]:
    return [
        lot(
            id,
            draw(st.sampled_from([7, 20, 60, 300, 0])),
            valid_from=MONDAY + timedelta(days=draw(st.integers(-2, 3))),
            expires_on=draw(st.sampled_from([None, MONDAY + timedelta(days=2), MONDAY + timedelta(days=9)])),
            priority=draw(st.integers(0, 1)),
            is_allowance=draw(st.booleans()),
            is_bonus=draw(st.booleans()),
            areas=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"linux"})])),
            usable=draw(st.sampled_from([True, True, False])),
            expired=draw(st.sampled_from([0, 0, 700])),
        )
        if draw(st.integers(0, 3))
        else incidents(id, draw(st.integers(0, 2)), usable=draw(st.booleans()))
        for id in range(1, draw(st.sampled_from([3, 4, 2, 1, 0])) + 1)
    ]


def drawings(rated: Rated) -> dict[int, int]:
    return rated.drawn_by_lot


@FEW
@given(WORKS, TERMS, some_lots())
def test_drawn_included_and_overage_are_the_weighted_minutes(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot]
) -> None:
    rated = rate(works, terms, lots)
    for segment in rated.segments:
        drawn, included = segment.drawn_hundredths, segment.included_hundredths
        assert drawn + included + segment.overage_hundredths == segment.weighted_hundredths
        assert min(drawn, included, segment.overage_hundredths) >= 0
        assert 0 <= segment.overage_minutes <= segment.rounded_minutes
        billed = segment.overage_hundredths - segment.overdraft_hundredths - segment.held_hundredths
        assert min(billed, segment.overdraft_hundredths, segment.held_hundredths) >= 0
        if segment.weighted_hundredths and terms.overage.policy == OveragePolicy.BILL:
            assert segment.billed_minutes * segment.weighted_hundredths == billed * segment.rounded_minutes
    for entry in lots:
        assert 0 <= drawings(rated).get(entry.id, 0) <= entry.balance + entry.expired


@FEW
@given(WORKS, TERMS, some_lots())
def test_no_cover_takes_more_of_a_ticket_than_its_cap(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot]
) -> None:
    before = [Included(ticket_id=1, cover_id=1, hundredths=900)]
    caps = {cover.id: cover.cap_hundredths for cover in terms.covers}
    rated = rate(works, terms, lots, included=before)
    for row in rated.included:
        cap, used = caps[row.cover_id], 900 if (row.ticket_id, row.cover_id) == (1, 1) else 0
        assert row.hundredths > 0
        assert cap is None or used + row.hundredths <= cap
    assert sum(row.hundredths for row in rated.included) == rated.included_hundredths


@FEW
@given(WORKS, TERMS, some_lots())
def test_a_ticket_draws_one_incident_however_it_is_approved(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot]
) -> None:
    # Rounded one by one: else the minutes of a group may fall on another work when it is approved in parts.
    terms = replace(terms, rounding=replace(terms.rounding, group=Group.ENTRY))
    together = [incident.ticket_id for incident in rate(works, terms, lots).incidents]
    in_order = sorted(works, key=lambda each: (each.approved_order, each.id))
    runs, state = replay(State(tuple(lots)), [[each] for each in in_order], terms)
    one_by_one = [incident.ticket_id for run in runs for incident in run.rated.incidents]
    assert len(together) == len(set(together))
    assert one_by_one == together
    assert state.incidents == set(together)


@FEW
@given(WORKS, TERMS, some_lots())
def test_seconds_and_minutes_are_conserved(works: tuple[Work, ...], terms: Terms, lots: list[Lot]) -> None:
    rated = rate(works, terms, lots)
    for each in works:
        segments = rated.of_work(each.id)
        assert sum(segment.elapsed_seconds for segment in segments) == each.elapsed_seconds
        assert sum(segment.billable_seconds for segment in segments) == each.billable_seconds
        if each.billable_seconds == 0:
            assert all(segment.rounded_minutes == 0 and segment.amount is None for segment in segments)
    assert sum(row.rounded_minutes for row in rated.added) == rated.rounded_minutes


@FEW
@given(WORKS, TERMS, some_lots(), st.data())
def test_the_order_of_what_is_given_changes_nothing(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot], data: st.DataObject
) -> None:
    booked = [Booked("ticket:1", 600, 15), Booked("entry:2", 60, 1), Booked("ticket:1", 60, 0)]
    expected = rate(works, terms, lots, booked)
    other_works, other_lots = data.draw(st.permutations(works)), data.draw(st.permutations(lots))
    assert rate(other_works, terms, other_lots, booked[::-1]) == expected


@FEW
@given(WORKS, TERMS, st.data())
def test_one_run_equals_any_split_into_runs_in_its_minutes(
    works: tuple[Work, ...], terms: Terms, data: st.DataObject
) -> None:
    whole = rate(works, terms)
    order = data.draw(st.permutations(works))
    cut = data.draw(st.integers(0, len(works)))
    first = rate(order[:cut], terms)
    second = rate(order[cut:], terms, booked=first.added)
    assert total_booked((*first.added, *second.added)) == total_booked(whole.added)
    assert first.rounded_minutes + second.rounded_minutes == whole.rounded_minutes


def outcome(state: State) -> tuple[set[Lot], set[Booked], int, set[Included], frozenset[int]]:
    booked = {row for row in state.booked if row.billable_seconds or row.rounded_minutes}
    return set(state.lots), booked, state.used_overage, set(state.included), state.incidents


@FEW
@given(WORKS, TERMS, some_lots(), st.data())
def test_replay_after_any_correction_equals_replay_from_scratch(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot], data: st.DataObject
) -> None:
    start = State(tuple(lots))
    history, state = replay(start, [[each] for each in works], terms)
    place = data.draw(st.integers(0, len(works) - 1))
    right = data.draw(st.one_of(st.just(()), some_work(works[place].id).map(lambda each: (each,))))
    runs, corrected = correct(state, history, place, right, terms)
    approvals = [list(run.works) for run in history]
    approvals[place] = list(right)
    from_scratch, expected = replay(start, approvals, terms)
    assert [run.rated for run in (*history[:place], *runs)] == [run.rated for run in from_scratch]
    assert outcome(corrected) == outcome(expected)


@FEW
@given(WORKS, TERMS, some_lots())
def test_taking_a_run_back_leaves_no_trace_of_it(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot]
) -> None:
    start = State(tuple(lots))
    run, state = approve(start, works, terms)
    assert outcome(take_back(state, run)) == outcome(start)


@FEW
@given(WORKS, TERMS, some_lots(), st.integers(0, 3))
def test_an_expiry_in_between_changes_no_drawing_of_work_done_in_validity(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot], pending_share: int
) -> None:
    lapsed = []
    for entry in lots:
        gone = packs.expiry(entry.balance, entry.balance * pending_share // 3)
        lapsed.append(replace(entry, balance=entry.balance - gone, expired=entry.expired + gone))
    assert drawings(rate(works, terms, lapsed)) == drawings(rate(works, terms, lots))


@FEW
@given(WORKS, TERMS, some_lots())
def test_a_history_with_expiries_books_a_sound_ledger(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot]
) -> None:
    sound = [replace(entry, expired=0, usable=True) for entry in lots if entry.unit == Unit.MINUTES]
    movements = [
        ledger.grant(f"grant-{entry.id}", entry.id, entry.balance) for entry in sound if entry.balance
    ]
    state = State(tuple(sound))
    for n, each in enumerate(works):
        run, state = approve(state, [each], terms)
        movements += booked_movements(run, movements)
        state = lapse_one(state, n, movements)
        assert ledger.check(movements) == ()
    for entry in state.lots:
        assert ledger.balance(movements, entry.id) == entry.balance
        assert ledger.balance(movements, entry.id, ledger.Account.EXPIRED) == entry.expired


def booked_movements(run: Run, before: list[ledger.Movement]) -> list[ledger.Movement]:
    """The ledger's side of a run: expiries given back first, then the drawdowns."""
    booked: list[ledger.Movement] = []
    for place, segment in enumerate(run.rated.segments):
        for drawdown in segment.drawdowns:
            key = f"work-{segment.work_id}-{place}-lot-{drawdown.lot_id}"
            if drawdown.from_expired:
                lapse = next(entry for entry in before if entry.key == f"expiry-{drawdown.lot_id}")
                booked.append(ledger.reversal(f"late-{key}", lapse, drawdown.from_expired))
            booked.append(ledger.drawdown(key, drawdown.lot_id, drawdown.hundredths))
    return booked


def lapse_one(state: State, n: int, movements: list[ledger.Movement]) -> State:
    """Let the n-th lot expire after the n-th approval, two thirds of it not pending."""
    lots = list(state.lots)
    if n < len(lots):
        gone = packs.expiry(lots[n].balance, lots[n].balance // 3)
        if gone:
            movements.append(ledger.expiry(f"expiry-{lots[n].id}", lots[n].id, gone))
            lots[n] = replace(lots[n], balance=lots[n].balance - gone, expired=gone)
    return replace(state, lots=tuple(lots))


@FEW
@given(st.integers(1, 40), st.sampled_from([1, 5, 15, 30]), st.sampled_from(Mode))
def test_an_exact_multiple_gains_nothing_and_costs_its_price(steps: int, step: int, mode: Mode) -> None:
    terms = replace(ON_DEMAND, rounding=Rounding(step_minutes=step, mode=mode))
    rated = rate([work(1, steps * step * 60)], terms)
    assert rated.rounded_minutes == steps * step
    assert rated.amount == Fraction(steps * step * 3000, 60)
