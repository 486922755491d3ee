"""How a month was for a client: promised times kept, hours and visits delivered against contracted, and quality.

Every figure is the length or the sum of a list that is given with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from ecuanime.clients.models import Client
from ecuanime.contracts.models import BINDING, Contract, Metric, Unit
from ecuanime.entitlements.models import Lot
from ecuanime.rules.calendars import add_months, start_of_day
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.rules.sla import Breach, credit_shares
from ecuanime.tickets.models import Deadline, Opinion, State, Ticket, TicketEvent
from ecuanime.worklog.models import BreachCredit, EntryState, TimeEntry

ON_SITE = "onsite"
DONE = (State.SOLVED.value, State.CLOSED.value)
SETTLED = (Deadline.Outcome.MET, Deadline.Outcome.BREACHED)


@dataclass(frozen=True)
class Month:
    """A calendar month in a zone: its days, both inclusive, and its first and last instant."""

    first: date
    zone: str

    @property
    def last(self) -> date:
        """Its last day."""
        return add_months(self.first, 1) - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        """Its first instant."""
        return start_of_day(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer of it."""
        return start_of_day(add_months(self.first, 1), self.zone)


@dataclass(frozen=True)
class Kept:
    """How often a promise was kept and broken."""

    metric: str
    kept: int
    broken: int

    @property
    def total(self) -> int:
        """All that were settled."""
        return self.kept + self.broken

    @property
    def percent(self) -> int:
        """How many of a hundred were kept, rounded down so that 100 means all."""
        return 100 * self.kept // self.total if self.total else 100


@dataclass(frozen=True)
class Delivered:
    """What a contract delivered in the month, and what it grants for it (None: no hours of the month)."""

    contract: Contract
    seconds: int
    contracted_minutes: int | None
    visits: int


