"""Whom a happening on a ticket concerns at the desk, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind
from ecuanime.staff.models import Escalation
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.models import Deadline, Message, State, Ticket

EXCERPT = 160


def notice_key(number: int) -> str:
    """What notices about the ticket of this number are filed under."""
    return f"ticket:{number}"


def page_of(ticket: Ticket) -> str:
    """The path of its page at the desk."""
    return f"/tickets/{ticket.number}/"


def tell_assigned(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """Whoever is to answer it now, unless they took it themselves."""
    if ticket.assignee is None or ticket.assignee == by:
        return

    def words() -> Words:
        who = str(by) if by else "Ecuánime"
        return Words(
            _("%(who)s gives you #%(number)s: %(subject)s") % _facts(ticket, who), ticket.last_snippet
        )

    _tell(ticket, [ticket.assignee], Kind.ASSIGNED, f"assigned:{ticket.pk}:{ticket.version}", words, now=now)


def tell_message(message: Message, ticket: Ticket, *, named: Iterable[User] = (), now: datetime) -> None:
    """Those named in a note, and whoever answers or follows the ticket; nobody of what they wrote themselves."""
    mentioned = {person.pk: person for person in named if person.pk != message.author_id}
    concerned = [
        person for person in _around(ticket) if person.pk != message.author_id and person.pk not in mentioned
    ]
    who = str(message.author) if message.author else message.from_name or message.from_email

    def says(sentence: str) -> Words:
        return Words(sentence % _facts(ticket, who), message.text[:EXCERPT])

    def names_you() -> Words:
        return says(_("%(who)s names you in #%(number)s: %(subject)s"))

    def writes() -> Words:
        return says(_("%(who)s writes on #%(number)s: %(subject)s"))

    kind = Kind.CLIENT if message.kind == Message.Kind.INBOUND else Kind.TEAM
    key = f"message:{message.pk}"
    _tell(ticket, mentioned.values(), Kind.MENTION, key, names_you, at=f"#m{message.pk}", now=now)
    _tell(ticket, concerned, kind, key, writes, at=f"#m{message.pk}", now=now)


def tell_state(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """Whoever answers or follows it, when somebody else has moved it."""

    def words() -> Words:
        facts = _facts(ticket, str(by) if by else "Ecuánime") | {"state": State(ticket.state).label}
        return Words(_("#%(number)s is now “%(state)s”: %(subject)s") % facts)

    concerned = [person for person in _around(ticket) if person != by]
    _tell(ticket, concerned, Kind.STATE, f"state:{ticket.pk}:{ticket.version}", words, now=now)


def tell_deadline(row: Deadline, *, is_up: bool, at: datetime, now: datetime) -> list[str]:
    """Whoever answers or follows it that time runs out, or is up; returns the addresses of those who are told.

    The second, and the first where nobody answers it, is told to whom the firm says too.
    """
    ticket = row.ticket
    people = _around(ticket)
    if is_up or ticket.assignee not in people:
        people += _escalated_to(ticket)
    concerned = [person for person in dict.fromkeys(people) if person.is_of_firm]

    def words() -> Words:
        facts = _deadline_facts(row)
        if is_up:
            said = _("“%(metric)s” was promised by %(when)s and is not done.") % facts
            return Words(_("#%(number)s: time is up (%(metric)s): %(subject)s") % facts, said)
        said = _("“%(metric)s” is promised by %(when)s.") % facts
        return Words(_("#%(number)s: time is running out (%(metric)s): %(subject)s") % facts, said)

    event_id = f"deadline:{row.pk}:{'up' if is_up else 'near'}:{at.isoformat()}"
    _tell(ticket, concerned, Kind.DEADLINE, event_id, words, now=now)
    return [person.email or str(person) for person in concerned]


def _escalated_to(ticket: Ticket) -> list[User]:
    """Whoever leads the team of its queue, or the supervisors, or both: as the firm says."""
    says = the_firm().escalates_to
    team = ticket.queue.team if ticket.queue and says != Escalation.SUPERVISORS else None
    lead = [team.lead] if team and team.lead and works_at_desk(team.lead) else []
    if lead and says == Escalation.LEAD:
        return lead
    return [*lead, *people_of_firm().filter(roles__contains=[Role.SUPERVISOR])]


def _deadline_facts(row: Deadline) -> dict[str, object]:
    ticket = row.ticket
    zone = ZoneInfo(ticket.client.time_zone) if ticket.client else the_firm().zone
    when = date_format(row.due_at.astimezone(zone), "SHORT_DATETIME_FORMAT") if row.due_at else ""
    return _facts(ticket, "") | {"metric": str(row.get_metric_display()), "when": when}


def _around(ticket: Ticket) -> list[User]:
    followers = [row.user for row in ticket.followers.select_related("user")]
    everybody = [*followers, *([ticket.assignee] if ticket.assignee else [])]
    return [person for person in everybody if works_at_desk(person)]


def _facts(ticket: Ticket, who: str) -> dict[str, object]:
    return {"who": who, "number": ticket.number, "subject": ticket.subject}


def _tell(
    ticket: Ticket,
    people: Iterable[User],
    kind: Kind,
    event_id: str,
    words: Callable[[], Words],
    *,
    now: datetime,
    at: str = "",
) -> None:
    tell(
        people=people,
        kind=kind,
        event_id=event_id,
        words=words,
        url=page_of(ticket) + at,
        subject_key=notice_key(ticket.number),
        now=now,
    )
