"""The technical report of a case on paper: the sections of a version, with its estimates, time and cost beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecuanime.billing.pdf.report import ReportDocument, ReportSection, render_report
from ecuanime.emergencies.models import Assessment, Emergency, Report, Section
from ecuanime.emergencies.progress import SoFar, so_far
from ecuanime.emergencies.queries import assessments_of
from ecuanime.emergencies.recorded import recorded_texts
from ecuanime.emergencies.words import phase_name, written
from ecuanime.foundation import formats
from ecuanime.staff.queries import the_firm


def pdf_of_report(report: Report, *, now: datetime) -> bytes:
    """A version on paper, in its language, with the figures as they are now. Raises RenderError."""
    with override(report.language):
        return _render(report.emergency, report.texts, str(report.number), now)


def pdf_as_recorded(emergency: Emergency, *, now: datetime) -> bytes:
    """What was recorded of a case of which nobody has written a report yet, in the reader's language."""
    return _render(emergency, recorded_texts(emergency, get_language() or "es"), "", now)


def _render(emergency: Emergency, texts: Mapping[str, str], version: str, now: datetime) -> bytes:
    firm, language = the_firm(), get_language() or "es"
    locale = formats.locale_for(language)
    answers = assessments_of(emergency)
    about = f"{emergency.number} · {emergency.area}"
    if version:
        about += " · " + _("version %(number)s") % {"number": version}
    document = ReportDocument(
        language=language[:2],
        territory=locale[-2:],
        title=_("Technical report"),
        issuer=firm.name,
        customer=emergency.client.legal_name or emergency.client.name,
        about=about,
        nothing=_("Nothing was recorded."),
        sections=(
            *(_section(section, texts.get(section.value, "")) for section in Section),
            _estimates(emergency, answers, locale),
            *_costs(so_far(emergency, answers[0] if answers else None, now=now), locale),
        ),
        closing=str(emergency.get_stage_display()),
        mark=_("DEMO, not valid") if firm.is_demo else "",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=now,
    )
    return render_report(document)


def _section(section: Section, text: str) -> ReportSection:
    lines = (line.strip() for line in text.splitlines())
    return ReportSection(str(section.label), ("",), tuple((line,) for line in lines if line))


def _estimates(emergency: Emergency, answers: list[Assessment], locale: str) -> ReportSection:
    rows = [
        (
            " ".join((each.reason or each.risk).split()),
            formats.hours_of_minutes(each.normalise_minutes or 0, locale),
            formats.hours_of_minutes(each.mitigate_minutes or 0, locale),
            written(each.given_at, emergency.client.time_zone),
        )
        for each in reversed(answers)
        if each.is_viable
    ]
    labels = (_("Risk, or why it changed"), _("Until normal"), _("Causes"), _("Said"))
    return ReportSection(_("Estimates"), labels, tuple(rows))


def _costs(found: SoFar | None, locale: str) -> list[ReportSection]:
    if found is None:
        return []
    money = formats.locale_for(get_language(), found.currency)
    rows = [
        (
            phase_name(each.phase),
            formats.hours_of_seconds(each.seconds, locale),
            _("by its contract")
            if each.amount is None
            else formats.money(each.amount, found.currency, money),
        )
        for each in found.phases
    ]
    return [ReportSection(_("Time and cost"), (_("Phase"), _("Worked"), _("Before tax")), tuple(rows))]
