"""What is promised about time, as frozen values: the narrowest terms that fit a request, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, ServiceLevel
from ecuanime.contracts.terms import calendar_in
from ecuanime.rules.calendars import Calendar
from ecuanime.staff.queries import current_firm, holidays_between

ALWAYS_OPEN = ""


@dataclass(frozen=True)
class Promised:
    """What is promised for a priority: minutes by metric, and the calendar (None: every hour) in which they count.

    `source` is "contract", "client" or "firm"; `source_name` names it (a number, a client; empty for the firm's).
    """

    source: str
    source_name: str
    zone: str
    calendar_name: str
    calendar: Calendar | None
    minutes: Mapping[str, int]
    warn_percent: int
    level_id: int
    credit_minutes: int
    credit_most_minutes: int


def level_for(contract: Contract | None, client: Client | None) -> ServiceLevel | None:
    """The terms that count for a request: those of its contract, else of its client, else the firm's."""
    fits = Q(contract__isnull=True, client__isnull=True)
    if client is not None:
        fits |= Q(client=client)
    if contract is not None:
        fits |= Q(contract=contract)
    found = _levels().filter(fits)
    return min(found, key=lambda level: (level.contract_id is None, level.client_id is None), default=None)


def promised(
    contract: Contract | None, client: Client | None, priority: int, *, today: date
) -> Promised | None:
    """What is promised today to a request of a contract, client and priority; None where nothing ever is.

    Its holidays are the firm's of last year, this year and the next.
    """
    level = level_for(contract, client)
    if level is None:
        return None
    holidays = holidays_between(date(today.year - 1, 1, 1), date(today.year + 1, 12, 31))
    zone = _zone(level, contract, client)
    return Promised(
        source="contract" if level.contract_id else "client" if level.client_id else "firm",
        source_name=_name(level, contract, client),
        zone=zone,
        calendar_name=level.calendar.name if level.calendar else ALWAYS_OPEN,
        calendar=calendar_in(level.calendar, zone, holidays) if level.calendar else None,
        minutes={row.metric: row.minutes for row in level.targets.all() if row.priority == priority},
        warn_percent=level.warn_percent,
        level_id=level.pk,
        credit_minutes=level.credit_minutes,
        credit_most_minutes=level.credit_most_minutes,
    )


def own_level(*, contract: Contract | None = None, client: Client | None = None) -> ServiceLevel | None:
    """The terms of exactly this contract or client, or (neither) the firm's."""
    return _levels().filter(contract=contract, client=client).first()


def _levels() -> QuerySet[ServiceLevel]:
    levels = ServiceLevel.objects.select_related("calendar", "contract", "client")
    return levels.prefetch_related("targets", "calendar__bands")


def _zone(level: ServiceLevel, contract: Contract | None, client: Client | None) -> str:
    """The zone of the contract, else of the client, else of the firm: where those live who wait."""
    if contract is not None:
        return contract.time_zone
    if client is not None:
        return client.time_zone
    firm = current_firm()
    return firm.time_zone if firm else "UTC"


def _name(level: ServiceLevel, contract: Contract | None, client: Client | None) -> str:
    if level.contract_id and contract is not None:
        return contract.number
    return client.name if level.client_id and client is not None else ""
