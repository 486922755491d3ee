"""What the log of a case says, and how its clock reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ecuanime.emergencies.models import UNANSWERED, Emergency, Happening
from ecuanime.emergencies.room_words import ROOM_ICONS, room_said_of, text_of
from ecuanime.foundation import formats
from ecuanime.rules.express import ANSWER_MINUTES, Phase

ICONS = {
    "declare": "bolt",
    "take_on": "user-check",
    "hand_on": "arrow-right",
    "say_viable": "circle-check",
    "say_not_viable": "circle-x",
    "revise": "edit",
    "accept": "signature",
    "accept_waived": "signature",
    "decline": "x",
    "withdraw": "x",
    "pay": "coin",
    "waive": "coin",
    "start_on_proof": "coin",
    "declare_normal": "circle-check",
    "acknowledge_normal": "circle-check",
    "relapse": "alert-triangle",
    "close": "lock",
    "close_in_part": "lock",
    "hand_over": "transfer",
    **ROOM_ICONS,
}
_SIGNED = ("accept", "accept_waived")


@dataclass(frozen=True)
class Line:
    """A line of the log, as a page shows it."""

    at: datetime
    who: str
    said: str
    text: str
    icon: str


def who_of(row: Happening) -> str:
    """Who did what a line of the log says; whoever accepted by the name that they signed with."""
    accepted = getattr(row.emergency, "acceptance", None) if row.act in _SIGNED else None
    return accepted.name if accepted else str(row.user or row.contact or "")


def line_of(row: Happening) -> Line:
    """A happening in words; what the house does by itself has no name."""
    who = who_of(row)
    is_silence = row.act == "acknowledge_normal" and not who
    said = _("Normality confirmed by the agreed silence") if is_silence else said_of(row.act)
    return Line(row.at, who, said, text_of(row), ICONS.get(row.act, "circle"))


def moment_in(at: datetime, zone: str) -> str:
    """A moment for a mail or a paper: with its day, on the wall clock of a zone, which is named."""
    return f"{written(at, zone)} ({zone})"


def written(at: datetime, zone: str) -> str:
    """A moment with its day and year on the wall clock of a zone, in the language spoken now."""
    local = at.astimezone(ZoneInfo(zone))
    return formats.moment(local, formats.locale_for(get_language()), today=date.min).replace("\xa0", " ")


def day(on: date) -> str:
    """A day with its year, in the language spoken now."""
    return formats.day_year(on, formats.locale_for(get_language())).replace("\xa0", " ")


def said_of(act: str) -> str:
    """What an act is called in the log."""
    return (
        room_said_of(act)
        or {
            "hand_over": _("The lead changes"),
            "declare": _("The emergency is declared"),
            "take_on": _("An expert takes it on"),
            "hand_on": _("Passed on to the next expert"),
            "say_viable": _("Answered: we can help"),
            "say_not_viable": _("Answered: we cannot help"),
            "revise": _("Estimates revised"),
            "accept": _("Accepted: the guarantee is due"),
            "accept_waived": _("Accepted: work opens"),
            "decline": _("Declined"),
            "withdraw": _("Withdrawn"),
            "pay": _("The guarantee is paid: work opens"),
            "waive": _("The guarantee is waived: work opens"),
            "start_on_proof": _("Work opens on proof of payment"),
            "declare_normal": _("Service is normal again"),
            "acknowledge_normal": _("Normality confirmed by the client"),
            "relapse": _("It happens again"),
            "close": pgettext("emergency", "Closed"),
            "close_in_part": _("Closed in part"),
        }[act]
    )


def phase_name(phase: Phase) -> str:
    """What a phase is called on a page."""
    return _("Until service is normal") if phase is Phase.NORMALISATION else _("Fixing the causes")


@dataclass(frozen=True)
class AnswerClock:
    """The clock of the answer: `state` as the clock component takes it, and what it says."""

    state: str
    text: str
    due_at: datetime | None


def minutes_to_answer(emergency: Emergency) -> int:
    """How long an answer that was given took; a minute begun counts, so that no late one reads as in time."""
    assert emergency.answered_at
    return ceil((emergency.answered_at - emergency.declared_at).total_seconds() / 60)


def answered_words(emergency: Emergency) -> str:
    """How soon an answer came that was given."""
    minutes = {"minutes": minutes_to_answer(emergency)}
    if emergency.is_late:
        return _("answered late, after %(minutes)s min") % minutes
    return _("answered in %(minutes)s min") % minutes


def clock_for(emergency: Emergency, *, is_open: bool, now: datetime) -> AnswerClock:
    """What the clock of the answer says; outside the Express hours it is paused."""
    due = emergency.answer_due_at
    if emergency.answered_at is not None:
        return AnswerClock("late" if emergency.is_late else "met", answered_words(emergency), due)
    if emergency.stage not in UNANSWERED:
        return AnswerClock("met", _("no answer is due"), None)
    if due is None:
        return AnswerClock("paused", _("outside the Express hours"), None)
    if due <= now:
        return AnswerClock("late", _("the hour is up"), due)
    if not is_open:
        return AnswerClock("paused", _("outside the Express hours"), due)
    left = min(ANSWER_MINUTES, ceil((due - now).total_seconds() / 60))
    return AnswerClock("soon" if left <= 15 else "running", _("%(minutes)s min") % {"minutes": left}, due)
