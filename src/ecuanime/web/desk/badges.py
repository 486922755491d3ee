"""The badge of a ticket's contract with the hours left, for many tickets in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ecuanime.contracts.models import PACKS
from ecuanime.entitlements.queries import Remaining, remaining_of
from ecuanime.entitlements.words import quantity_words
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
    contracts = {each.pk: each for ticket in listed if ticket.contract_id and (each := ticket.contract)}
    remaining = remaining_of(list(contracts.values()), now=now) if contracts else {}
    return {ticket.pk: _badge(ticket, remaining.get(ticket.contract_id or 0)) for ticket in listed}


def _badge(ticket: Ticket, remaining: Remaining | None) -> Badge:
    """One ticket's badge, from its contract (with version and plan at hand) and what that has left."""
    if ticket.contract is None:
        return Badge("none", "", None, 1)
    kind = ticket.contract.version.plan.kind
    if remaining is None:
        return Badge(kind, "", None, 1)
    facts = {"kind": short_name_of(kind), "left": quantity_words(remaining.left, remaining.unit)}
    text = _("%(kind)s · %(left)s") if remaining.left else _("%(kind)s · used up")
    return Badge(kind, text % facts, remaining.left, remaining.granted or 1)


def short_name_of(kind: str) -> str:
    """What a badge calls a contract with something left to draw."""
    return _("Pack") if kind in PACKS else _("Plan")
