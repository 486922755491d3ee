"""A statement as a file: CSV for a spreadsheet, PDF for paper."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.billing.books.export import BYTE_ORDER_MARK, FORMULA_BEGINS
from ecuanime.billing.pdf import StatementDocument, StatementRow, render_statement
from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.client_statements import client_lines, client_statement
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import Span, statement
from ecuanime.entitlements.statements import Statement
from ecuanime.entitlements.words import quantity_words
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.movements import PrintedLine, lot_name, printed_lines, told

MOST_PRINTED = 3_000
"""Longer statements are taken as CSV: nobody reads a hundred pages."""
COLUMNS = ("booked_at", "movement", "why", "lots", "minutes", "balance_minutes")
INCIDENT_COLUMNS = (*COLUMNS[:-2], "incidents", "balance_incidents")


@dataclass(frozen=True)
class Taken:
    """A statement to be taken along: its lines, oldest first, and how it is headed. `name` is that of its file."""

    lines: Iterator[PrintedLine]
    found: Statement
    customer: str
    about: str
    span: Span
    zone: str
    name: str


def of_contract(contract: Contract, *, lot: Lot | None, span: Span) -> Taken:
    """The statement of a contract, or of one of its lots."""
    return Taken(
        lines=printed_lines(contract, lot=lot, span=span),
        found=statement(contract, lot=lot, span=span, size=1),
        customer=contract.client.name,
        about=f"{contract.number} · {contract.version}" + (f" · {lot_name(lot)}" if lot else ""),
        span=span,
        zone=contract.time_zone,
        name=f"{contract.number}-{lot.code}" if lot else contract.number,
    )


def of_client(client: Client, contracts: Sequence[Contract], *, unit: str, span: Span) -> Taken:
    """The statement of all these contracts of a client together."""
    zone = client.time_zone
    lines = client_lines(contracts, zone=zone, unit=unit, span=span)
    return Taken(
        lines=told(lines, zone, names_contract=True),
        found=client_statement(contracts, zone=zone, unit=unit, span=span, size=1),
        customer=client.name,
        about=_("All contracts"),
        span=span,
        zone=zone,
        name=client.code,
    )


def csv_response(taken: Taken) -> HttpResponse:
    """The statement as CSV: its opening balance, every movement oldest first, its closing balance."""
    response = StreamingHttpResponse(_csv(taken), content_type="text/csv; charset=utf-8")
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return _as_download(cast(HttpResponse, response), f"{taken.name}.csv")


def pdf_response(taken: Taken, *, now: datetime) -> HttpResponse:
    """The statement as PDF, in the reader's language. Refused: `too_long` for more than `MOST_PRINTED` movements."""
    lines = list(islice(taken.lines, MOST_PRINTED + 1))
    if len(lines) > MOST_PRINTED:
        raise Refused(
            "too_long", _("These days have too many movements to print. Ask for fewer, or take the CSV.")
        )
    response = HttpResponse(render_statement(_document(taken, lines, now)), content_type="application/pdf")
    return _as_download(response, f"{taken.name}.pdf")


def _csv(taken: Taken) -> Iterator[str]:
    found = taken.found
    is_time = found.unit == Unit.MINUTES
    figure = _minutes if is_time else str
    yield BYTE_ORDER_MARK + _row(COLUMNS if is_time else INCIDENT_COLUMNS)
    yield _row(("", _("Opening balance"), "", "", "", figure(found.opening)))
    for line in taken.lines:
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


def _document(taken: Taken, lines: Iterable[PrintedLine], now: datetime) -> StatementDocument:
    found = taken.found
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
        customer=taken.customer,
        about=taken.about,
        days=_days(taken.span, local_date(now, taken.zone), locale),
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


def _as_download(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
