"""What several parts of a ticket's page say about its hours, read once per request by whichever part asks first."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from ecuanime.accounts.models import User
from ecuanime.entitlements.queries import Balance, ContractLots, balances_for, lots_of
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.models import Ticket
from ecuanime.web.desk.hours import Hours, hours_of
from ecuanime.web.desk.ticket_time import TicketTimeView, ticket_time
from ecuanime.web.guards import StaffRequest
from ecuanime.worklog.queries import TicketTime, time_of_ticket


class Beside:
    """The lots of a ticket's contract, and its time rated over them. Each is read when it is first asked for."""

    def __init__(self, user: User, ticket: Ticket) -> None:
        self.user, self.ticket, self.now = user, ticket, read_clock()

    @cached_property
    def lots(self) -> ContractLots:
        """The lots of the ticket's contract; none without one."""
        return lots_of([self.ticket.contract] if self.ticket.contract else [])

    @cached_property
    def balances(self) -> dict[int, Balance]:
        """What the ticket's contract has, by its id."""
        contracts = [self.ticket.contract] if self.ticket.contract else []
        return balances_for(contracts, now=self.now, lots=self.lots)

    @cached_property
    def worked(self) -> TicketTime:
        """The ticket's time, and what waits on its contract."""
        return time_of_ticket(self.ticket, lots=self.lots)

    @cached_property
    def hours(self) -> Hours | None:
        """The hours bar of the contract."""
        contract, pending = self.ticket.contract, self.worked.pending
        if contract is None or pending is None:
            return None
        return hours_of(contract, self.balances[contract.pk], pending, now=self.now)

    @cached_property
    def time(self) -> TicketTimeView:
        """The ticket's time as this person may see it."""
        return ticket_time(self.user, self.ticket, self.worked)


def beside(request: StaffRequest, ticket: Ticket) -> Beside:
    """The one of this request."""
    if not hasattr(request, "beside_ticket"):
        request.beside_ticket = Beside(request.user, ticket)  # type: ignore[attr-defined]  # for this request
    return cast(Beside, getattr(request, "beside_ticket", None))
