"""What is said about a ticket and others: how they were merged, split, linked, and put one under the other."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _


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


SENTENCES_ABOUT_OTHERS: dict[str, Callable[[str, str, str], tuple[str, str]]] = {
    "merged": _merged,
    "merged_into": _merged_into,
    "merge_undone": _merge_undone,
    "split": _split,
    "split_from": _split_from,
    "linked": _linked,
    "parent": _parent,
}
