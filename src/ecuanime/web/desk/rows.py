"""The rows of the inbox and the headings they stand under: by how long the client has waited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import formats
from ecuanime.tickets.models import (
    Channel,
    Column,
    Group,
    Order,
    Priority,
    SavedView,
    State,
    Ticket,
    usual_columns,
)
from ecuanime.tickets.queries import ORDERS, Source, names_of
from ecuanime.web.components.deadlines import Clock, clock_until
from ecuanime.web.components.ticket_rows import Chip, Row
from ecuanime.web.desk.badges import Badge, badges_for
from ecuanime.web.desk.place import Place, ticket_path

CHANNELS: dict[str, str] = {
    Channel.EMAIL: "email",
    Channel.PORTAL: "portal",
    Channel.STAFF: "manual",
    Channel.API: "api",
    Channel.WEB: "web",
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Heading:
    """What a group of rows is called. Tones: late, soon or none."""

    label: Any
    icon: str
    tone: str = ""


WAITS_A_DAY = Heading(gettext_lazy("The client has waited for more than a day"), "hourglass-low", "soon")
WAITS_HOURS = Heading(gettext_lazy("The client has waited for more than an hour"), "clock")
WAITS = Heading(gettext_lazy("The client has waited for less than an hour"), "clock")
HEADINGS: dict[int, Heading] = {
    Group.URGENT: Heading(Group.URGENT.label, "alert-triangle", "late"),
    Group.IN_HAND: Heading(Group.IN_HAND.label, "tool"),
    Group.WAITING_THIRD: Heading(Group.WAITING_THIRD.label, "users"),
    Group.WAITING_CLIENT: Heading(Group.WAITING_CLIENT.label, "player-pause"),
    Group.DONE: Heading(Group.DONE.label, "circle-check"),
}


class _Look(NamedTuple):
    """Who looks at rows, from where, when on their clock, what their timer runs on and what the rows show."""

    user: int
    place: Place | None
    now: datetime
    timed: int | None
    columns: frozenset[str]


@dataclass(frozen=True)
class Rows:
    """A heading and its rows; a list in another order than that of waiting has none."""

    heading: Heading | None
    rows: list[Row]


def grouped(
    tickets: Sequence[Ticket], user: User, place: Place, *, now: datetime, timed: int | None
) -> list[Rows]:
    """The tickets of a page under their headings, in their order. `timed` is the ticket the user's timer runs on."""
    if tickets and place.listing.sorting != ORDERS[Order.WAITING]:
        return [Rows(None, rows_in(tickets, user, place, now=now, timed=timed))]
    badges, look = badges_for(tickets, now=now), _look(user, place, now, timed)
    groups = []
    for heading, members in groupby(tickets, lambda ticket: heading_of(ticket, now)):
        groups.append(Rows(heading, [_row(ticket, badges.get(ticket.pk), look) for ticket in members]))
    return groups


def columns_of(source: Source) -> list[str]:
    """What the rows of a list show."""
    return source.columns if isinstance(source, SavedView) else usual_columns()


def rows_in(
    tickets: Sequence[Ticket], user: User, place: Place, *, now: datetime, timed: int | None
) -> list[Row]:
    """Tickets as the list at `place` shows them, without headings."""
    badges, look = badges_for(tickets, now=now), _look(user, place, now, timed)
    return [_row(each, badges.get(each.pk), look) for each in tickets]


def rows_of(tickets: Iterable[Ticket], user: User, *, now: datetime, timed: int | None) -> list[Row]:
    """Tickets without headings and without a list to come back to, as search shows them."""
    listed = list(tickets)
    badges, look = badges_for(listed, now=now), _look(user, None, now, timed)
    return [_row(each, badges.get(each.pk), look) for each in listed]


def _look(user: User, place: Place | None, now: datetime, timed: int | None) -> _Look:
    columns = columns_of(place.listing.source) if place else usual_columns()
    return _Look(user.pk, place, timezone.localtime(now), timed, frozenset(columns))


