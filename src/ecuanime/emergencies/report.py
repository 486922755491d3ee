"""The technical report of a case on paper, made from what was recorded: facts, answers, timeline, work and cost."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.billing.pdf.report import ReportDocument, ReportSection, render_report
from ecuanime.emergencies.models import Emergency
from ecuanime.emergencies.progress import SoFar, so_far
from ecuanime.emergencies.queries import assessments_of, happenings_of
from ecuanime.emergencies.words import line_of, phase_name
from ecuanime.foundation import formats
from ecuanime.staff.queries import the_firm
from ecuanime.worklog.models import EntryState, TimeEntry

LONGEST_WORK = 500


def report_of(emergency: Emergency, *, now: datetime) -> bytes:
    """The report in the reader's language, with instants in the client's zone. Raises RenderError.

    It holds what the client may see: the log of the case, and the work that was approved.
    """
    firm, language = the_firm(), get_language() or "es"
    locale = formats.locale_for(language)
    answers = assessments_of(emergency)
    document = ReportDocument(
        language=language[:2],
        territory=locale[-2:],
        title=_("Technical report"),
        issuer=firm.name,
        customer=emergency.client.legal_name or emergency.client.name,
        about=f"{emergency.number} · {emergency.area}",
        nothing=_("Nothing was recorded."),
        sections=(
            _facts(emergency),
            _estimates(emergency),
            _timeline(emergency),
            _work(emergency, locale),
            *_costs(so_far(emergency, answers[0] if answers else None, now=now), locale),
        ),
        closing=str(emergency.get_stage_display()),
        mark=_("DEMO, not valid") if firm.is_demo else "",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=now,
    )
    return render_report(document)


def _facts(emergency: Emergency) -> ReportSection:
    said = [
        (_("What has stopped working"), emergency.facts),
        (_("Since when"), emergency.since),
        (_("What is critical meanwhile"), emergency.critical),
        (_("When it is normal again"), emergency.desired),
    ]
    rows = tuple((f"{label}: {_one(text)}",) for label, text in said if text)
    return ReportSection(_("The facts"), (_("As they were declared"),), rows)


def _estimates(emergency: Emergency) -> ReportSection:
    locale = formats.locale_for(get_language())
    rows = [
        (
            _one(each.reason or each.risk),
            formats.hours_of_minutes(each.normalise_minutes or 0, locale),
            formats.hours_of_minutes(each.mitigate_minutes or 0, locale),
            _at(emergency, each.given_at),
        )
        for each in reversed(assessments_of(emergency))
        if each.is_viable
    ]
    labels = (_("Risk, or why it changed"), _("Until normal"), _("Causes"), _("Said"))
    return ReportSection(_("Estimates"), labels, tuple(rows))


def _timeline(emergency: Emergency) -> ReportSection:
    lines = [line_of(row) for row in reversed(happenings_of(emergency))]
    rows = [(_one(f"{each.said}. {each.text}"), each.who, _at(emergency, each.at)) for each in lines]
    return ReportSection(_("What has happened"), (_("What"), _("Who"), _("When")), tuple(rows))


def _work(emergency: Emergency, locale: str) -> ReportSection:
    approved = TimeEntry.objects.filter(ticket=emergency.ticket, state=EntryState.APPROVED)
    entries = approved.select_related("user", "work_type").order_by("work_on", "started_at", "id")
    rows = [
        (
            _one(each.note) or str(each.work_type),
            str(each.user),
            _at(emergency, each.started_at) if each.started_at else formats.day_year(each.work_on, locale),
            formats.hours_of_seconds(each.elapsed_seconds, locale),
        )
        for each in entries[:LONGEST_WORK]
    ]
    return ReportSection(_("What was done"), (_("Work"), _("Who"), _("Began"), _("Time")), tuple(rows))


def _costs(found: SoFar | None, locale: str) -> list[ReportSection]:
    if found is None:
        return []
    rows = [
        (
            phase_name(each.phase),
            formats.hours_of_seconds(each.seconds, locale),
            _("by its contract")
            if each.amount is None
            else formats.money(
                each.amount, found.currency, formats.locale_for(get_language(), found.currency)
            ),
        )
        for each in found.phases
    ]
    return [ReportSection(_("Time and cost"), (_("Phase"), _("Worked"), _("Before tax")), tuple(rows))]


def _at(emergency: Emergency, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(emergency.client.time_zone)):%Y-%m-%d %H:%M}"


def _one(text: str) -> str:
    return " ".join(text.split())
