"""What the demo's clients contracted and the packs they bought, so that lots stand in every condition; two of them pay
a fee each month instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from ecuanime.billing.actions import charge_period, order_pack
from ecuanime.billing.models import Charge
from ecuanime.contracts.actions import open_contract
from ecuanime.contracts.models import Approval, Contract, Overage, PlanVersion
from ecuanime.demo.bills import Bills
from ecuanime.demo.customers import DEMAND, PACK_10, PACK_20
from ecuanime.demo.diary import DAY, ZONE, local
from ecuanime.demo.world import World
from ecuanime.entitlements.models import Lot
from ecuanime.worklog.actions import open_due_periods

EXPIRED, EXPIRING, HALF_YEAR, SEASON, FRESH = 378, 347, 190, 104, 18
"""Days ago that packs were bought: a pack lasts a year, so the first has expired and the second is about to."""

PURCHASES: tuple[tuple[int, ...], ...] = (
    (EXPIRING, FRESH),
    (SEASON,),
    (EXPIRED, 40),
    (HALF_YEAR,),
    (EXPIRING,),
    (SEASON, 9),
    (EXPIRED, SEASON),
)
"""When a client bought, by turns; the first clients of the cast tell the most, so theirs come first."""

PERIODIC = ("mensual", "tarifa-plana")
"""Plans whose contracts run in periods; they began when the newest packs were bought."""

ASKS_LEAD_FROM = 3
"""Clients of at least this size approve their time themselves; for the small ones the supervisor does."""

LOW = 0.1
"""Below this part of its last pack a client may buy another one."""


class Dealing:
    """Opens contracts and orders packs; the bills of packs are made and paid like all others."""

    def __init__(self, world: World, bills: Bills) -> None:
        self._world, self._bills = world, bills
        self._orders = 0
        self._versions: dict[str, PlanVersion] = {
            version.plan.code: version for version in PlanVersion.objects.select_related("plan")
        }

    def begin(self) -> list[Charge]:
        """Put every contract and purchase on the agenda; the very first packs are ordered at once and given back.

        They are ordered before the firm is marked as a demo, in Spain, so they are pro-formas: as in a real firm
        there today.
        """
        packs = 0
        first: list[Charge] = []
        for number, customer in enumerate(self._world.customers):
            codes = [code for code in customer.deal.split("+") if code]
            for code in codes:
                if code == DEMAND:
                    self._open(number, code, self._day(EXPIRED - number), precedence=200)
                    continue
                if code in PERIODIC:
                    self._open_period(number, code, self._day(FRESH))
                    continue
                bought = PURCHASES[packs % len(PURCHASES)]
                packs += 1
                contract = self._open(number, code, self._day(bought[0]), precedence=100)
                hours = int(code.removeprefix("bono-"))
                for days in bought:
                    if days == EXPIRED and not first:
                        first.append(self._order(contract, hours, self._day(days)))
                    else:
                        self._plan(contract, hours, self._day(days))
                newest = contract, hours
        self._order_last(*newest)
        return first

    def _open_period(self, number: int, code: str, at: datetime) -> None:
        """A contract with a fee, in its first period: its allowance is there, and the fee is on the next bill."""
        contract = self._open(number, code, at, precedence=100)
        for period in open_due_periods(contract=contract, now=at):
            charge_period(period=period, now=at)

    def _order_last(self, contract: Contract, hours: int) -> None:
        """A pack is ordered within the hour, and its document waits as a draft."""

        def order(at: datetime) -> None:
            self._order(contract, hours, at)

        self._world.agenda.add(self._world.now - timedelta(minutes=50), order, self._world.staff["mario"])

    def _day(self, days_ago: int) -> datetime:
        day = (self._world.now - DAY * days_ago).astimezone(ZONE).date()
        return local(self._world.diary.next_workday(day - DAY), 10, 10)

    def _open(self, number: int, code: str, at: datetime, *, precedence: int) -> Contract:
        world, customer = self._world, self._world.customers[number]
        lead = next((place for place, one in enumerate(customer.people) if one.is_lead), None)
        contract = open_contract(
            client=world.clients[number],
            version=self._versions[code],
            starts_on=at.astimezone(ZONE).date(),
            now=at,
            precedence=precedence,
            approval=Approval.SUPERVISOR if customer.size < ASKS_LEAD_FROM else "",
            overage=Overage.HOLD if number % 9 == 4 and code in (PACK_10, PACK_20) else "",
            accepted_by=None if lead is None else world.contacts[number, lead],
            recorded_by=world.staff["lucia"],
        )
        world.contracts[number] = world.contracts.get(number, contract)
        return contract

    def _plan(self, contract: Contract, hours: int, at: datetime) -> None:
        step = partial(self._order_and_issue, contract=contract, hours=hours)
        self._world.agenda.add(at, step, self._world.staff["mario"])

    def _order(self, contract: Contract, hours: int, at: datetime) -> Charge:
        self._orders += 1
        return order_pack(
            contract=contract,
            quantity=hours,
            now=at,
            by=self._world.staff["mario"],
            idempotency_key=f"demo-{self._orders}",
        )

    def _order_and_issue(self, at: datetime, contract: Contract, hours: int) -> None:
        self.issue(self._order(contract, hours, at), at)

    def issue(self, charge: Charge, at: datetime) -> None:
        """Issue a pack's document an hour after it was ordered."""
        invoice = charge.lines.select_related("invoice__client").get().invoice
        self._bills.issue_later(invoice, at + timedelta(hours=1))

    def restock(self, at: datetime) -> None:
        """Some of those whose hours are nearly used buy another pack; the others let it run dry."""
        for number, contract in sorted(self._world.contracts.items()):
            lots = list(Lot.objects.filter(contract=contract, is_bonus=False).order_by("pk"))
            if not lots or not _is_low(lots) or self._world.rng.random() < 0.55:
                continue
            if not contract.charges.filter(created_at__gt=at - timedelta(days=30)).exists():
                code = self._world.customers[number].deal.partition("+")[0]
                self._order_and_issue(at, contract, int(code.removeprefix("bono-")))


def _is_low(lots: Sequence[Lot]) -> bool:
    usable = [lot for lot in lots if lot.left]
    return sum(lot.left for lot in usable) < LOW * lots[-1].granted
