"""The compliance report of a client's month: on screen, as CSV with the list behind every figure, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.billing.pdf import ReportDocument, ReportSection, render_report
from ecuanime.contracts.models import Metric
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.rules.calendars import add_months, local_date
from ecuanime.staff.queries import the_firm
from ecuanime.tickets.models import Deadline
from ecuanime.web.components.deadlines import hours, moment
from ecuanime.web.downloads import CSV, PDF, download
from ecuanime.worklog.compliance import Compliance, Month

SHOWN = 200
PRINTED = 1_000
COLUMNS = (
    "section", "what", "ticket", "subject", "from", "promised_minutes", "counted_minutes", "outcome", "settled_at"
)  # fmt: skip


def month_asked(text: str, zone: str) -> Month:
    """The month that an address says (`2026-11`), else the last whole one; raises Http404 for nonsense."""
    if not text:
        this = local_date(read_clock(), zone).replace(day=1)
        return Month(add_months(this, -1), zone)
    try:
        return Month(date.fromisoformat(f"{text}-01"), zone)
    except ValueError:
        raise Http404 from None


def around(month: Month) -> dict[str, str]:
    """The months before and after as addresses say them; none after the running one."""
    this = local_date(read_clock(), month.zone).replace(day=1)
    return {
        "mes": f"{month.first:%Y-%m}",
        "previous": f"{add_months(month.first, -1):%Y-%m}",
        "next": f"{add_months(month.first, 1):%Y-%m}" if month.first < this else "",
    }


def page_of(found: Compliance) -> dict[str, Any]:
    """What the screen shows of the report."""
    zone = ZoneInfo(found.month.zone)
    return {
        "report": found,
        "times": [(Metric(row.metric).label, row) for row in found.times],
        "deadlines": [_deadline(row, zone) for row in found.deadlines[:SHOWN]],
        "has_more": len(found.deadlines) > SHOWN,
        "delivered_seconds": sum(row.seconds for row in found.delivered),
        "visits": sum(row.visits for row in found.delivered),
        **around(found.month),
    }


def _deadline(row: Deadline, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "ticket": row.ticket,
        "metric": row.get_metric_display(),
        "promised": hours(timedelta(minutes=row.minutes or 0)),
        "counted": hours(timedelta(seconds=row.counted_seconds)),
        "is_broken": row.outcome == Deadline.Outcome.BREACHED,
        "is_open": row.stopped_at is None,
        "at": moment(row.settled_at, zone) if row.settled_at else "",
    }


def csv_response(found: Compliance) -> HttpResponse:
    """Every promise that was settled, every entry that was delivered and every ticket that was opened again."""
    return download("".join(_lines(found)), f"{_name(found)}.csv", CSV)


def pdf_response(found: Compliance) -> HttpResponse:
    """The report on paper, in the reader's language."""
    pdf = render_report(_document(found))
    return download(pdf, f"{_name(found)}.pdf", PDF)


def _lines(found: Compliance) -> Iterator[str]:
    zone = ZoneInfo(found.month.zone)
    yield BYTE_ORDER_MARK + csv_row(COLUMNS)
    for row in found.deadlines:
        settled = row.settled_at.astimezone(zone).isoformat(timespec="minutes") if row.settled_at else ""
        yield csv_row(
            (
                "time",
                row.metric,
                row.ticket.number,
                harmless(row.ticket.subject),
                row.started_at.astimezone(zone).isoformat(timespec="minutes"),
                row.minutes,
                row.counted_seconds // 60,
                row.outcome,
                settled,
            )
        )
    for entry in found.entries:
        contract = entry.contract.number if entry.contract else ""
        facts = (entry.work_on.isoformat(), "", entry.elapsed_seconds // 60, contract, "")
        yield csv_row(("quantity", entry.work_type.code, entry.ticket.number, harmless(entry.note), *facts))
    for ticket in found.reopened:
        yield csv_row(("quality", "reopened", ticket.number, harmless(ticket.subject), "", "", "", "", ""))
    for opinion in found.quality.opinions:
        said = (opinion.ticket.number, harmless(opinion.ticket.subject), "", "", "", opinion.level, "")
        yield csv_row(("quality", "satisfaction", *said))


def _document(found: Compliance) -> ReportDocument:
    firm, language = the_firm(), (get_language() or "en")[:2]
    locale = formats.locale_for(language)
    times = [
        (str(Metric(row.metric).label), str(row.kept), str(row.broken), f"{row.percent} %")
        for row in found.times
    ]
    delivered = [
        (
            f"{row.contract.number} · {row.contract.version}",
            hours(timedelta(seconds=row.seconds)),
            hours(timedelta(minutes=row.contracted_minutes)) if row.contracted_minutes is not None else "–",
            str(row.visits),
        )
        for row in found.delivered
    ]
    zone = ZoneInfo(found.month.zone)
    behind = [
        (
            f"#{row.ticket.number} {row.ticket.subject}",
            str(row.get_metric_display()),
            hours(timedelta(minutes=row.minutes or 0)),
            hours(timedelta(seconds=row.counted_seconds)),
            f"{row.get_outcome_display()}, {moment(row.settled_at, zone)}" if row.settled_at else "",
        )
        for row in found.deadlines[:PRINTED]
    ]
    sections = [
        ReportSection(_("Time"), (_("Promise"), _("Kept"), _("Not kept"), _("Of a hundred")), tuple(times)),
        ReportSection(
            _("Quantity"), (_("Contract"), _("Delivered"), _("Contracted"), _("Visits")), tuple(delivered)
        ),
        ReportSection(
            _("Quality"),
            (_("Opened"), _("Solved"), _("Opened again"), _("Worked again"), _("Satisfaction")),
            (_quality(found),),
        ),
        ReportSection(
            _("The list behind it"),
            (_("Ticket"), _("Promise"), _("Promised"), _("Counted"), _("Outcome")),
            tuple(behind),
        ),
    ]  # fmt: skip
    return ReportDocument(
        language=language,
        territory=locale[-2:],
        title=_("Compliance report"),
        issuer=firm.name,
        customer=found.client.name,
        about=formats.month(found.month.first, locale),
        nothing=_("Nothing this month."),
        sections=tuple(sections),
        closing=_credit(found),
        mark=_("DEMO, not valid") if firm.is_demo else "",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=read_clock(),
    )


def _quality(found: Compliance) -> tuple[str, ...]:
    quality = found.quality
    again = hours(timedelta(seconds=quality.rework_seconds))
    liked = "–" if quality.satisfaction is None else f"{quality.satisfaction} / 5"
    return str(quality.opened), str(quality.solved), str(quality.reopened), again, liked


def _credit(found: Compliance) -> str:
    if not found.credit_minutes:
        return ""
    credit = hours(timedelta(minutes=found.credit_minutes))
    if found.given_minutes:
        facts = {"hours": credit, "given": hours(timedelta(minutes=found.given_minutes))}
        return (
            _("By the terms agreed, the broken promises give a credit of %(hours)s: %(given)s were given.")
            % facts
        )
    return _("By the terms agreed, the broken promises propose a credit of %(hours)s.") % {"hours": credit}


def _name(found: Compliance) -> str:
    return f"{found.client.code}-{found.month.first:%Y-%m}"
