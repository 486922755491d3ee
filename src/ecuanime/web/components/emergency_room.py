"""What the room of a case shows on both sides, and whether anything in it has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Sum
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ecuanime.emergencies.actions import ActorGiven
from ecuanime.emergencies.models import WORKED, Assessment, Critical, Emergency, Stage
from ecuanime.emergencies.news import news_due_at, rhythm_of
from ecuanime.emergencies.pool import pool_of, raises_of
from ecuanime.emergencies.progress import PhaseSoFar, SoFar, evaluation_seconds
from ecuanime.emergencies.timeline import Reader, timeline_of
from ecuanime.emergencies.war_room import Shown, criticals_of, people_of
from ecuanime.emergencies.words import answered_words
from ecuanime.foundation import formats

TONES = {"done": "ok", "doing": "acc", "waiting": "warn", "cannot": "bad", "todo": "2"}
ICONS = {
    "done": "circle-check",
    "doing": "circle-dot",
    "waiting": "hourglass-low",
    "cannot": "circle-x",
    "todo": "circle",
}


@dataclass(frozen=True)
class Row:
    """Something critical as a page shows it."""

    shown: Shown
    icon: str
    tone: str


def room_of(request: HttpRequest, case: Emergency, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """The timeline, what is critical, who takes part, news and the pool, as the reader may see them."""
    timeline = timeline_of(case, reader, before=_before(request))
    critical = [_row(each) for each in criticals_of(case, internal=reader.sees_internal)]
    is_worked = case.stage in WORKED
    return {
        "timeline": timeline,
        "older": timeline.older.timestamp() if timeline.older else None,
        "is_old": _before(request) is not None,
        "criticals": [
            _listed(Critical.Kind.RESULT, _("It is normal again when…"), critical),
            _listed(Critical.Kind.ACTION, _("Critical actions"), critical),
        ],
        "states": Critical.State.choices,
        "people": people_of(case, internal=reader.sees_internal),
        "news_due_at": news_due_at(case) if is_worked else None,
        "news_is_late": is_worked and (news_due_at(case) or now) <= now,
        "rhythm": rhythm_of(case) if is_worked else None,
        "pool": pool_of(case, now=now) if is_worked else None,
        "raises": raises_of(case),
        "evaluation_seconds": evaluation_seconds(case),
        "is_worked": is_worked,
        "is_over": case.is_over,
        "room_version": stamp_of(case, reader, now=now),
    }


def given_in(request: HttpRequest, *, is_internal: bool = False) -> ActorGiven:
    """Somebody who takes part, as a form names them."""
    said = request.POST
    return ActorGiven(
        side=said.get("side", ""),
        name=said.get("name", ""),
        role=said.get("role", ""),
        phone=said.get("phone", ""),
        email=said.get("email", ""),
        is_internal=is_internal,
    )


def _listed(kind: str, title: str, rows: list[Row]) -> dict[str, Any]:
    of_kind = [row for row in rows if row.shown.row.kind == kind]
    done = sum(row.shown.is_done for row in of_kind)
    return {"kind": kind, "title": title, "rows": of_kind, "done": done}


def _row(shown: Shown) -> Row:
    return Row(shown, ICONS[shown.state], TONES[shown.state])


def _before(request: HttpRequest) -> datetime | None:
    """The instant before which older lines are asked for."""
    try:
        return datetime.fromtimestamp(float(request.GET.get("antes", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def stamp_of(case: Emergency, reader: Reader, *, now: datetime) -> str:
    """What changes when anything that the reader may see does, and with every minute: clocks and timers go on."""
    lines, messages = case.happenings.all(), case.ticket.messages.all()
    if not reader.sees_internal:
        lines, messages = lines.filter(is_internal=False), messages.exclude(kind="note")
    parts: list[Any] = [
        case.version,
        lines.aggregate(Max("id")),
        messages.aggregate(Max("id")),
        case.ticket.time_entries.aggregate(Count("id"), Sum("version")),
        case.ticket.timers.aggregate(Count("id"), Max("started_at")),
        case.alerts.exclude(said="").count(),
        case.criticals.aggregate(Max("changed_at"), Max("item__answered_at"), Count("item__answered_at")),
        int(now.timestamp() // 60),
    ]
    return sha256(repr(parts).encode()).hexdigest()[:16]


def steps_of(case: Emergency, answer: Assessment | None, found: SoFar | None) -> list[dict[str, str]]:
    """The five steps of a case with what was foreseen and what became of it."""
    first, second = found.phases if found else (None, None)
    normalise, mitigate = (answer.normalise_minutes, answer.mitigate_minutes) if answer else (None, None)
    return [
        _evaluation(case),
        _guarantee(case, answer),
        _phase(_("Until service is normal"), first, normalise, case, Stage.NORMALISING),
        _phase(_("Fixing the causes"), second, mitigate, case, Stage.MITIGATING),
        {
            "when": pgettext("emergency", "Closing"),
            "title": case.get_stage_display() if case.is_over else _("Technical report"),
            "note": "",
            "state": "done" if case.is_over else "todo",
        },
    ]


def _evaluation(case: Emergency) -> dict[str, str]:
    step = {"when": _("Can we help?"), "note": _("free of charge")}
    if case.answered_at is None:
        return step | {"title": _("within the hour"), "state": "todo" if case.is_over else "now"}
    return step | {"title": answered_words(case), "state": "done"}


def _guarantee(case: Emergency, answer: Assessment | None) -> dict[str, str]:
    is_due, is_open = case.stage == Stage.GUARANTEE_DUE, case.opened_at is not None
    if case.guarantee is not None:
        locale = formats.locale_for(get_language(), case.guarantee.currency)
        title = formats.money(case.guarantee.total, case.guarantee.currency, locale)
    else:
        hours = answer.guarantee_hours if answer else 0
        title = pgettext("guarantee", "none") if is_open or not hours else _("%(hours)s h") % {"hours": hours}
        title = title if answer or is_open else "–"
    note = _("waits to be paid") if is_due else ""
    return {
        "when": _("Guarantee"),
        "title": title,
        "note": note,
        "state": "now" if is_due else "done" if is_open else "todo",
    }


def _phase(
    name: str, phase: PhaseSoFar | None, estimate: int | None, case: Emergency, stage: str
) -> dict[str, str]:
    locale = formats.locale_for(get_language())
    foreseen = formats.hours_of_minutes(estimate, locale) if estimate is not None else ""
    if phase is None:
        return {
            "when": name,
            "title": foreseen or "–",
            "note": _("foreseen") if foreseen else "",
            "state": "todo",
        }
    worked = formats.hours_of_seconds(phase.seconds, locale)
    title = _("%(worked)s of %(foreseen)s") % {"worked": worked, "foreseen": foreseen} if foreseen else worked
    note = ""
    if phase.price is not None:
        currency = phase.contract.version.currency
        price = formats.price(phase.price, currency, formats.locale_for(get_language(), currency))
        note = _("%(price)s an hour") % {"price": price}
    order = [Stage.NORMALISING, Stage.MITIGATING, Stage.CLOSED]
    at = Stage.MITIGATING if case.stage == Stage.NORMALISED else Stage(case.stage)
    place = order.index(at) if at in order else 0
    state = "now" if at == stage else "done" if place > order.index(Stage(stage)) else "todo"
    return {"when": name, "title": title, "note": note, "state": state}
