"""What is promised about time, as frozen values: the narrowest terms that fit a request, whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, ServiceLevel
from ecuanime.contracts.terms import calendar_in
from ecuanime.foundation.remembering import foresee, remembered
from ecuanime.rules.calendars import Calendar
from ecuanime.staff.queries import current_firm, holidays_between

ALWAYS_OPEN = ""
_ORDER = ("contract", "plan", "client", "queue", "firm")


@dataclass(frozen=True)
class Promised:
    """What is promised for a priority: minutes by metric, and the calendar (None: every hour) in which they count.

    `source` is "contract", "plan", "client", "queue" or "firm"; `source_name` names it (the number of the contract,
    also for its plan, a client, a queue; empty for the firm's).
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


@dataclass(frozen=True)
class QueueTerms:
    """The terms that a queue of the desk points at, and its name."""

    level_id: int
    name: str


def level_for(
    contract: Contract | None, client: Client | None, queue: QueueTerms | None = None
) -> ServiceLevel | None:
    """The terms that count for a request: those of its contract, its plan, its client, its queue, else the firm's."""
    of_queue = queue.level_id if queue is not None else None
    around = [
        level for level in _levels_around(contract, client) if not level.is_of_queue or level.pk == of_queue
    ]
    return min(around, key=lambda level: _ORDER.index(_source(level)), default=None)


def foresee_levels(contracts_of: Mapping[Client, Sequence[Contract]]) -> None:
    """Look up together the terms that `level_for` will be asked for: of clients, and of these contracts of theirs."""
    contracts = [contract for theirs in contracts_of.values() for contract in theirs]
    found = list(_levels().filter(_fits(contracts, contracts_of)))
    foresee([level for level in found if _is_shared(level)], _levels_around, None, None)
    for client, theirs in contracts_of.items():
        for contract in (None, *theirs):
            around = [level for level in found if _is_shared(level) or _is_of(level, contract, client)]
            foresee(around, _levels_around, contract, client)


@remembered
def _levels_around(contract: Contract | None, client: Client | None) -> list[ServiceLevel]:
    """The firm's terms, those of queues, and those of this contract, its plan and this client."""
    return list(_levels().filter(_fits([contract] if contract else [], [client] if client else [])))


def _fits(contracts: Collection[Contract], clients: Collection[Client]) -> Q:
    of_contracts = Q(contract__in=contracts) | Q(version__in=[contract.version_id for contract in contracts])
    return Q(contract=None, client=None, version=None) | Q(client__in=clients) | of_contracts


def _is_shared(level: ServiceLevel) -> bool:
    return level.contract_id is None and level.client_id is None and level.version_id is None


def _is_of(level: ServiceLevel, contract: Contract | None, client: Client) -> bool:
    if contract is not None and (level.contract_id == contract.pk or level.version_id == contract.version_id):
        return True
    return level.client_id == client.pk


def promised(
    contract: Contract | None,
    client: Client | None,
    priority: int,
    *,
    today: date,
    queue: QueueTerms | None = None,
) -> Promised | None:
    """What is promised today to a request of a contract, client, queue and priority; None where nothing ever is.

    Its holidays are the firm's of last year, this year and the next.
    """
    level = level_for(contract, client, queue)
    if level is None:
        return None
    holidays = holidays_between(date(today.year - 1, 1, 1), date(today.year + 1, 12, 31))
    zone = _zone(level, contract, client)
    return Promised(
        source=_source(level),
        source_name=_name(level, contract, client, queue),
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
    return _levels().filter(contract=contract, client=client, version=None, is_of_queue=False).first()


def _levels() -> QuerySet[ServiceLevel]:
    levels = ServiceLevel.objects.select_related("calendar", "contract", "client", "version")
    return levels.prefetch_related("targets", "calendar__bands")


def _zone(level: ServiceLevel, contract: Contract | None, client: Client | None) -> str:
    """The zone of the contract, else of the client, else of the firm: where those live who wait."""
    if contract is not None:
        return contract.time_zone
    if client is not None:
        return client.time_zone
    firm = current_firm()
    return firm.time_zone if firm else "UTC"


def _source(level: ServiceLevel) -> str:
    if level.contract_id is not None:
        return "contract"
    if level.version_id is not None:
        return "plan"
    if level.client_id is not None:
        return "client"
    return "queue" if level.is_of_queue else "firm"


def _name(
    level: ServiceLevel, contract: Contract | None, client: Client | None, queue: QueueTerms | None
) -> str:
    if (level.contract_id or level.version_id) and contract is not None:
        return contract.number
    if level.client_id and client is not None:
        return client.name
    return queue.name if level.is_of_queue and queue is not None else ""
