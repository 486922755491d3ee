"""The hours of a client's contracts as the portal shows them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecuanime.billing.access import may_order_packs
from ecuanime.clients.models import Contact
from ecuanime.contracts.access import contracts_seen_by
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.access import may_see_hours
from ecuanime.entitlements.queries import Balance
from ecuanime.worklog.pending import Pending
from ecuanime.worklog.queries import ClientHours


@dataclass(frozen=True)
class HoursCard:
    """A contract's hours, in hundredths of a minute; `after` is what is left once all that is pending is approved.

    `segments` are those of `hours_bar`; `may_buy` says whether the contact may order another pack.
    """

    contract: Contract
    balance: Balance
    pending: Pending
    after: int
    segments: Sequence[tuple[str, int]]
    may_buy: bool


def contracts_with_hours(contact: Contact) -> list[Contract]:
    """The client's contracts whose hours the contact may see, those in force first."""
    contracts = contracts_seen_by(contact).order_by("state", "precedence", "-starts_on", "id")
    return [contract for contract in contracts if may_see_hours(contact, contract)]


def cards_of(contact: Contact, contracts: Sequence[Contract], hours: ClientHours) -> list[HoursCard]:
    """The hours of those contracts that ever had any."""
    return [
        _card(contact, contract, hours.balances[contract.pk], hours.pending[contract.pk])
        for contract in contracts
        if hours.balances[contract.pk].has_lots
    ]


def _card(contact: Contact, contract: Contract, balance: Balance, pending: Pending) -> HoursCard:
    after = balance.less(pending.by_lot)
    return HoursCard(
        contract=contract,
        balance=balance,
        pending=pending,
        after=after,
        segments=(("spend", after), ("hold", balance.left - after)),
        may_buy=may_order_packs(contact, contract),
    )
