"""The daily cut as the supervisor sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F

from ecuanime.clients.models import Client, Contact
from ecuanime.entitlements.queries import Balance, balances_for, lots_of
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import ClosedDay, Cut, Decision, EntryState, TimeEntry
from ecuanime.worklog.pending import Pending, pending_among, undecided, waiting_on
from ecuanime.worklog.queries.day import StuckTimer, stuck_timers
from ecuanime.worklog.queries.lines import EntryLine, lines_of, totals_of_lines
from ecuanime.worklog.rating import Known, with_relations


@dataclass(frozen=True)
class ClientCut:
    """One client's part of the day. `cut` is None while the day is not closed for them."""

    client: Client
    cut: Cut | None
    lines: tuple[EntryLine, ...]
    totals: Totals
    leads: tuple[Contact, ...]

    def count(self, state: str) -> int:
        """How many of its entries are in a state."""
        return sum(line.entry.state == state for line in self.lines)

    @property
    def to_review(self) -> int:
        """How many entries wait for the supervisor."""
        return self.count(EntryState.CLOSED) + self.count(EntryState.DISPUTED)

    @property
    def waits_for_notice(self) -> bool:
        """Whether reviewed entries wait to be sent to the client."""
        return any(
            line.entry.state == EntryState.REVIEWED and line.entry.told_at is None for line in self.lines
        )


@dataclass(frozen=True)
class CutPage:
    """A day: by client, those that wait for the supervisor first.

    `balances` and `pending` say by id what the contracts concerned have, and what waits on them of any day.
    """

    day: date
    closed_at: datetime | None
    clients: tuple[ClientCut, ...]
    totals: Totals
    stuck: tuple[StuckTimer, ...]
    balances: Mapping[int, Balance]
    pending: Mapping[int, Pending]


@dataclass(frozen=True)
class CutDay:
    """A day in the list: how many entries are in each state (values of EntryState), and when it was closed."""

    day: date
    closed_at: datetime | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many entries it has."""
        return sum(self.counts.values())


def cut_page(day: date, *, now: datetime) -> CutPage:
    """The cut of a day: its closed entries by client, and those of that day which are still open.

    A constant number of queries: what rating has to know is read once for the day and for all that waits.
    """
    cuts = {cut.client_id: cut for cut in Cut.objects.filter(day=day).select_related("client")}
    closed = TimeEntry.objects.filter(cut__in=cuts.values())
    still_open = TimeEntry.objects.filter(state=EntryState.OPEN, work_on=day)
    rows = with_relations(closed | still_open).select_related("cut", "contract__version__plan")
    entries = list(rows.order_by("client_id", "work_on", F("started_at").asc(nulls_last=True), "id"))
    contracts = list({entry.contract.pk: entry.contract for entry in entries if entry.contract}.values())
    lots, waiting = lots_of(contracts), list(waiting_on(contracts))
    known = Known([*undecided(entries), *waiting], lots=lots)
    lines = lines_of(entries, known=known)
    clients = _by_client(lines, cuts)
    first_closing = ClosedDay.objects.filter(day=day).first()
    return CutPage(
        day=day,
        closed_at=first_closing.closed_at if first_closing else None,
        clients=tuple(sorted(clients, key=lambda part: (part.to_review == 0, part.client.name))),
        totals=totals_of_lines(lines),
        stuck=tuple(stuck_timers(now)),
        balances=balances_for(contracts, now=now, lots=lots),
        pending=pending_among(waiting, contracts, known=known),
    )


def _by_client(lines: Sequence[EntryLine], cuts: Mapping[int, Cut]) -> list[ClientCut]:
    grouped: dict[int, list[EntryLine]] = {}
    for line in lines:
        grouped.setdefault(line.entry.client_id, []).append(line)
    leads = _leads(grouped)
    return [
        ClientCut(
            client=rows[0].entry.client,
            cut=cuts.get(client_id),
            lines=tuple(rows),
            totals=totals_of_lines(rows),
            leads=tuple(leads.get(client_id, ())),
        )
        for client_id, rows in grouped.items()
    ]


def _leads(clients: Iterable[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    leads = Contact.objects.filter(client__in=list(clients), is_project_lead=True, is_active=True)
    for contact in leads.order_by("name", "id"):
        found.setdefault(contact.client_id, []).append(contact)
    return found


def cut_days(*, before: date | None = None, limit: int = 14) -> list[CutDay]:
    """The days that have entries, the newest first, from the one before `before` on.

    A closed entry counts on the day of its cut, an open one on the day of its work.
    """
    until = before or date.max
    cut = Cut.objects.filter(day__lt=until).order_by("-day").values_list("day", flat=True).distinct()
    opened = TimeEntry.objects.filter(state=EntryState.OPEN, work_on__lt=until)
    open_days = opened.order_by("-work_on").values_list("work_on", flat=True).distinct()
    days = sorted({*cut[:limit], *open_days[:limit]}, reverse=True)[:limit]
    counts = _counts(days)
    closed = dict(ClosedDay.objects.filter(day__in=days).values_list("day", "closed_at"))
    return [CutDay(day, closed.get(day), counts.get(day, {})) for day in days]


def _counts(days: Sequence[date]) -> dict[date, dict[str, int]]:
    in_cuts = TimeEntry.objects.filter(cut__day__in=days).values("state", day=F("cut__day"))
    not_in = TimeEntry.objects.filter(cut=None, work_on__in=days).values("state", day=F("work_on"))
    found: dict[date, dict[str, int]] = {}
    for rows in (in_cuts, not_in):
        for row in rows.annotate(number=Count("id")).order_by():
            counts = found.setdefault(row["day"], {})
            counts[row["state"]] = counts.get(row["state"], 0) + row["number"]
    return found


def has_come(day: date, firm: Firm, now: datetime) -> bool:
    """Whether the firm's hour of closing that day has come."""
    local = now.astimezone(firm.zone)
    return day < local.date() or (day == local.date() and local.time() >= firm.cut_at)


def closing_of(day: date, firm: Firm) -> datetime:
    """The instant at which the firm closes a day."""
    return datetime.combine(day, firm.cut_at, tzinfo=firm.zone)


def days_to_close(now: datetime) -> list[date]:
    """The days whose hour of closing has come and that were not closed yet, the oldest first."""
    firm = the_firm()
    today = now.astimezone(firm.zone).date()
    last = today if has_come(today, firm, now) else today - timedelta(days=1)
    worked = TimeEntry.objects.filter(state=EntryState.OPEN, work_on__lt=last)
    days = {last, *worked.values_list("work_on", flat=True).distinct()}
    return sorted(days - set(ClosedDay.objects.filter(day__in=days).values_list("day", flat=True)))


def due_cuts(now: datetime, *, limit: int = 100) -> list[Cut]:
    """Cuts whose client's term is over and that were not looked at since, the longest due first."""
    due = Cut.objects.filter(next_due_at__lte=now).select_related("client")
    return list(due.order_by("next_due_at", "id")[:limit])


def open_disputes(*, limit: int = 50) -> list[Decision]:
    """The disputes that wait for an answer (entry, ticket, client and contact at hand), the oldest first."""
    rows = Decision.objects.filter(kind=Decision.Kind.DISPUTE, entry__state=EntryState.DISPUTED)
    latest = rows.order_by("entry_id", "-id").distinct("entry_id").values("pk")
    disputes = Decision.objects.filter(pk__in=latest).select_related(
        "entry__ticket", "entry__client", "entry__user", "entry__cut", "contact"
    )
    return list(disputes.order_by("at", "id")[:limit])