def heading_of(ticket: Ticket, now: datetime) -> Heading:
    """The heading a ticket stands under; the order of the list keeps each heading's tickets together."""
    group = ticket.inbox_group
    if group != Group.WAITS_FOR_US or ticket.waits_since is None:
        return HEADINGS.get(group, WAITS)
    waited = now - ticket.waits_since
    return WAITS_A_DAY if waited >= DAY else WAITS_HOURS if waited >= HOUR else WAITS


def clock_of(ticket: Ticket, now: datetime) -> Clock | None:
    """What is due next and when; where nothing is promised, for how long which side has waited."""
    return _clock(ticket, timezone.localtime(now))


def _clock(ticket: Ticket, now: datetime) -> Clock | None:
    """The same; `now` is on the reader's clock, like all that is said of it."""
    group = ticket.inbox_group
    if group == Group.DONE:
        return Clock("met", _day(ticket.solved_at, now), str(State(ticket.state).label))
    if ticket.due_at is not None:
        return clock_until(ticket.due_at, ticket.due_metric, now)
    if group == Group.WAITING_CLIENT:
        return Clock("paused", since(ticket.last_message_at, now))
    if ticket.waits_since is None:
        return None
    waited = now - ticket.waits_since
    if waited < DAY:
        return Clock("waiting", formats.time_left(int(waited.total_seconds())), _("waiting"))
    return Clock("waiting", since(ticket.waits_since, now), _("waiting"))


def channel_of(ticket: Ticket) -> str:
    """How it came in, as `channel_icon` knows it."""
    return CHANNELS.get(ticket.channel, "manual")


def since(at: datetime, now: datetime) -> str:
    """`since 10:42` of today, `since Fri 6 Nov` of another day; `now` is on the reader's clock."""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return _("since %(time)s") % {"time": formats.time_of_day(local)}
    return _("since %(day)s") % {"day": _day(at, now)}


def _day(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    locale = formats.locale_for(get_language())
    return formats.day(at.astimezone(now.tzinfo).date(), locale, today=now.date())


def _row(ticket: Ticket, badge: Badge | None, look: _Look) -> Row:
    names, place, columns = names_of(ticket), look.place, look.columns
    badge = badge if Column.CONTRACT in columns else None
    return Row(
        number=ticket.number,
        version=ticket.version,
        url=place.ticket_url(ticket.number) if place else ticket_path(ticket.number),
        peek_url=ticket_path(ticket.number, "ticket_peek") + place.query if place else "",
        subject=ticket.subject,
        channel=channel_of(ticket),
        unread=ticket.unread_count,
        is_timed=look.timed == ticket.pk,
        client_name=names.client,
        contact_name=names.contact or ticket.requester_name or ticket.requester_email,
        excerpt=(ticket.last_snippet or _("no text to show")) if Column.EXCERPT in columns else "",
        assignee_name=names.assignee,
        is_mine=ticket.assignee_id == look.user,
        contract_kind=badge.kind if badge else "",
        contract_text=badge.text if badge else "",
        contract_left=badge.left if badge else None,
        contract_of=badge.of if badge else 1,
        clock=_clock(ticket, look.now),
        hides_assignee=Column.ASSIGNEE not in columns,
        chips=tuple(_chips(ticket, columns, look.now)),
    )


def _chips(ticket: Ticket, columns: frozenset[str], now: datetime) -> Iterator[Chip]:
    """Until when it is put off, and the columns that a view may add; what a ticket has not is left out."""
    if ticket.snoozed_until:
        locale = formats.locale_for(get_language())
        back = ticket.snoozed_until.astimezone(now.tzinfo)
        at = formats.moment(back, locale, today=now.date())
        yield Chip("alarm", _("put off until %(at)s") % {"at": at})
    if Column.STATE in columns:
        yield Chip("circle-half-2", str(State(ticket.state).label))
    if Column.PRIORITY in columns and ticket.priority != Priority.NORMAL:
        yield Chip("antenna-bars-4", str(Priority(ticket.priority).label))
    if Column.QUEUE in columns and ticket.queue:
        yield Chip("layout-list", ticket.queue.name)
    if Column.AREA in columns and ticket.area:
        yield Chip("server", ticket.area.name)
    if Column.TAGS in columns:
        yield from (Chip("tag", tag.name) for tag in ticket.tags.all())
