"""Random histories of a contract's hours: the ledger against a model that moves single minutes, without postings."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ecuanime.rules import ledger, overdraft
from ecuanime.rules.ledger import Account, Kind, Movement
from ecuanime.rules.packs import Drawdown, Lot, bonus_along, draw, eligible_lots, expiry, give_back

NEW_YEAR = date(2026, 1, 1)
MINUTE = 100
MINUTES = st.integers(1, 90)
PICK = st.integers(0, 99)


@dataclass
class Bag:
    """A lot of the model: where each of its minutes is. `born` is its place among the lots."""

    born: int
    first: int
    last: int
    is_bonus: bool
    pack: int | None
    minutes: Counter[str] = field(default_factory=Counter)
    is_void: bool = False

    def move(self, source: str, target: str, count: int) -> None:
        assert self.minutes[source] >= count
        self.minutes[source] -= count
        self.minutes[target] += count


class Histories(RuleBasedStateMachine):
    """Every step is booked by `rules.ledger` and done again in the model, minute by minute."""

    def __init__(self) -> None:
        super().__init__()
        self.today = 0
        self.history: list[Movement] = []
        self.bags: dict[int, Bag] = {}
        self.works: list[tuple[Movement, tuple[Drawdown, ...]]] = []
        self.overdrawn = Counter[str]()
        self.noted: list[tuple[Movement, int]] = []
        self.settlements: list[Movement] = []
        self.account = overdraft.Account()
        self.paid_by: list[int] = []
        """The model of what was settled: the lot of each minute, the last settled last."""

    # What is bought, and what the overdraft takes of it

    @rule(minutes=MINUTES, days=st.integers(1, 40), bonus=st.integers(0, 20))
    def buy(self, minutes: int, days: int, bonus: int) -> None:
        pack = self._open(minutes, self.today, self.today + days)
        self._settle(pack)
        if bonus:
            self._settle(self._open(bonus, self.today, self.today + days, pack=pack))

    def _open(
        self, minutes: int, first: int, last: int, *, pack: int | None = None, kind: str = "grant"
    ) -> int:
        lot_id = len(self.bags) + 1
        self.bags[lot_id] = Bag(lot_id, first, last, pack is not None, pack)
        if kind == "grant":
            build = ledger.bonus if pack else ledger.grant
            self._book(build(self._key(), lot_id, minutes * MINUTE))
            self.bags[lot_id].minutes.update(left=minutes)
        return lot_id

    def _settle(self, lot_id: int) -> None:
        part = min(self.overdrawn["owed"], self.bags[lot_id].minutes["left"])
        if part:
            self._book_settlement(lot_id, part * MINUTE)
            self._pay([lot_id] * part)

    def _book_settlement(self, lot_id: int, hundredths: int) -> None:
        self._book(ledger.settlement(self._key(), lot_id, 0, hundredths))
        self.settlements.append(self.history[-1])
        new = overdraft.Settled(len(self.settlements) - 1, lot_id, hundredths)
        self.account = overdraft.Account(self.account.owed - hundredths, (new, *self.account.settled))

    def _pay(self, minutes: list[int]) -> None:
        """The model lets a lot pay each of these minutes; it brings back what it has lost."""
        for lot_id in minutes:
            bag = self.bags[lot_id]
            bag.move(next(place for place in ("left", "expired", "void") if bag.minutes[place]), "out", 1)
        self.paid_by += minutes
        self.overdrawn.update(owed=-len(minutes))

    @precondition(lambda self: self.noted)
    @rule(pick=PICK, again=st.integers(0, 90))
    def overdraw_again(self, pick: int, again: int) -> None:
        """Overdrawn work is taken back and rated again; what of it is overdrawn again, its lots settle again."""
        noted, minutes = self.noted.pop(pick % len(self.noted))
        returned, self.account = overdraft.take_back(self.account, minutes * MINUTE)
        voids: dict[int, Movement] = {}
        for part in returned:
            paid = ledger.settlement(self.settlements[part.id].key, part.lot_id, 0, part.hundredths)
            self._book(ledger.reversal(self._key(), paid))
            self._come_back(part.lot_id, part.hundredths // MINUTE, "out")
            voids[part.id] = self.history[-1]
        self._book(ledger.reversal(self._key(), noted))
        off = min(self.overdrawn["owed"], minutes)
        came_back = [self.paid_by.pop() for _ in range(minutes - off)]
        self.overdrawn.update(owed=-off, used=-minutes)
        if again:
            self._note_down(again)
            self._settle_again(returned, voids, again)
            self._pay(came_back[::-1][:again])

    def _note_down(self, minutes: int) -> None:
        self._book(ledger.overdraft(self._key(), 0, minutes * MINUTE))
        self.noted.append((self.history[-1], minutes))
        self.account = overdraft.Account(self.account.owed + minutes * MINUTE, self.account.settled)
        self.overdrawn.update(owed=minutes, used=minutes)

    def _settle_again(
        self, returned: tuple[overdraft.Settled, ...], voids: dict[int, Movement], minutes: int
    ) -> None:
        has = {part.lot_id: sum(each.hundredths for each in returned) for part in returned}
        for part in overdraft.settle_again(returned, minutes * MINUTE, has):
            bag = self.bags[part.lot_id]
            if bag.is_void:
                self._book(ledger.reversal(self._key(), voids[part.id], part.hundredths))
            elif bag.last < self.today:
                missing = part.hundredths - ledger.balance(self.history, part.lot_id)
                if missing > 0:
                    self._reopen(part.lot_id, missing)
            self._book_settlement(part.lot_id, part.hundredths)

    # What is worked, and taken back

    @rule(minutes=MINUTES, ago=st.integers(0, 30), overdraws=st.booleans())
    def approve(self, minutes: int, ago: int, overdraws: bool) -> None:
        """Work of today, or of days ago and approved late; what is uncovered may be overdrawn."""
        day = max(0, self.today - ago)
        ordered = eligible_lots(self._lots(), worked_on=_on(day), area=None, work_type="remote")
        takes, uncovered = draw(minutes * MINUTE, ordered)
        for take in takes:
            self._reopen(take.lot_id, take.from_expired)
        if takes:
            key = self._key()
            parts = [ledger.drawdown(key, take.lot_id, take.hundredths) for take in takes]
            work = Movement(key, Kind.DRAWDOWN, tuple(row for part in parts for row in part.postings))
            self._book(work)
            self.works.append((work, takes))
        self._use(minutes, day)
        if uncovered and overdraws:
            self._note_down(uncovered // MINUTE)

    def _use(self, minutes: int, day: int) -> None:
        """The model draws one minute after the other, from what is left of a lot before what had expired of it."""
        for _ in range(minutes):
            bags = [bag for bag in self.bags.values() if bag.first <= day <= bag.last and not bag.is_void]
            full = [bag for bag in bags if bag.minutes["left"] or bag.minutes["expired"]]
            if not full:
                return
            bag = min(full, key=lambda bag: (bag.last, not bag.is_bonus, bag.born))
            bag.move("left" if bag.minutes["left"] else "expired", "used", 1)

    @precondition(lambda self: self.works)
    @rule(pick=PICK, minutes=MINUTES)
    def take_back(self, pick: int, minutes: int) -> None:
        work, takes = self.works.pop(pick % len(self.works))
        part = min(minutes * MINUTE, sum(take.hundredths for take in takes))
        key = self._key()
        backs = [
            ledger.reversal(key, ledger.drawdown(work.key, back.lot_id, back.hundredths))
            for back in give_back(takes, part)
        ]
        self._book(
            Movement(key, Kind.REVERSAL, tuple(row for back in backs for row in back.postings), work.key)
        )
        for back in give_back(takes, part):
            self._come_back(back.lot_id, back.hundredths // MINUTE)

    def _come_back(self, lot_id: int, minutes: int, source: str = "used") -> None:
        """What comes back to a void or expired lot does not stay there."""
        bag = self.bags[lot_id]
        bag.move(source, "left", minutes)
        if bag.is_void:
            self._book(ledger.void(self._key(), lot_id, minutes * MINUTE))
            bag.move("left", "void", minutes)
        elif bag.last < self.today:
            self._book(ledger.expiry(self._key(), lot_id, minutes * MINUTE))
            bag.move("left", "expired", minutes)

    # What time takes, and what is given for it

    @rule(days=st.integers(1, 30), pending=st.integers(0, 30))
    def pass_days(self, days: int, pending: int) -> None:
        self.today += days
        for lot_id, bag in self.bags.items():
            if bag.last < self.today and not bag.is_void:
                lost = expiry(bag.minutes["left"] * MINUTE, pending * MINUTE)
                if lost:
                    self._book(ledger.expiry(self._key(), lot_id, lost))
                    bag.move("left", "expired", max(0, bag.minutes["left"] - pending))

    @rule(pick=PICK, days=st.integers(1, 40))
    def revalue(self, pick: int, days: int) -> None:
        bag = self._pick(pick, "expired")
        if bag is None or bag.is_bonus:
            return
        minutes, key = bag.minutes["expired"], self._key()
        new = self._open(minutes, self.today, self.today + days, kind="revaluation")
        out, into = (
            ledger.revaluation(key, bag.born, minutes * MINUTE),
            ledger.grant(key, new, minutes * MINUTE),
        )
        self._book(Movement(key, Kind.REVALUATION, out.postings + into.postings))
        bag.move("expired", "revalued", minutes)
        self.bags[new].minutes.update(left=minutes)

    @rule(pick=PICK, minutes=MINUTES, days=st.integers(1, 40))
    def replace(self, pick: int, minutes: int, days: int) -> None:
        bag = self._pick(pick, "expired")
        if bag is None:
            return
        part = min(minutes, bag.minutes["expired"])
        self._reopen(bag.born, part * MINUTE)
        bag.move("expired", "left", part)
        self._transfer(bag, part, self.today, self.today + days)

    @rule(pick=PICK, minutes=MINUTES)
    def transfer(self, pick: int, minutes: int) -> None:
        """Also a rollover: a part of what is left goes on in a lot of its own."""
        bag = self._pick(pick, "left")
        if bag is not None:
            self._transfer(bag, min(minutes, bag.minutes["left"]), bag.first, bag.last + 30)

    def _transfer(self, bag: Bag, minutes: int, first: int, last: int) -> None:
        new = self._open(minutes, first, last, kind="transfer")
        self._book(ledger.transfer(self._key(), bag.born, new, minutes * MINUTE))
        bag.move("left", "out", minutes)
        self.bags[new].minutes.update(left=minutes)

    # What is cancelled

    @rule(pick=PICK)
    def void(self, pick: int) -> None:
        bag = self._pick(pick, "left")
        if bag is None or bag.is_bonus or bag.last < self.today:
            return
        for each in (bag, *self._bonus_of(bag)):
            left = each.minutes["left"]
            if left:
                self._book(ledger.void(self._key(), each.born, left * MINUTE))
                each.move("left", "void", left)
            each.is_void = True

    @rule(pick=PICK, minutes=MINUTES)
    def refund(self, pick: int, minutes: int) -> None:
        bag = self._pick(pick, "left")
        if bag is None or bag.is_bonus or bag.last < self.today:
            return
        paid = bag.minutes["left"]
        part = min(minutes, paid)
        self._book(ledger.refund(self._key(), bag.born, part * MINUTE))
        bag.move("left", "refunded", part)
        for bonus in self._bonus_of(bag):
            along = bonus_along(part, paid_left=paid, bonus_left=bonus.minutes["left"])
            if along:
                self._book(ledger.refund(self._key(), bonus.born, along * MINUTE))
                bonus.move("left", "refunded", along)

    # What must hold after every step

    @invariant()
    def the_ledger_is_sound(self) -> None:
        assert ledger.check(self.history) == ()

    @invariant()
    def each_lot_stands_as_in_the_model(self) -> None:
        for lot_id, bag in self.bags.items():
            found = ledger.summary(self.history, lot_id)
            expected = {
                name: bag.minutes[name] * MINUTE
                for name in ("left", "used", "expired", "void", "refunded", "revalued")
            }
            assert {name: getattr(found, name) for name in expected} == expected
            assert found.transferred_out == bag.minutes["out"] * MINUTE
            assert found.granted + found.transferred_in == sum(bag.minutes.values()) * MINUTE
        account = ledger.summary(self.history, 0)
        assert account.overdrawn == self.overdrawn["owed"] * MINUTE
        assert account.used == self.overdrawn["used"] * MINUTE

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        assert sum(row.hundredths for movement in self.history for row in movement.postings) == 0

    def _book(self, movement: Movement) -> None:
        self.history.append(movement)

    def _key(self) -> str:
        return f"movement-{len(self.history)}"

    def _pick(self, pick: int, where: str) -> Bag | None:
        found = [bag for bag in self.bags.values() if bag.minutes[where] and not bag.is_void]
        return found[pick % len(found)] if found else None

    def _bonus_of(self, bag: Bag) -> list[Bag]:
        return [other for other in self.bags.values() if other.pack == bag.born]

    def _lots(self) -> list[Lot]:
        """The lots as rating would get them from the ledger."""
        standing = ledger.balances(self.history)
        return [
            Lot(
                id=lot_id,
                balance=standing.get((lot_id, Account.LOT), 0),
                valid_from=_on(bag.first),
                expires_on=_on(bag.last),
                is_bonus=bag.is_bonus,
                usable=not bag.is_void,
                expired=standing.get((lot_id, Account.EXPIRED), 0),
            )
            for lot_id, bag in self.bags.items()
        ]

    def _reopen(self, lot_id: int, hundredths: int) -> None:
        """Reverse so much of the lot's expiries, the last booked first."""
        for expired in [each for each in reversed(self.history) if each.kind == Kind.EXPIRY]:
            if expired.postings[0].lot_id != lot_id or not hundredths:
                continue
            moved = expired.postings[1].hundredths
            back = sum(-each.postings[1].hundredths for each in self.history if each.reverses == expired.key)
            part = min(hundredths, moved - back)
            if part:
                self._book(ledger.reversal(self._key(), expired, part))
                hundredths -= part
        assert not hundredths


def _on(day: int) -> date:
    return NEW_YEAR + timedelta(days=day)


Histories.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestHistories = Histories.TestCase
