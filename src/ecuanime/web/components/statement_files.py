"""A statement as a file: CSV for a spreadsheet, PDF for paper."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.billing.export import BYTE_ORDER_MARK, FORMULA_BEGINS
from ecuanime.billing.pdf import StatementDocument, StatementRow, render_statement
from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import Span, statement
from ecuanime.entitlements.statements import Statement
from ecuanime.entitlements.words import quantity_words
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.movements import PrintedLine, printed_lines

MOST_PRINTED = 3_000
"""Longer statements are taken as CSV: nobody reads a hundred pages."""
COLUMNS = ("booked_at", "movement", "why", "lots", "minutes", "balance_minutes")
INCIDENT_COLUMNS = (*COLUMNS[:-2], "incidents", "balance_incidents")


def csv_response(contract: Contract, *, lot: Lot | None, span: Span) -> HttpResponse:
    """The statement as CSV: its opening balance, every movement oldest first, its closing balance."""
    found = statement(contract, lot=lot, span=span, size=1)
    lines = printed_lines(contract, lot=lot, span=span)
    response = StreamingHttpResponse(_csv(lines, found), content_type="text/csv; charset=utf-8")
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return _as_download(cast(HttpResponse, response), contract, lot, "csv")


def pdf_response(contract: Contract, *, lot: Lot | None, span: Span, now: datetime) -> HttpResponse:
    """The statement as PDF, in the reader's language. Refused: `too_long` for more than `MOST_PRINTED` movements."""
    found = statement(contract, lot=lot, span=span, size=1)
    lines = list(islice(printed_lines(contract, lot=lot, span=span), MOST_PRINTED + 1))
    if len(lines) > MOST_PRINTED:
        raise Refused(
            "too_long", _("These days have too many movements to print. Ask for fewer, or take the CSV.")
        )
    document = _document(contract, lot, span, lines, found, now)
    response = HttpResponse(render_statement(document), content_type="application/pdf")
    return _as_download(response, contract, lot, "pdf")


def _csv(lines: Iterable[PrintedLine], found: Statement) -> Iterator[str]:
    is_time = found.unit == Unit.MINUTES
    figure = _minutes if is_time else str
    yield BYTE_ORDER_MARK + _row(COLUMNS if is_time else INCIDENT_COLUMNS)
    yield _row(("", _("Opening balance"), "", "", "", figure(found.opening)))
    for line in lines:
        yield _row(
            (
                line.at.isoformat(timespec="minutes"),
                _plain(line.text),
                _plain(line.why),
                _plain(line.lots),
                figure(line.change),
                figure(line.balance),
            )
        )
    yield _row(("", _("Closing balance"), "", "", "", figure(found.closing)))


def _row(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _plain(text: str) -> str:
    """A text that a spreadsheet would take for a formula is preceded by an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text


def _minutes(hundredths: int) -> str:
    return f"{Decimal(hundredths) / HUNDREDTHS_PER_MINUTE:f}"


def _document(
    contract: Contract,
    lot: Lot | None,
    span: Span,
    lines: Iterable[PrintedLine],
    found: Statement,
    now: datetime,
) -> StatementDocument:
    firm, language = the_firm(), (get_language() or "en")[:2]
    locale = formats.locale_for(language)
    opening, closing = (quantity_words(each, found.unit) for each in (found.opening, found.closing))
    is_time = found.unit == Unit.MINUTES
    counted = _("Hours") if is_time else _("Incidents")
    return StatementDocument(
        language=language,
        territory=locale[-2:],
        title=_("Hours statement") if is_time else _("Incidents statement"),
        issuer=firm.name,
        customer=contract.client.name,
        about=f"{contract.number} · {contract.version}" + (f" · {lot.code}" if lot else ""),
        days=_days(span, local_date(now, contract.time_zone), locale),
        labels=(_("Date"), _("Movement"), _("Lot"), counted, _("Balance")),
        opening=(_("Opening balance"), opening),
        rows=tuple(_printed(line, locale) for line in lines),
        closing=(_("Closing balance"), closing),
        mark=_("DEMO, not valid") if firm.is_demo else "",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=now,
    )


def _printed(line: PrintedLine, locale: str) -> StatementRow:
    return StatementRow(
        day=formats.day_year(line.at.date(), locale),
        text=line.text,
        why=line.why,
        lots=line.lots,
        change=quantity_words(line.change, line.unit, plus=True),
        balance=quantity_words(line.balance, line.unit),
    )


def _days(span: Span, today: date, locale: str) -> str:
    """`until 30 November 2026`, `from 1 to 30 November 2026`."""
    last = formats.long_date(span.last or today, locale)
    if span.first is None:
        return _("until %(last)s") % {"last": last}
    return _("from %(first)s until %(last)s") % {"first": formats.long_date(span.first, locale), "last": last}


def _as_download(response: HttpResponse, contract: Contract, lot: Lot | None, ending: str) -> HttpResponse:
    name = f"{contract.number}-{lot.code}" if lot else contract.number
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
