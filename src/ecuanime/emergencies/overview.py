"""How emergencies went in a span of days: answers against the hour, estimates against what came, cost, guarantees.

Every figure is counted over a list of cases that is given with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil
from statistics import median_high

from django.db.models import QuerySet, Sum

from ecuanime.billing.models import Invoice, LineSegment
from ecuanime.clients.models import DossierSection
from ecuanime.contracts.terms import calendar_in
from ecuanime.emergencies.billing import phase_of
from ecuanime.emergencies.conditions import the_service
from ecuanime.emergencies.models import Assessment, Check, Emergency, Finding, Happening, Question, Stage
from ecuanime.rules.calendars import Calendar, start_of_day
from ecuanime.rules.express import Act, Phase, clock_of
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import holidays_between
from ecuanime.tickets.models import Opinion
from ecuanime.worklog.models import EntryState, TermsWindow, TimeEntry

MOST = 2_000
"""As many cases as a report looks at, the newest of its days; more than any firm has in a year."""


class Opening(StrEnum):
    """How work on a case could begin."""

    PAID = "paid"
    PROOF = "proof"
    PLAN = "plan"
    EXPERT = "expert"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True)
class CaseFigures:
    """What a case adds to the figures. Times are in minutes of the Express hours and seconds of work.

    `estimates` are those that were answered first, in minutes. `billed` is what was charged of each phase on issued
    invoices, in minor units before tax and before a guarantee is credited. `liked` is the contact's answer from 1 to 5.
    """

    case: Emergency
    minutes: int | None
    is_late: bool
    had_dossier: bool | None
    opening: Opening
    estimates: Mapping[Phase, int]
    seconds: Mapping[Phase, int]
    billed: Mapping[Phase, int]
    currency: str
    liked: int | None = None

    @property
    def is_worked(self) -> bool:
        """Whether work began."""
        return self.case.opened_at is not None

    def is_settled(self, phase: Phase) -> bool:
        """Whether a phase is over, so that its estimate can be held against what came."""
        over = self.case.normal_at if phase is Phase.NORMALISATION else self.case.closed_at
        return over is not None and phase in self.estimates

    def is_above(self, phase: Phase) -> bool:
        """Whether a phase that is over took longer than was estimated."""
        return self.is_settled(phase) and self.seconds[phase] > self.estimates[phase] * 60


LISTS: Mapping[str, Callable[[CaseFigures], bool]] = {
    "all": lambda row: True,
    "answered": lambda row: row.minutes is not None,
    "late": lambda row: row.is_late,
    "not_viable": lambda row: row.case.stage == Stage.NOT_VIABLE,
    "declined": lambda row: row.case.stage in (Stage.DECLINED, Stage.WITHDRAWN),
    "worked": lambda row: row.is_worked,
    "dossier": lambda row: row.had_dossier is True,
    "no_dossier": lambda row: row.had_dossier is False,
    "paid": lambda row: row.opening is Opening.PAID,
    "proof": lambda row: row.opening is Opening.PROOF,
    "plan": lambda row: row.opening is Opening.PLAN,
    "expert": lambda row: row.opening in (Opening.EXPERT, Opening.LATER),
    "normalised": lambda row: row.is_settled(Phase.NORMALISATION),
    "normalisation_above": lambda row: row.is_above(Phase.NORMALISATION),
    "mitigated": lambda row: row.is_settled(Phase.MITIGATION),
    "mitigation_above": lambda row: row.is_above(Phase.MITIGATION),
    "billed": lambda row: any(row.billed.values()),
    "rated": lambda row: row.liked is not None,
}
"""The lists behind the figures, by the word that an address says."""


@dataclass(frozen=True)
class PhaseSum:
    """A phase over all cases in which it is over: estimated against worked."""

    phase: Phase
    cases: int
    above: int
    estimated_minutes: int
    seconds: int


@dataclass(frozen=True)
class Overview:
    """The cases that were declared in some days, the newest first, and what they add up to."""

    first: date
    last: date
    rows: list[CaseFigures]
    _lists: dict[str, list[CaseFigures]] = field(default_factory=dict, repr=False)

    def behind(self, name: str) -> list[CaseFigures]:
        """The cases behind a figure. Raises KeyError for a name that no figure has."""
        if name not in self._lists:
            self._lists[name] = [row for row in self.rows if LISTS[name](row)]
        return self._lists[name]

    @property
    def counts(self) -> dict[str, int]:
        """How many cases each list has."""
        return {name: len(self.behind(name)) for name in LISTS}

    @property
    def minutes(self) -> list[int]:
        """How long each answer took, in order."""
        return sorted(row.minutes for row in self.rows if row.minutes is not None)

    @property
    def typical_minutes(self) -> int | None:
        """The answer in the middle; of two, the longer one."""
        return median_high(self.minutes) if self.minutes else None

    @property
    def most_minutes(self) -> int | None:
        """The longest answer."""
        return self.minutes[-1] if self.minutes else None

    @property
    def in_time_percent(self) -> int | None:
        """How many of a hundred that were due were answered in time, rounded down so that 100 means all."""
        due = len(
            {row.case.pk for row in self.behind("answered")} | {row.case.pk for row in self.behind("late")}
        )
        return 100 * (due - len(self.behind("late"))) // due if due else None

    @property
    def dossier_percent(self) -> int | None:
        """How many of a hundred of which it is known came with a dossier."""
        with_it, without = len(self.behind("dossier")), len(self.behind("no_dossier"))
        return 100 * with_it // (with_it + without) if with_it + without else None

    @property
    def satisfaction(self) -> Decimal | None:
        """The mean of what clients answered from 1 to 5, to one decimal; None where nobody has."""
        levels = [row.liked for row in self.rows if row.liked is not None]
        if not levels:
            return None
        return (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def phases(self) -> list[PhaseSum]:
        """Estimates against what came, by phase."""
        return [self._phase(phase) for phase in Phase]

    def _phase(self, phase: Phase) -> PhaseSum:
        over = [row for row in self.rows if row.is_settled(phase)]
        return PhaseSum(
            phase,
            len(over),
            sum(row.is_above(phase) for row in over),
            sum(row.estimates[phase] for row in over),
            sum(row.seconds[phase] for row in over),
        )

    @property
    def billed(self) -> list[tuple[str, Mapping[Phase, int]]]:
        """What was charged by phase, in each currency."""
        found: dict[str, Counter[Phase]] = defaultdict(Counter)
        for row in self.behind("billed"):
            found[row.currency].update(row.billed)
        return sorted(found.items())


def overview_of(
    cases: QuerySet[Emergency], first: date, last: date, *, firm: Firm, now: datetime
) -> Overview:
    """The cases declared from `first` to `last`, both on the firm's clock, in a constant number of queries."""
    begins, ends = (start_of_day(day, firm.time_zone) for day in (first, last + timedelta(days=1)))
    rows = cases.filter(declared_at__gte=begins, declared_at__lt=ends)
    related = ("client", "area", "lead", "ticket", "acceptance__assessment")
    found = list(rows.select_related(*related).order_by("-id")[:MOST])
    return Overview(first, last, _Records(found, _hours(first, last, firm)).figures(now))


