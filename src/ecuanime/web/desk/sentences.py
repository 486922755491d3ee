"""A sentence for each change of a ticket, as its thread and its history tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Metric
from ecuanime.foundation import formats
from ecuanime.tickets.models import Level, Priority, State, TicketEvent
from ecuanime.web.desk.assignment import kept_reason


def told(event: TicketEvent) -> tuple[str, str]:
    """A change in a sentence, and its icon."""
    return told_of(str(event.actor) if event.actor else "Ecuánime", event.field, event.before, event.after)


def told_of(who: str, field: str, before: str, after: str) -> tuple[str, str]:
    """The same of a change that is no line of a thread."""
    tell = _SENTENCES.get(field)
    if tell is None:
        text = _("%(who)s changed it: %(before)s → %(after)s")
        return text % {"who": who, "before": before, "after": after}, "edit"
    return tell(who, before, after)


def moment_of(at: datetime) -> str:
    """A moment as a thread says it."""
    locale = formats.locale_for(get_language())
    return formats.moment(timezone.localtime(at), locale, today=timezone.localdate())


_STATE_ICONS = {
    State.NEW: "circle",
    State.OPEN: "circle-half-2",
    State.WAITING_CLIENT: "player-pause",
    State.WAITING_THIRD: "users",
    State.SOLVED: "circle-check",
    State.CLOSED: "lock",
}


def state_icon(state: str) -> str:
    """The icon of a state."""
    return _STATE_ICONS.get(State(state), "circle") if state in State.values else "circle"


def _state_name(state: str) -> str:
    return str(State(state).label) if state in State.values else state


def _state(who: str, _before: str, after: str) -> tuple[str, str]:
    if after == State.WAITING_CLIENT:
        return _("%(who)s waits for the client: the clock is paused") % {"who": who}, "player-pause"
    return _("%(who)s: now “%(state)s”") % {"who": who, "state": _state_name(after)}, state_icon(after)


def _undone(who: str, _before: str, after: str) -> tuple[str, str]:
    text = _("%(who)s took it back: “%(state)s” again") % {"who": who, "state": _state_name(after)}
    return text, "arrow-back-up"


def _assignee(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: nobody is assigned now") % {"who": who}, "user-x"
    return _("%(who)s assigned it to %(name)s") % {"who": who, "name": after}, "user-check"


def _assignee_why(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("Chosen because: %(reason)s") % {"reason": kept_reason(after)}, "info-circle"


def _priority(who: str, _before: str, after: str) -> tuple[str, str]:
    name = str(Priority(int(after)).label) if after.isdigit() and int(after) in Priority.values else after
    return _("%(who)s: priority “%(name)s”") % {"who": who, "name": name}, "antenna-bars-4"


def _tags(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s took all tags off") % {"who": who}, "tags"
    return _("%(who)s: tags %(names)s") % {"who": who, "names": after}, "tags"


def _area(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: no product area") % {"who": who}, "server"
    return _("%(who)s: product area “%(name)s”") % {"who": who, "name": after}, "server"


def _site(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: no site") % {"who": who}, "map-pin"
    return _("%(who)s: site “%(name)s”") % {"who": who, "name": after}, "map-pin"


def _queue(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s took it out of its queue") % {"who": who}, "layout-list"
    return _("%(who)s: queue “%(name)s”") % {"who": who, "name": after}, "layout-list"


def _contract(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: no contract") % {"who": who}, "file-unknown"
    return _("%(who)s: contract %(number)s from now on") % {"who": who, "number": after}, "file-check"


def _client(who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(who)s identified the client: %(name)s") % {"who": who, "name": after}, "building-store"


def _contact(who: str, before: str, after: str) -> tuple[str, str]:
    return _("%(who)s: %(name)s asks, not %(before)s") % {"who": who, "name": after, "before": before}, "user"


def _undelivered(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("The reply did not reach %(addresses)s") % {"addresses": after}, "mail-x"


def _acknowledged(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("The ticket's number was sent to %(address)s") % {"address": after}, "mail-check"


def _claim(_who: str, before: str, after: str) -> tuple[str, str]:
    text = _(
        "The mail says that it answers %(ticket)s, but %(address)s takes no part there or is not genuine"
    )
    return text % {"ticket": after, "address": before or _("its sender")}, "message-question"


def _copy(_who: str, before: str, after: str) -> tuple[str, str]:
    text = _("The same mail of %(address)s came to another mailbox too: %(ticket)s")
    return text % {"ticket": after, "address": before}, "copy"


def _normal(who: str, before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: service is not normal after all") % {"who": who}, "alert-triangle"
    at = moment_of(datetime.fromisoformat(after))
    return _("%(who)s: service normal again since %(at)s") % {"who": who, "at": at}, "activity"


def _metric_name(metric: str) -> str:
    return str(Metric(metric).label) if metric in Metric.values else metric


def _warned(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("Time is running out: %(metric)s") % {"metric": _metric_name(after)}, "hourglass-low"


def _broken(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("Time is up: %(metric)s") % {"metric": _metric_name(after)}, "alert-triangle"


def _merged(who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(who)s merged #%(number)s into this one") % {"who": who, "number": after}, "git-merge"


def _merged_into(who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(who)s merged it into #%(number)s") % {"who": who, "number": after}, "git-merge"


def _merge_undone(who: str, before: str, after: str) -> tuple[str, str]:
    text = _("%(who)s took the merge back: #%(number)s and #%(into)s are two again")
    return text % {"who": who, "number": after, "into": before}, "arrow-back-up"


def _split(who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(who)s split #%(number)s off") % {"who": who, "number": after}, "arrows-split"


def _split_from(who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(who)s split it off #%(number)s") % {"who": who, "number": after}, "arrows-split"


def _linked(who: str, before: str, after: str) -> tuple[str, str]:
    if not after:
        text = _("%(who)s took the link with #%(number)s away")
        return text % {"who": who, "number": before}, "link-off"
    return _("%(who)s linked it with #%(number)s") % {"who": who, "number": after}, "link"


def _parent(who: str, before: str, after: str) -> tuple[str, str]:
    if not after:
        text = _("%(who)s: it hangs on #%(number)s no more")
        return text % {"who": who, "number": before}, "link-off"
    return _("%(who)s: it hangs on #%(number)s") % {"who": who, "number": after}, "layout-list"


def _snoozed(who: str, _before: str, after: str) -> tuple[str, str]:
    until = parse_datetime(after)
    at = moment_of(until) if until else after
    return _("%(who)s put it off until %(at)s") % {"who": who, "at": at}, "alarm"


def _woken(who: str, _before: str, _after: str) -> tuple[str, str]:
    return _("%(who)s: it is back") % {"who": who}, "bell"


def _opinion_asked(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(name)s was asked how it went") % {"name": after}, "mood-smile"


def _opinion(_who: str, _before: str, after: str) -> tuple[str, str]:
    label = Level(int(after)).label if after.isdigit() and int(after) in Level.values else after
    return _("The client says how it went: %(level)s") % {"level": label}, "mood-smile"


def _checklist(who: str, before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s took the checklist “%(name)s” off") % {"who": who, "name": before}, "checklist"
    return _("%(who)s began the checklist “%(name)s”") % {"who": who, "name": after}, "checklist"


def _checklist_item(who: str, before: str, after: str) -> tuple[str, str]:
    words = {"yes": _("yes"), "no": _("no"), "": _("no answer any more")}
    facts = {"who": who, "item": before, "answer": words.get(after, after)}
    return _("%(who)s: %(item)s → %(answer)s") % facts, "checklist"


def _outage(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: the outage is over") % {"who": who}, "circle-check"
    return _("%(who)s declared an outage of many clients") % {"who": who}, "alert-triangle"


def _field(who: str, _before: str, after: str) -> tuple[str, str]:
    name, _colon, said = after.partition(": ")
    facts = {"who": who, "field": name, "value": said or _("nothing")}
    return _("%(who)s: %(field)s is “%(value)s”") % facts, "forms"


_SENTENCES: dict[str, Callable[[str, str, str], tuple[str, str]]] = {
    "state": _state,
    "state_undone": _undone,
    "assignee": _assignee,
    "assignee_why": _assignee_why,
    "priority": _priority,
    "tags": _tags,
    "area": _area,
    "site": _site,
    "queue": _queue,
    "contract": _contract,
    "client": _client,
    "contact": _contact,
    "undelivered": _undelivered,
    "acknowledged": _acknowledged,
    "claim": _claim,
    "copy": _copy,
    "normal": _normal,
    "promise_warned": _warned,
    "promise_broken": _broken,
    "merged": _merged,
    "merged_into": _merged_into,
    "merge_undone": _merge_undone,
    "split": _split,
    "split_from": _split_from,
    "linked": _linked,
    "parent": _parent,
    "snoozed": _snoozed,
    "field": _field,
    "outage": _outage,
    "checklist": _checklist,
    "checklist_item": _checklist_item,
    "opinion_asked": _opinion_asked,
    "opinion": _opinion,
    "woken": _woken,
}
