"""What a technical report begins from: the sections that the records of a case can fill, in the client's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecuanime.emergencies.models import Critical, Emergency, Happening, Section
from ecuanime.emergencies.words import day, line_of, minutes_to_answer, written
from ecuanime.foundation import formats
from ecuanime.rules.express import Act
from ecuanime.worklog.models import EntryState, TimeEntry

LONGEST = 20_000
MOST_ROWS = 500
GENERATED = (Section.SUMMARY, Section.FACTS, Section.TIMELINE, Section.ACTIONS, Section.REMAINS)
"""The sections that can be made anew; what the causes were and what is advised is for the expert to say."""


def recorded_texts(emergency: Emergency, language: str) -> dict[str, str]:
    """Each section as what was recorded says it, a sentence or a fact a line; empty where only a person can tell.

    It holds what the client may see: the log of the case, and the work that was approved.
    """
    with override(language):
        happenings = list(
            Happening.objects.filter(emergency=emergency, is_internal=False)
            .select_related("user", "contact")
            .prefetch_related("files")
            .order_by("at", "id")[:MOST_ROWS]
        )
        found = {
            Section.SUMMARY: _summary(emergency),
            Section.FACTS: _facts(emergency),
            Section.TIMELINE: _timeline(emergency, happenings),
            Section.ACTIONS: [*_work(emergency), *_critical(emergency), *_evidence(emergency, happenings)],
            Section.REMAINS: _remains(happenings),
        }
        return {section.value: _written(found.get(section, ())) for section in Section}


def _summary(emergency: Emergency) -> Iterator[str]:
    yield _("%(client)s declared an emergency about %(area)s on %(at)s.") % {
        "client": emergency.client.legal_name or emergency.client.name,
        "area": emergency.area,
        "at": _at(emergency, emergency.declared_at),
    }
    if emergency.answered_at is not None:
        late = _("We answered in %(minutes)s min: later than promised.")
        in_time = _("We answered in %(minutes)s min.")
        yield (late if emergency.is_late else in_time) % {"minutes": minutes_to_answer(emergency)}
    accepted = getattr(emergency, "acceptance", None)
    if accepted is not None:
        facts = {"name": accepted.name, "at": _at(emergency, accepted.accepted_at)}
        yield _("%(name)s accepted on %(at)s.") % facts
    if emergency.opened_at is not None:
        yield _("Work began on %(at)s.") % {"at": _at(emergency, emergency.opened_at)}
    if emergency.normal_at is not None:
        yield _("Service is normal again since %(at)s.") % {"at": _at(emergency, emergency.normal_at)}
    if emergency.closed_at is not None:
        yield _("The case was closed on %(at)s.") % {"at": _at(emergency, emergency.closed_at)}


def _facts(emergency: Emergency) -> Iterator[str]:
    said = [
        (_("What has stopped working"), emergency.facts),
        (_("Since when"), emergency.since),
        (_("What is critical meanwhile"), emergency.critical),
        (_("When it is normal again"), emergency.desired),
    ]
    return (f"{label}: {text}" for label, text in said if text)


def _timeline(emergency: Emergency, happenings: list[Happening]) -> Iterator[str]:
    for row in happenings:
        line = line_of(row)
        who = f" ({line.who})" if line.who else ""
        said = f": {line.text}" if line.text else ""
        yield f"{_at(emergency, line.at)} · {line.said}{who}{said}"


def _work(emergency: Emergency) -> Iterator[str]:
    locale = formats.locale_for(get_language())
    approved = TimeEntry.objects.filter(ticket=emergency.ticket_id, state=EntryState.APPROVED)
    for entry in approved.select_related("user", "work_type").order_by("work_on", "started_at", "id")[
        :MOST_ROWS
    ]:
        began = _at(emergency, entry.started_at) if entry.started_at else day(entry.work_on)
        took = formats.hours_of_seconds(entry.elapsed_seconds, locale)
        yield f"{began} · {entry.user}: {entry.note or entry.work_type} ({took})"


def _critical(emergency: Emergency) -> Iterator[str]:
    """What was critical and how it ended, as the client sees it too."""
    for each in Critical.objects.filter(emergency=emergency, is_internal=False).order_by("id")[:MOST_ROWS]:
        said = f": {each.said}" if each.said else ""
        yield f"{each.get_kind_display()} · {each.text} ({each.get_state_display()}){said}"


def _evidence(emergency: Emergency, happenings: list[Happening]) -> Iterator[str]:
    for row in happenings:
        if row.act == Act.DECLARE_NORMAL:
            yield _("What shows that service is normal: %(evidence)s") % {"evidence": row.text}
        for file in row.files.all():
            yield _("File: %(name)s, of %(at)s") % {"name": file.name, "at": _at(emergency, row.at)}


def _remains(happenings: list[Happening]) -> Iterator[str]:
    return (row.text for row in happenings if row.act in (Act.CLOSE, Act.CLOSE_IN_PART) and row.text)


def _written(lines: Iterable[str]) -> str:
    """A line each, and no more of them than a section holds."""
    text = "\n".join(" ".join(line.split()) for line in lines)
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0]


def _at(emergency: Emergency, at: datetime) -> str:
    return written(at, emergency.client.time_zone)