@dataclass(frozen=True)
class Quality:
    """How requests went: opened, solved, opened again after they were solved, and the time worked after that.

    `opinions` are what contacts thought of their closed tickets in the month, of `asked` who were asked.
    """

    opened: int
    solved: int
    reopened: int
    rework_seconds: int
    asked: int = 0
    opinions: tuple[Opinion, ...] = ()

    @property
    def satisfaction(self) -> Decimal | None:
        """The mean of their answers from 1 to 5, to one decimal; None where nobody answered."""
        levels = [opinion.level for opinion in self.opinions if opinion.level is not None]
        if not levels:
            return None
        return (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Credit:
    """What the terms give for a broken promise, and when it was given, if it was."""

    deadline: Deadline
    minutes: int

    @property
    def given(self) -> BreachCredit | None:
        """When and as what it was given."""
        return getattr(self.deadline, "credit", None)


@dataclass(frozen=True)
class Compliance:
    """A client's month: `deadlines` lie behind the times, `entries` behind the hours, `reopened` are tickets."""

    client: Client
    month: Month
    times: list[Kept]
    deadlines: list[Deadline]
    delivered: list[Delivered]
    entries: list[TimeEntry]
    quality: Quality
    reopened: list[Ticket]
    credits: list[Credit]

    @property
    def credit_minutes(self) -> int:
        """What the terms agreed give for the month, given or not."""
        return sum(each.minutes for each in self.credits)

    @property
    def given_minutes(self) -> int:
        """What of it was given."""
        return sum(each.given.minutes for each in self.credits if each.given is not None)

    @property
    def all_times(self) -> Kept:
        """All promises together."""
        return Kept("", sum(row.kept for row in self.times), sum(row.broken for row in self.times))


def compliance_of(client: Client, month: Month, *, contracts: QuerySet[Contract] | None = None) -> Compliance:
    """A client's month, in a constant number of queries; with `contracts` the hours of those alone are told."""
    deadlines = list(_settled(client, month))
    entries = list(_entries(client, month, contracts))
    reopenings = _reopenings(client, month)
    return Compliance(
        client=client,
        month=month,
        times=_times(deadlines),
        deadlines=deadlines,
        delivered=_delivered(client, month, entries, contracts),
        entries=entries,
        quality=_quality(client, month, reopenings),
        reopened=list(Ticket.objects.filter(pk__in=reopenings).order_by("number")),
        credits=_credits(deadlines),
    )


def credits_of(client: Client, month: Month) -> list[Credit]:
    """What each broken promise of a client's month gives by the terms it was broken under; only those that give any."""
    return _credits(_settled(client, month))


def _credits(deadlines: Iterable[Deadline]) -> list[Credit]:
    broken = [
        row for row in deadlines if row.outcome == Deadline.Outcome.BREACHED and row.promise is not None
    ]
    shares = credit_shares(_breach(row) for row in broken)
    return [Credit(row, minutes) for row, minutes in zip(broken, shares, strict=True) if minutes]


def _breach(row: Deadline) -> Breach:
    content = row.promise.content if row.promise else {}
    return Breach(
        content.get("level", 0), content.get("credit_minutes", 0), content.get("credit_most_minutes", 0)
    )


def kept_by_client(clients: QuerySet[Client], month: Month) -> list[tuple[Client, Kept]]:
    """How each client's promises of the month were kept, the worst first, in one query; only those with any."""
    rows = clients.annotate(
        kept=Count("tickets__deadlines", filter=_of_month(month) & Q(tickets__deadlines__outcome="met")),
        broken=Count(
            "tickets__deadlines", filter=_of_month(month) & Q(tickets__deadlines__outcome="breached")
        ),
    ).filter(Q(kept__gt=0) | Q(broken__gt=0))
    found = [(row, Kept("", row.kept, row.broken)) for row in rows.order_by("name", "pk")]
    return sorted(found, key=lambda pair: (pair[1].percent, -pair[1].total))


def _of_month(month: Month) -> Q:
    return Q(
        tickets__deadlines__settled_at__gte=month.starts_at, tickets__deadlines__settled_at__lt=month.ends_at
    )


def _settled(client: Client, month: Month) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(
        ticket__client=client,
        outcome__in=SETTLED,
        settled_at__gte=month.starts_at,
        settled_at__lt=month.ends_at,
    )
    return rows.select_related("ticket", "promise", "credit__lot").order_by("settled_at", "id")


def _times(deadlines: list[Deadline]) -> list[Kept]:
    counted = Counter((row.metric, row.outcome) for row in deadlines)
    rows = [
        Kept(
            metric.value,
            counted[metric.value, Deadline.Outcome.MET.value],
            counted[metric.value, Deadline.Outcome.BREACHED.value],
        )
        for metric in Metric
    ]
    return [row for row in rows if row.total]


def _entries(client: Client, month: Month, contracts: QuerySet[Contract] | None) -> QuerySet[TimeEntry]:
    entries = TimeEntry.objects.filter(
        client=client, state=EntryState.APPROVED, work_on__range=(month.first, month.last)
    )
    if contracts is not None:
        entries = entries.filter(contract__in=contracts)
    return entries.select_related("ticket", "user", "work_type", "contract").order_by("work_on", "id")


def _delivered(
    client: Client, month: Month, entries: list[TimeEntry], only: QuerySet[Contract] | None
) -> list[Delivered]:
    in_force = Contract.objects.filter(client=client, state__in=BINDING, starts_on__lte=month.last)
    in_force = in_force.filter(Q(ends_on=None) | Q(ends_on__gte=month.first))
    if only is not None:
        in_force = in_force.filter(pk__in=only)
    granted = _granted(client, month)
    rows = []
    for contract in in_force.select_related("version__plan").order_by("precedence", "id"):
        own = [entry for entry in entries if entry.contract_id == contract.pk]
        visits = {entry.work_on for entry in own if entry.work_type.code == ON_SITE}
        seconds = sum(entry.elapsed_seconds for entry in own)
        rows.append(Delivered(contract, seconds, granted.get(contract.pk), len(visits)))
    return [row for row in rows if row.seconds or row.contracted_minutes is not None]


def _granted(client: Client, month: Month) -> dict[int, int]:
    """The minutes that periods beginning in the month grant, by the contract's id."""
    lots = Lot.objects.filter(
        contract__client=client,
        source=Lot.Source.ALLOWANCE,
        unit=Unit.MINUTES,
        voided_at=None,
        valid_from__range=(month.first, month.last),
    )
    rows = lots.values("contract").annotate(granted=Sum("granted")).order_by()
    return {row["contract"]: row["granted"] // HUNDREDTHS_PER_MINUTE for row in rows}


def _reopenings(client: Client, month: Month) -> dict[int, datetime]:
    """When each ticket that was solved was first opened again in the month, by the ticket's id."""
    events = TicketEvent.objects.filter(
        ticket__client=client,
        field="state",
        before=State.SOLVED,
        at__gte=month.starts_at,
        at__lt=month.ends_at,
    ).exclude(after__in=DONE)
    undone = TicketEvent.objects.filter(ticket=OuterRef("ticket"), field="state_undone", at=OuterRef("at"))
    rows = events.exclude(Exists(undone)).order_by("-at").values_list("ticket", "at")
    return dict(rows)


def _quality(client: Client, month: Month, reopenings: dict[int, datetime]) -> Quality:
    tickets = Ticket.objects.filter(client=client, merged_into=None)
    counted = tickets.aggregate(
        opened=Count("pk", filter=Q(created_at__gte=month.starts_at, created_at__lt=month.ends_at)),
        solved=Count("pk", filter=Q(solved_at__gte=month.starts_at, solved_at__lt=month.ends_at)),
    )
    worked = TimeEntry.objects.filter(
        ticket__in=reopenings, state=EntryState.APPROVED, work_on__range=(month.first, month.last)
    )
    rework = sum(
        seconds
        for ticket, started_at, seconds in worked.values_list("ticket", "started_at", "elapsed_seconds")
        if started_at is not None and started_at >= reopenings[ticket]
    )
    opinions = Opinion.objects.filter(ticket__client=client)
    given = opinions.filter(answered_at__gte=month.starts_at, answered_at__lt=month.ends_at)
    return Quality(
        counted["opened"],
        counted["solved"],
        len(reopenings),
        rework,
        asked=opinions.filter(asked_at__gte=month.starts_at, asked_at__lt=month.ends_at).count(),
        opinions=tuple(given.exclude(level=None).select_related("ticket").order_by("answered_at", "id")),
    )
