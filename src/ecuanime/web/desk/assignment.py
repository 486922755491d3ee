"""Why somebody should answer a ticket, and why somebody else is not asked, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import formats
from ecuanime.rules.assignment import Candidate, Obstacle
from ecuanime.staff.models import Competence
from ecuanime.tickets.models import Ticket
from ecuanime.tickets.queries import Suggestion
from ecuanime.tickets.queries.assignment import LEVELS

OTHERS = 3
_NAMES = {rank: Competence.Level(level).label for level, rank in LEVELS.items()}


@dataclass(frozen=True)
class Proposal:
    """Somebody, and what speaks for or against them."""

    person: User
    reason: str


@dataclass(frozen=True)
class Proposals:
    """Who should answer, who else could, and who is not asked."""

    best: Proposal | None
    others: list[Proposal]
    passed_over: list[Proposal]


def proposals_of(suggestion: Suggestion, ticket: Ticket) -> Proposals:
    """A suggestion in words. Of those who are not asked, only who would be if they were there."""
    area = ticket.area.name if ticket.area else ""
    asked = [
        Proposal(suggestion.people[each.key], reason_of(each, area)) for each in suggestion.ranking.asked
    ]
    away = [
        Proposal(suggestion.people[each.key], _OBSTACLES[why]())
        for each, why in suggestion.ranking.passed_over
        if why not in (Obstacle.NOT_COMPETENT, Obstacle.OTHER_TEAM)
    ]
    return Proposals(asked[0] if asked else None, asked[1 : OTHERS + 1], away[:OTHERS])


def reason_of(candidate: Candidate, area: str) -> str:
    """What speaks for somebody: "knows Linux (consultant), at work until 18:00, 4 open"."""
    attendance = candidate.attendance
    return _reason(area, candidate.level, attendance.until, attendance.from_, candidate.open_tickets)


def kept_reason(facts: str, area: str = "") -> str:
    """The same of facts that were kept when a ticket was given out; empty when they cannot be read."""
    try:
        kept = json.loads(facts)
        until, from_ = (
            datetime.fromisoformat(kept[name]) if name in kept else None for name in ("until", "from")
        )
        return _reason(area, int(kept["level"]), until, from_, int(kept["open"]))
    except (ValueError, KeyError, TypeError):
        return ""


def _reason(area: str, level: int, until: datetime | None, from_: datetime | None, open_tickets: int) -> str:
    parts = []
    if level:
        about = {"area": area or _("the area"), "level": str(_NAMES[level]).lower()}
        parts.append(_("knows %(area)s (%(level)s)") % about)
    if until is not None:
        parts.append(_("at work until %(at)s") % {"at": _moment(until)})
    elif from_ is not None:
        parts.append(_("comes to work %(at)s") % {"at": _moment(from_)})
    count = ngettext("%(number)s open", "%(number)s open", open_tickets)
    return ", ".join([*parts, count % {"number": open_tickets}])


def _moment(at: datetime) -> str:
    return formats.moment(
        timezone.localtime(at), formats.locale_for(get_language()), today=timezone.localdate()
    )


_OBSTACLES = {
    Obstacle.ON_LEAVE: lambda: _("is on leave"),
    Obstacle.AWAY: lambda: _("does not work these days"),
    Obstacle.NOT_COMPETENT: lambda: _("does not know the area"),
    Obstacle.OTHER_TEAM: lambda: _("is of another team"),
}
