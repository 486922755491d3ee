"""The demo's tickets, planned ahead by a seed: who asks what when, who answers, and when the work is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from ecuanime.accounts.models import Language
from ecuanime.demo.cast import AT_DESK, Customer
from ecuanime.demo.diary import DAY, ZONE, Diary, local
from ecuanime.demo.stories import CLIENT, FIRM, NOTE, Story, filled, stories
from ecuanime.tickets.models import Priority

LIVELY = 14
"""Tickets of the last hours, so that the inbox has something new at whatever hour the demo is opened."""

MINUTE = timedelta(minutes=1)
LATELY = 340
"""How many minutes ago that may be; some are taken up at once, so that there is work of today too."""

SOLVE, WAIT, GO_ON = "solve", "wait", ""


@dataclass(frozen=True)
class Line:
    """A message to come: when, who by its sign, what, with which file, and what the ticket does then."""

    at: datetime
    kind: str
    text: str
    file: str = ""
    then: str = GO_ON


@dataclass(frozen=True)
class Work:
    """A stretch of work to come."""

    started_at: datetime
    ended_at: datetime
    work_type: str
    note: str


@dataclass
class Case:
    """A ticket to come."""

    customer: int
    person: int
    story: Story
    subject: str
    opened_at: datetime
    assignee: str
    lines: list[Line] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)
    taken_at: datetime | None = None
    waits_for_third_at: datetime | None = None
    solved_at: datetime | None = None


class Playwright:
    """Writes cases, each on top of what everybody already has to do."""

    def __init__(
        self, rng: Random, customers: Sequence[Customer], diary: Diary, now: datetime, days: int
    ) -> None:
        self._rng, self._customers, self._diary, self._now, self._days = rng, customers, diary, now, days
        self._weights = [customer.size for customer in customers]
        self._last: dict[int, list[str]] = {}

    def cases(self, number: int) -> list[Case]:
        """So many cases over the window, in the order in which they are opened."""
        lively = min(LIVELY, number // 4)
        past = [self._moment() for _ in range(number - lively)]
        recent = [self._now - self._rng.randint(4, LATELY) * MINUTE for _ in range(lively)]
        return [self._case(at) for at in sorted(past + recent)]

    def _moment(self) -> datetime:
        """An instant of the window: mostly in working hours, now and then at night or on a Sunday."""
        while True:
            day = (self._now - DAY * self._rng.randint(0, self._days)).astimezone(ZONE).date()
            if self._diary.is_workday(day) or self._rng.random() < 0.12:
                break
        hour = self._rng.choice((8, 9, 9, 9, 10, 10, 11, 11, 12, 13, 15, 16, 16, 17, 18))
        if self._rng.random() < 0.05:
            hour = self._rng.choice((6, 7, 20, 21, 22))
        return min(local(day, hour, self._rng.randint(0, 59)), self._now - timedelta(minutes=3))

    def _case(self, at: datetime) -> Case:
        number = self._rng.choices(range(len(self._customers)), self._weights)[0]
        customer = self._customers[number]
        story = self._story(number, customer.language)
        gaps = filled(self._rng, customer.language, customer.domain)
        case = Case(
            customer=number,
            person=self._rng.choices(range(len(customer.people)), range(len(customer.people), 0, -1))[0],
            story=story,
            subject=_fill(story.subject, gaps),
            opened_at=at,
            assignee=self._rng.choices(AT_DESK[story.area], range(len(AT_DESK[story.area]), 0, -1))[0],
        )
        self._play(case, gaps)
        return case

    def _story(self, customer: int, language: str) -> Story:
        """One that this client has not had lately."""
        told = stories(language)
        lately = self._last.setdefault(customer, [])
        fresh = [story for story in told if story.subject not in lately] or list(told)
        story = self._rng.choice(fresh)
        lately.append(story.subject)
        del lately[: -len(told) // 2]
        return story

    def _play(self, case: Case, gaps: dict[str, str]) -> None:
        """Let the turns of its story happen one after the other."""
        story, rng = case.story, self._rng
        is_lively = case.opened_at >= self._now - LATELY * MINUTE
        at_once = (story.priority == Priority.URGENT and rng.random() < 0.4) or (
            is_lively and rng.random() < 0.6
        )
        answers = max(1, sum(turn.kind == FIRM for turn in story.turns))
        minutes = max(4, rng.randint(story.least, story.most) // answers)
        ends_early = rng.random() < 0.035
        at, session = case.opened_at, None
        for position, turn in enumerate(story.turns):
            text = _fill(turn.text, gaps)
            following = story.turns[position + 1 :]
            if turn.kind == CLIENT:
                at = case.opened_at if position == 0 else self._client_hour(at)
                case.lines.append(Line(at, CLIENT, text, turn.file))
                continue
            if session is None:
                session = self._session(case, at, minutes, at_once)
            if turn.kind == NOTE:
                case.lines.append(Line(_between(session, 0.6), NOTE, text, turn.file))
                continue
            at = session[1] + timedelta(minutes=1)
            case.taken_at = case.taken_at or session[0] - timedelta(minutes=1)
            case.work.append(Work(*session, story.work, case.subject))
            session = None
            waits = any(later.kind == CLIENT for later in following)
            then = SOLVE if not following else WAIT if waits and rng.random() < 0.7 else GO_ON
            case.lines.append(Line(at, FIRM, text, turn.file, then))
            if ends_early and waits:
                if rng.random() < 0.5:
                    case.waits_for_third_at = at + timedelta(minutes=2)
                return
        if case.lines[-1].kind == CLIENT:
            case.solved_at = self._staff_hour(at)

    def _session(self, case: Case, at: datetime, minutes: int, at_once: bool) -> tuple[datetime, datetime]:
        """The work before an answer; what is done at the client's is reached by travelling first."""
        rng = self._rng
        reaction = timedelta(minutes=rng.choice((4, 8, 15, 25, 40, 70, 110)))
        on_the_way = rng.randint(15, 40) if case.story.work == "onsite" and not case.work else 0
        length = minutes + on_the_way
        start = self._diary.book(case.assignee, at + reaction, length, at_any_hour=at_once)
        start += timedelta(seconds=rng.randint(0, 40))
        if on_the_way:
            arrived = start + timedelta(minutes=on_the_way)
            case.work.append(Work(start, arrived, "travel", _TRAVEL))
            start = arrived
        end = start + timedelta(minutes=minutes) - timedelta(seconds=rng.randint(0, 59))
        return start, end

    def _client_hour(self, at: datetime) -> datetime:
        """When a client writes again: some minutes or some hours later, awake."""
        later = at + timedelta(minutes=self._rng.choice((9, 14, 22, 35, 60, 95, 180, 320, 1100, 1500)))
        hour = later.astimezone(ZONE).hour
        return later if 8 <= hour < 21 else later + timedelta(hours=11)

    def _staff_hour(self, at: datetime) -> datetime:
        later = at + timedelta(minutes=self._rng.choice((3, 6, 12, 30)))
        hour = later.astimezone(ZONE).hour
        return later if 8 <= hour < 20 else later + timedelta(hours=12)


_TRAVEL = "ida y vuelta"


def _between(session: tuple[datetime, datetime], part: float) -> datetime:
    return session[0] + (session[1] - session[0]) * part


def _fill(text: str, gaps: dict[str, str]) -> str:
    filled_in = text.format(**gaps)
    return filled_in[0].upper() + filled_in[1:]


def greeting(customer: Customer, name: str, at: datetime) -> str:
    """How a message to somebody opens."""
    first = name.split()[0]
    if customer.language == Language.EN:
        return f"Hello {first},"
    return f"{'Buenos días' if at.astimezone(ZONE).hour < 14 else 'Buenas tardes'}, {first}:"
