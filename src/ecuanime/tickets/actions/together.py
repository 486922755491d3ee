"""Several changes at once: what a macro does to a ticket, and one change of many tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions.changing import assign, change_state, set_priority, set_tags
from ecuanime.tickets.actions.common import lock
from ecuanime.tickets.actions.queues import move_to_queue
from ecuanime.tickets.actions.writing import add_note, reply
from ecuanime.tickets.models import Macro, Priority, Queue, State, Ticket
from ecuanime.tickets.wording import note_of, reply_of

ME, NOBODY = "me", "none"


@dataclass(frozen=True)
class Changes:
    """What becomes of a ticket; what is empty stays as it is.

    `assignee` is a person's key, `me` (whoever does it) or `none`, `queue` a queue's key or `none`, `priority` a
    value of `Priority`. Kept as JSON.
    """

    state: str = ""
    priority: int = 0
    assignee: str = ""
    queue: str = ""
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Changes:
        """The changes that a row keeps as JSON."""
        known: dict[str, Any] = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        for name in {"add_tags", "remove_tags"} & set(known):
            known[name] = tuple(known[name])
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        """What a row keeps: only what is said."""
        return {name: value for name, value in asdict(self).items() if value}

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.as_json())

    def require_known(self) -> None:
        """Refuse `bad_change` when a state, priority, person or queue does not exist (any more)."""
        is_known = (
            (not self.state or self.state in State.values)
            and (not self.priority or self.priority in Priority.values)
            and (self.assignee in ("", ME, NOBODY) or _found(User, self.assignee) is not None)
            and (self.queue in ("", NOBODY) or _found(Queue, self.queue) is not None)
        )
        if not is_known:
            raise Refused("bad_change", _("Something chosen here is no longer there. Choose again."))


@transaction.atomic
def change_together(
    *, ticket: Ticket, changes: Changes, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Do all of `changes` to a ticket or, when one of them is refused, none. Refuses as each of them does."""
    changes.require_known()
    ticket = lock(ticket, expected_version)
    if changes.queue:
        ticket = move_to_queue(ticket=ticket, queue=_found(Queue, changes.queue), by=by, now=now)
    if changes.priority:
        ticket = set_priority(ticket=ticket, priority=changes.priority, by=by, now=now)
    if changes.assignee:
        person = by if changes.assignee == ME else _found(User, changes.assignee)
        ticket = assign(ticket=ticket, assignee=person, by=by, now=now)
    if changes.add_tags or changes.remove_tags:
        ticket = set_tags(ticket=ticket, names=_tags_after(ticket, changes), by=by, now=now)
    if changes.state:
        ticket = change_state(ticket=ticket, state=changes.state, by=by, now=now)
    return ticket


@transaction.atomic
def use_macro(
    *,
    ticket: Ticket,
    macro: Macro,
    by: User,
    now: datetime,
    expected_version: int | None = None,
    seen_message: int | None = None,
) -> Ticket:
    """Do what a macro says: its note, its reply with the variables filled in, its changes; all of it or nothing.

    Refuses `macro_gone` (it is another's or put away), and as `reply`, `add_note` and `change_together` do.
    """
    if not macro.is_active or macro.owner_id not in (None, by.pk):
        raise Refused("macro_gone", _("This macro is no longer there. Choose another."))
    ticket = lock(ticket, expected_version)
    note, answer, changes = note_of(macro, ticket, by), reply_of(macro, ticket, by), Changes.of(macro.changes)
    if note.strip():
        add_note(ticket=ticket, author=by, text=note, now=now)
    ticket = change_together(ticket=ticket, changes=replace(changes, state=""), by=by, now=now)
    if answer.strip():
        reply(ticket=ticket, author=by, text=answer, now=now, seen_message=seen_message)
    return change_together(ticket=ticket, changes=Changes(state=changes.state), by=by, now=now)


def _tags_after(ticket: Ticket, changes: Changes) -> list[str]:
    """The tags it has once those to take off are gone and those to add are there; case does not tell them apart."""
    gone = {name.casefold() for name in changes.remove_tags}
    return [
        *(tag.name for tag in ticket.tags.all() if tag.name.casefold() not in gone),
        *changes.add_tags,
    ]


def _found(model: Any, key: str) -> Any:
    """The row with that key; None for `none`, nonsense, and what is gone."""
    return (
        model.objects.filter(pk=int(key)).first()
        if key.isascii() and key.isdigit() and len(key) < 19
        else None
    )
