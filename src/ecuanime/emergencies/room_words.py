"""What the log says of what is done in the room of a case."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ecuanime.emergencies.models import Happening
from ecuanime.foundation import formats

ROOM_ICONS = {
    "fact": "pencil",
    "call": "phone",
    "decision": "flag",
    "news": "message-check",
    "wrote": "message-2",
    "checklist": "checklist",
    "action_added": "plus",
    "action_todo": "circle",
    "action_doing": "circle-dot",
    "action_waiting": "hourglass-low",
    "action_done": "circle-check",
    "action_cannot": "circle-x",
    "result_added": "plus",
    "result_todo": "circle",
    "result_doing": "circle-dot",
    "result_waiting": "hourglass-low",
    "result_done": "circle-check",
    "result_cannot": "circle-x",
    "actor_added": "user-plus",
    "actor_left": "user-x",
    "hand_over_reason": "transfer",
    "rhythm": "clock",
    "ceiling": "coin",
    "proof": "file-check",
    "pool_near": "alert-triangle",
    "pool_empty": "alert-triangle",
}


def room_said_of(act: str) -> str:
    """What something done in the room is called; empty for an act of the course."""
    return {
        "fact": pgettext("emergency", "Noted"),
        "call": _("Call"),
        "decision": _("Decision"),
        "news": _("News to the client"),
        "wrote": _("The client writes"),
        "checklist": _("Critical actions taken from a checklist"),
        "action_added": _("Critical action listed"),
        "action_todo": _("Action to be done again"),
        "action_doing": _("Action begun"),
        "action_waiting": _("Action waits"),
        "action_done": _("Action done"),
        "action_cannot": _("Action cannot be done"),
        "result_added": _("Critical result listed"),
        "result_todo": _("Result not true after all"),
        "result_doing": _("Result being worked at"),
        "result_waiting": _("Result waits"),
        "result_done": _("Result come true"),
        "result_cannot": _("Result cannot be had"),
        "actor_added": _("Takes part"),
        "actor_left": _("No longer takes part"),
        "hand_over_reason": _("Why it was handed over"),
        "rhythm": _("Rhythm of news agreed"),
        "ceiling": _("The ceiling is raised"),
        "proof": _("Proof of payment sent"),
        "pool_near": _("Four fifths of the ceiling are spent: we ask before going on"),
        "pool_empty": _("The ceiling is spent"),
    }.get(act, "")


def text_of(row: Happening) -> str:
    """The words of a line; figures are kept bare and said in the reader's language."""
    if row.act == "rhythm" and row.text.isdigit():
        return _("every %(time)s") % {"time": formats.hours_of_minutes(int(row.text), _locale())}
    if row.act in ("ceiling", "pool_near", "pool_empty") and row.text.isdigit():
        accepted = getattr(row.emergency, "acceptance", None)
        currency = accepted.currency if accepted else ""
        return formats.money(int(row.text), currency, formats.locale_for(get_language(), currency))
    return row.text


def _locale() -> str:
    return formats.locale_for(get_language())
