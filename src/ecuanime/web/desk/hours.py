"""What a ticket's contract has left, as the hours bar shows it: what waits for approval, then lot by lot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.queries import Balance
from ecuanime.rules.calendars import local_date
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.pending import Pending, hours_for

SOON_DAYS = 30


@dataclass(frozen=True)
class LotLine:
    """A lot in use: what it would have left once everything pending is approved, in its unit."""

    code: str
    left: int
    unit: str
    expires_on: date | None
    expires_soon: bool
    swatch: str


@dataclass(frozen=True)
class Hours:
    """A contract's hours or incidents. `segments` and `total` are those of `hours_bar`; quantities are in the balance's
    unit. `is_covered` says that the plan itself includes work.
    """

    contract: Contract
    kind: str
    balance: Balance
    pending: Pending
    lots: tuple[LotLine, ...]
    segments: tuple[tuple[str, int], ...]
    total: int
    would_be_left: int
    is_covered: bool


def hours_of_ticket(ticket: Ticket, *, now: datetime) -> Hours | None:
    """The hours of the ticket's contract (with version and plan at hand), or None when it has no contract."""
    if ticket.contract is None:
        return None
    balances, pending = hours_for([ticket.contract], now=now)
    return hours_of(ticket.contract, balances[ticket.contract.pk], pending[ticket.contract.pk], now=now)


def hours_of(contract: Contract, balance: Balance, pending: Pending, *, now: datetime) -> Hours:
    """The hours of a contract at an instant, of what it has and what waits on it."""
    today = local_date(now, contract.time_zone)
    lots = tuple(
        LotLine(
            code=row.lot.code,
            left=max(0, row.lot.left - pending.by_lot.get(row.lot.pk, 0)),
            unit=row.lot.unit,
            expires_on=row.lot.expires_on,
            expires_soon=row.lot.expires_on is not None and (row.lot.expires_on - today).days <= SOON_DAYS,
            swatch="spend" if place == 0 else "other",
        )
        for place, row in enumerate(balance.in_use)
    )
    would_be_left = balance.less(pending.by_lot)
    held = balance.left - would_be_left
    return Hours(
        contract=contract,
        kind=contract.version.plan.kind,
        balance=balance,
        pending=pending,
        lots=lots,
        segments=(("hold", held), *((lot.swatch, lot.left) for lot in lots if lot.unit == balance.unit)),
        total=balance.granted,
        would_be_left=would_be_left,
        is_covered=contract.version.plan.kind in (PlanKind.FLAT, PlanKind.INCLUDED),
    )
