"""What the pages of a case share on both sides: its clock, answers, work so far and log; and files of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse

from ecuanime.emergencies.agreements import agreement_of
from ecuanime.emergencies.models import Emergency, Report, Stage
from ecuanime.emergencies.progress import so_far
from ecuanime.emergencies.queries import (
    assessments_of,
    is_open_now,
    newest_report,
    report_numbered,
    sent_reports,
)
from ecuanime.emergencies.report import pdf_as_recorded, pdf_of_report
from ecuanime.emergencies.words import clock_for, phase_name
from ecuanime.foundation.clock import read_clock
from ecuanime.web.components.emergency_room import steps_of
from ecuanime.web.downloads import PDF, download, kept_download


def shown(case: Emergency, *, now: datetime) -> dict[str, Any]:
    """A case as both sides see it."""
    answers = assessments_of(case)
    found = so_far(case, answers[0] if answers else None, now=now)
    return {
        "case": case,
        "clock": clock_for(case, is_open=is_open_now(now), now=now),
        "answers": answers,
        "answer": answers[0] if answers else None,
        "acceptance": getattr(case, "acceptance", None),
        "so_far": found,
        "phases": [{"name": phase_name(each.phase), "phase": each} for each in found.phases] if found else [],
        "reports": sent_reports(case),
        "steps": steps_of(case, answers[0] if answers else None, found),
    }


def report_file(case: Emergency, asked: str = "", *, is_client: bool = True) -> HttpResponse:
    """The technical report of a case as a download: the version `asked` for, else the newest one that they may have.

    The client has what was sent; of a closed case of which nothing was sent, what was recorded. The team has every
    version, before it is sent as it would be.
    """
    found = _report_for(case, asked, is_client=is_client)
    if asked and found is None:
        raise Http404
    if found is not None and found.pdf_id is not None:
        return kept_download(found.pdf_id, f"{case.number}-v{found.number}.pdf", PDF)
    if case.opened_at is None or (is_client and case.stage != Stage.CLOSED):
        raise Http404
    now = read_clock()
    content = pdf_as_recorded(case, now=now) if found is None else pdf_of_report(found, now=now)
    return download(content, f"{case.number}.pdf", PDF)


def _report_for(case: Emergency, asked: str, *, is_client: bool) -> Report | None:
    if is_client:
        sent = sent_reports(case)
        return next((each for each in sent if not asked or str(each.number) == asked), None)
    return report_numbered(case, asked) if asked else newest_report(case)


def agreement_file(case: Emergency) -> HttpResponse:
    """The client's own confidentiality agreement, where one holds."""
    own = agreement_of(case)
    if own is None:
        raise Http404
    return kept_download(own.file_id, own.name, own.media_type)
