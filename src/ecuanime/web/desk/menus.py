"""What a ticket's menus offer: plain values, so that menus that say the same are drawn once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from ecuanime.accounts.models import User
from ecuanime.clients.queries import sites_at_hand
from ecuanime.tickets.actions.common import TRANSITIONS
from ecuanime.tickets.models import OPEN_STATES, Priority, State
from ecuanime.tickets.queries import TicketPage
from ecuanime.web.desk.furniture import Furniture
from ecuanime.web.desk.sentences import state_icon
from ecuanime.web.desk.snoozing import PRESET_LABELS
from ecuanime.web.templatetags.ec_formats import moment

Choices = tuple[tuple[int, str], ...]

PRIORITY_ICONS = {
    Priority.URGENT: "antenna-bars-5",
    Priority.HIGH: "antenna-bars-4",
    Priority.NORMAL: "antenna-bars-3",
    Priority.LOW: "antenna-bars-2",
}
_STATE_KEYS = {State.SOLVED: "e", State.WAITING_CLIENT: "p"}


def menus_of(user: User, page: TicketPage, at_hand: Furniture) -> dict[str, Any]:
    """What the ticket may become, who may answer it, where it may go, and who hears of it."""
    found = page.ticket
    return {
        "states": _states(State(found.state)),
        # Who looks at it has a button of their own, unless they have it.
        "assignees": _but(at_hand.people, set() if found.assignee_id == user.pk else {user.pk}),
        "assignee_name": _name(found.assignee),
        "priorities": tuple((each.value, str(each.label)) for each in Priority),
        "priority_icon": PRIORITY_ICONS[Priority(found.priority)],
        "areas": _choices(at_hand.areas),
        "area_name": _name(found.area),
        "sites": _choices(sites_at_hand(found.client)) if found.client else (),
        "site_name": _name(found.site),
        "macros": _choices(at_hand.macros),
        "queues": _choices(at_hand.queues),
        "queue_name": _name(found.queue),
        "tag_names": ", ".join(page.tags),
        "is_open": found.state in OPEN_STATES,
        "snoozed_until": moment(found.snoozed_until),
        "snooze_presets": tuple((value, str(label)) for value, label in PRESET_LABELS.items()),
        **_following(user, page, at_hand),
    }


def _states(state: State) -> tuple[tuple[str, str, str, str], ...]:
    """The value, name, icon and key of each state that may follow."""
    return tuple(
        (each, str(State(each).label), state_icon(each), _STATE_KEYS.get(State(each), ""))
        for each in TRANSITIONS[state]
    )


def _following(user: User, page: TicketPage, at_hand: Furniture) -> dict[str, Any]:
    following = [person for person in at_hand.people if person.pk in page.followers]
    return {
        "follows": user.pk in page.followers,
        "followers": _but(following, {user.pk}),
        "followers_count": len(following),
        "colleagues": _but(at_hand.people, page.followers | {user.pk}),
    }


def _but(people: Iterable[User], keys: Iterable[int]) -> Choices:
    return _choices(person for person in people if person.pk not in keys)


def _choices(rows: Iterable[Model]) -> Choices:
    """What a menu offers, by key and name."""
    return tuple((row.pk, str(row)) for row in rows)


def _name(row: Model | None) -> str:
    return "" if row is None else str(row)
