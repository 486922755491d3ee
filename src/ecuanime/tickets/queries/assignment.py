"""Who could answer a ticket: the facts that `rules.assignment` puts in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.rules.assignment import Candidate, Ranking, rank
from ecuanime.staff.models import Competence
from ecuanime.staff.queries import attendance_of
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.models import OPEN_STATES, Ticket, Turn

LEVELS = {Competence.Level.TECHNICIAN.value: 1, Competence.Level.CONSULTANT.value: 2}


@dataclass(frozen=True)
class Suggestion:
    """Who could answer, in order, with the people by their id."""

    ranking: Ranking
    people: dict[int, User]

    @property
    def best(self) -> User | None:
        """Who should answer; None when there is nobody."""
        return self.people[self.ranking.best.key] if self.ranking.best else None


def suggestion_for(ticket: Ticket, *, now: datetime) -> Suggestion:
    """Everybody at the desk, in the order in which this ticket should be offered to them.

    Of a queue with a team only its members are asked. A constant number of queries. The ticket itself does not count
    as somebody's load.
    """
    people = {person.pk: person for person in people_of_firm() if works_at_desk(person)}
    everybody = list(people.values())
    attendances = attendance_of(everybody, now=now)
    levels, loads = _levels(ticket, everybody), _loads(ticket, everybody)
    turns = dict(Turn.objects.filter(user__in=everybody).values_list("user_id", "given_at"))
    team = _team(ticket)
    candidates = [
        Candidate(
            key, levels.get(key, 0), attendances[key], loads[key], turns.get(key), team is None or key in team
        )
        for key in people
    ]
    return Suggestion(rank(candidates, needs_competence=ticket.area_id is not None), people)


def _team(ticket: Ticket) -> set[int] | None:
    """The members of the team that works its queue off; None where everybody does."""
    if ticket.queue is None or ticket.queue.team is None:
        return None
    return set(ticket.queue.team.members.values_list("pk", flat=True))


def _levels(ticket: Ticket, people: Sequence[User]) -> dict[int, int]:
    if ticket.area_id is None:
        return {}
    known = Competence.objects.filter(area=ticket.area_id, user__in=people)
    return {user: LEVELS[level] for user, level in known.values_list("user_id", "level")}


def _loads(ticket: Ticket, people: Sequence[User]) -> dict[int, dict[int, int]]:
    """How many open tickets of each priority each person has."""
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    found = Ticket.objects.filter(assignee__in=people, state__in=OPEN_STATES).exclude(pk=ticket.pk)
    for user, priority, count in found.values_list("assignee", "priority").annotate(count=Count("pk")):
        counted[user][priority] = count
    return counted