def _hours(first: date, last: date, firm: Firm) -> Calendar | None:
    """The Express hours with the firm's holidays of those days."""
    calendar = the_service().calendar
    if calendar is None:
        return None
    days = holidays_between(first - timedelta(days=1), last + timedelta(days=60))
    return calendar_in(calendar, firm.time_zone, days)


class _Records:
    """What was recorded of some cases, read once for all of them."""

    def __init__(self, cases: list[Emergency], hours: Calendar | None) -> None:
        self.cases, self.hours = cases, hours
        keys, tickets = [case.pk for case in cases], [case.ticket_id for case in cases]
        self.first = {
            row.emergency_id: row
            for row in Assessment.objects.filter(emergency__in=keys, is_viable=True).order_by("-number")
        }
        self.dossiers = _dossiers(cases)
        self.opened = dict(
            Happening.objects.filter(emergency__in=keys, act__in=_OPENS)
            .order_by("-at", "-id")
            .values_list("emergency", "act")
        )
        opinions = Opinion.objects.filter(ticket__in=tickets, level__isnull=False)
        self.liked = dict(opinions.values_list("ticket", "level"))
        self.windows: dict[int, list[TermsWindow]] = defaultdict(list)
        for window in TermsWindow.objects.filter(ticket__in=tickets).order_by("since"):
            self.windows[window.ticket_id].append(window)
        self.entries: dict[int, list[TimeEntry]] = defaultdict(list)
        for entry in TimeEntry.objects.filter(ticket__in=tickets).exclude(state=EntryState.REJECTED):
            self.entries[entry.ticket_id].append(entry)
        self.billed = _billed([entry.pk for rows in self.entries.values() for entry in rows])

    def figures(self, now: datetime) -> list[CaseFigures]:
        """One row a case."""
        return [self._figures(case, now) for case in self.cases]

    def _figures(self, case: Emergency, now: datetime) -> CaseFigures:
        seconds, billed = dict.fromkeys(Phase, 0), dict.fromkeys(Phase, 0)
        for entry in self.entries[case.ticket_id]:
            phase = phase_of(entry, self.windows[case.ticket_id])
            if phase is not None:
                seconds[phase] += entry.billed_seconds
                billed[phase] += self.billed.get(entry.pk, 0)
        accepted = getattr(case, "acceptance", None)
        return CaseFigures(
            case=case,
            minutes=self._minutes(case, now),
            is_late=case.is_late,
            had_dossier=self.dossiers.get(case.pk),
            opening=self._opening(case),
            estimates=self._estimates(case),
            seconds=seconds,
            billed=billed,
            currency=accepted.currency if accepted else "",
            liked=self.liked.get(case.ticket_id),
        )

    def _minutes(self, case: Emergency, now: datetime) -> int | None:
        if case.answered_at is None:
            return None
        counted = clock_of(case.declared_at, case.answered_at, self.hours, now=now).counted
        return ceil(counted.total_seconds() / 60)

    def _estimates(self, case: Emergency) -> dict[Phase, int]:
        row = self.first.get(case.pk)
        if row is None:
            return {}
        return {
            Phase.NORMALISATION: row.normalise_minutes or 0,
            Phase.MITIGATION: row.mitigate_minutes or 0,
        }

    def _opening(self, case: Emergency) -> Opening:
        act = self.opened.get(case.pk)
        if act == Act.ACCEPT_WAIVED:
            return Opening.PLAN if case.acceptance.assessment.guarantee_hours else Opening.EXPERT
        by_act = {
            Act.PAY.value: Opening.PAID,
            Act.START_ON_PROOF.value: Opening.PROOF,
            Act.WAIVE.value: Opening.LATER,
        }
        return by_act.get(act or "", Opening.NONE)


