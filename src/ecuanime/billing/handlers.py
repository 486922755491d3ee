"""What billing hears: the firm exists and so knows its taxes, a period has begun, a contract or a lot nears its end,
Stripe has said something.
"""

from __future__ import annotations

from ecuanime.billing.actions import charge_period, fit_fees, order_next_pack, seed_taxes
from ecuanime.billing.actions.cards.events import work_card_event
from ecuanime.billing.events import CardEventReceived
from ecuanime.billing.models import CardEvent
from ecuanime.contracts.events import ContractEnded
from ecuanime.contracts.models import Contract, ContractPeriod
from ecuanime.entitlements.events import LotNoticed, PeriodOpened
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears
from ecuanime.rules.packs import ORDERS_NEXT
from ecuanime.staff.events import FirmSetUp
from ecuanime.staff.queries import the_firm


@hears(FirmSetUp)
def note_taxes(event: FirmSetUp) -> None:
    """The rates of its country are noted; again changes nothing."""
    seed_taxes(the_firm().country, now=read_clock())


@hears(PeriodOpened)
def charge_fee(event: PeriodOpened) -> None:
    """The period's fee is charged; again changes nothing."""
    periods = ContractPeriod.objects.select_related("contract__client", "contract__version")
    charge_period(period=periods.get(pk=event.period_id), now=read_clock())


@hears(ContractEnded)
def charge_until_the_end(event: ContractEnded) -> None:
    """What is not invoiced yet is charged until its last day; again changes nothing."""
    contracts = Contract.objects.select_related("version")
    fit_fees(contract=contracts.get(pk=event.contract_id), now=read_clock())


@hears(LotNoticed)
def follow_pack(event: LotNoticed) -> None:
    """The next pack is ordered where the contract says so; again changes nothing."""
    if event.threshold in ORDERS_NEXT:
        lot = Lot.objects.select_related("contract").get(pk=event.lot_id)
        order_next_pack(lot=lot, now=read_clock())


@hears(CardEventReceived)
def work_event(event: CardEventReceived) -> None:
    """What Stripe says is worked; again changes nothing."""
    work_card_event(event=CardEvent.objects.get(pk=event.card_event_id), now=read_clock())
