"""The badge of a ticket's contract with the hours left, for many tickets in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.entitlements.queries import Balance, balances_for
from ecuanime.foundation.formats import hours_of_hundredths, locale_for
from ecuanime.tickets.models import Ticket


@dataclass(frozen=True)
class Badge:
    """What `contract_tag` takes; `left` is None when there are no hours to show."""

    kind: str
    text: str
    left: int | None
    of: int


def badges_for(tickets: Iterable[Ticket], *, now: datetime) -> dict[int, Badge]:
    """The badge of each ticket by its id; tickets in triage have none, since nobody knows whose they are."""
    listed = [ticket for ticket in tickets if ticket.client_id is not None]
    contracts = {ticket.contract_id: ticket.contract for ticket in listed if ticket.contract is not None}
    balances = balances_for(list(contracts.values()), now=now) if contracts else {}
    return {ticket.pk: badge_of(ticket, balances.get(ticket.contract_id or 0)) for ticket in listed}


def badge_of(ticket: Ticket, balance: Balance | None) -> Badge:
    """One ticket's badge, from its contract (with version and plan at hand) and what that has left."""
    if ticket.contract is None:
        return Badge("none", "", None, 1)
    kind = ticket.contract.version.plan.kind
    if balance is None or not balance.has_lots:
        return Badge(kind, "", None, 1)
    if balance.left == 0:
        return Badge(kind, _("Pack · used up"), 0, 1)
    hours = hours_of_hundredths(balance.left, locale_for(get_language()))
    return Badge(kind, _("Pack · %(hours)s") % {"hours": hours}, balance.left, balance.granted or 1)