_OPENS = (Act.ACCEPT_WAIVED, Act.PAY, Act.START_ON_PROOF, Act.WAIVE)


def _dossiers(cases: Collection[Emergency]) -> dict[int, bool]:
    """Whether each case came with a dossier: as the expert found, else whether one was there when it was declared.

    Unknown is left out: a dossier that was written or changed since says nothing of then.
    """
    since: dict[int, datetime] = {}
    sections = DossierSection.objects.filter(client__in={case.client_id for case in cases})
    for client, changed_at in sections.values_list("client", "changed_at"):
        since[client] = min(changed_at, since.get(client, changed_at))
    found = {
        case.pk: case.client_id in since
        for case in cases
        if case.client_id not in since or since[case.client_id] < case.declared_at
    }
    answered = Check.objects.filter(
        assessment__emergency__in=[case.pk for case in cases], question=Question.DOSSIER
    )
    for key, finding in answered.order_by("assessment__number").values_list(
        "assessment__emergency", "finding"
    ):
        if finding != Finding.UNKNOWN:
            found[key] = finding == Finding.YES
    return found


def _billed(entries: Collection[int]) -> dict[int, int]:
    """What issued invoices charge of each entry, in minor units before tax."""
    rows = LineSegment.objects.filter(
        is_live=True, segment__rating__entry__in=entries, line__invoice__state=Invoice.State.ISSUED
    )
    return dict(rows.values_list("segment__rating__entry").annotate(Sum("amount")).order_by())
