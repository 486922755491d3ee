"""What is said about a ticket and others (merged, split, linked, one under the other), and about putting it off."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.foundation import formats
from ecuanime.tickets.models import Level


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
    until, locale = parse_datetime(after), formats.locale_for(get_language())
    at = formats.moment(timezone.localtime(until), locale, today=timezone.localdate()) if until else after
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


MORE_SENTENCES: dict[str, Callable[[str, str, str], tuple[str, str]]] = {
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
