"""The life of a contract: what falls due on which day, and which contract a piece of work falls under.

Days are local dates of the contract's zone, first and last included. See docs/rules/contracts.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class State(StrEnum):
    """Where a contract stands, from its draft to its end."""

    DRAFT = "draft"
    QUOTED = "quoted"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Step(StrEnum):
    """What happens to a contract by itself when its day has come."""

    LAPSE = "lapse"
    START = "start"
    NOTICE = "notice"
    END = "end"


@dataclass(frozen=True, slots=True)
class Life:
    """A contract as its days see it. `notice_days` is empty where nothing is to be renewed, and so nobody told."""

    state: State
    starts_on: date
    ends_on: date | None = None
    valid_until: date | None = None
    notice_days: int | None = None
    is_noticed: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A step, taken at the beginning of a day."""

    step: Step
    on: date


def next_step(life: Life) -> Due | None:
    """What happens to a contract next, by itself; nothing when it waits for a person or goes on for ever."""
    if life.state == State.QUOTED:
        return Due(Step.LAPSE, life.valid_until + DAY) if life.valid_until else None
    if life.state == State.ACCEPTED:
        return Due(Step.START, life.starts_on)
    if life.state != State.ACTIVE or life.ends_on is None:
        return None
    if life.notice_days is not None and not life.is_noticed:
        return Due(Step.NOTICE, notice_on(life.ends_on, life.notice_days))
    return Due(Step.END, life.ends_on + DAY)


def notice_on(ends_on: date, notice_days: int) -> date:
    """The day on which the client is told that a contract comes to its end."""
    return ends_on - timedelta(days=notice_days)


def told_in_time(told_on: date, ends_on: date, notice_days: int) -> bool:
    """Whether the client had the whole term of notice: only then a changed price may come with the renewal."""
    return told_on <= notice_on(ends_on, notice_days)


def first_day(offered: date, accepted_on: date) -> date:
    """A contract never begins before the day on which it was accepted."""
    return max(offered, accepted_on)


def is_open(state: State, valid_until: date | None, today: date) -> bool:
    """Whether a quote can still be answered on a day; its last day counts."""
    return state == State.QUOTED and (valid_until is None or today <= valid_until)


class Reason(StrEnum):
    """Why a contract is, or is not, the one that a piece of work falls under."""

    CHOSEN = "chosen"
    LATER_IN_ORDER = "later_in_order"
    ONLY_SOME_AREAS = "only_some_areas"
    OTHER_AREA = "other_area"
    ONLY_SOME_SITES = "only_some_sites"
    OTHER_SITE = "other_site"
    NOT_YET = "not_yet"
    OVER = "over"


UNKNOWN = frozenset({Reason.ONLY_SOME_AREAS, Reason.ONLY_SOME_SITES})
"""What speaks against a contract only as long as more is not known about the work."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract that work might fall under. `worked_on` is the day of the work in its zone.

    No areas: every area; no sites: every site.
    """

    id: int
    precedence: int
    worked_on: date
    starts_on: date
    ends_on: date | None = None
    areas: frozenset[int] = frozenset()
    sites: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a candidate."""

    id: int
    reason: Reason


def choose(candidates: Iterable[Candidate], area: int | None, site: int | None) -> list[Verdict]:
    """Judge every candidate, in order of precedence; at most one is chosen.

    Of those in force on the day of the work that cover its area and its site, the lowest precedence is chosen, then
    the lowest id. While one of the two is not known, a contract for all of them goes before those for some; of these
    the first is chosen only when there is no other.
    """
    ordered = sorted(candidates, key=lambda each: (each.precedence, each.id))
    against = {each.id: _against(each, area, site) for each in ordered}
    fitting = [each for each in ordered if against[each.id] is None]
    perhaps = [each for each in ordered if against[each.id] in UNKNOWN]
    chosen = next(iter(fitting or perhaps), None)
    return [Verdict(each.id, _reason(each, chosen, against)) for each in ordered]


def _against(candidate: Candidate, area: int | None, site: int | None) -> Reason | None:
    """What speaks against a candidate; what is known to be another before what is not known."""
    if candidate.worked_on < candidate.starts_on:
        return Reason.NOT_YET
    if candidate.ends_on is not None and candidate.ends_on < candidate.worked_on:
        return Reason.OVER
    found = (
        _outside(candidate.areas, area, Reason.OTHER_AREA, Reason.ONLY_SOME_AREAS),
        _outside(candidate.sites, site, Reason.OTHER_SITE, Reason.ONLY_SOME_SITES),
    )
    return min((each for each in found if each is not None), key=lambda each: each in UNKNOWN, default=None)


def _outside(named: frozenset[int], found: int | None, other: Reason, unknown: Reason) -> Reason | None:
    if not named or found in named:
        return None
    return unknown if found is None else other


def _reason(candidate: Candidate, chosen: Candidate | None, against: dict[int, Reason | None]) -> Reason:
    if candidate == chosen:
        return Reason.CHOSEN
    reason = against[candidate.id]
    if reason is None or (reason in UNKNOWN and chosen is not None and against[chosen.id] in UNKNOWN):
        return Reason.LATER_IN_ORDER
    return reason
