"""A statement as a file: CSV for a spreadsheet, PDF for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.movements import PrintedLine, lot_name, printed_lines, told
from ecuanime.web.downloads import CSV, PDF, download

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
    return download(_csv(taken), f"{taken.name}.csv", CSV)


def pdf_response(taken: Taken, *, now: datetime) -> HttpResponse:
    """The statement as PDF, in the reader's language. Refused: `too_long` for more than `MOST_PRINTED` movements."""
    lines = list(islice(taken.lines, MOST_PRINTED + 1))
    if len(lines) > MOST_PRINTED:
        raise Refused(
            "too_long", _("These days have too many movements to print. Ask for fewer, or take the CSV.")
        )
    return download(render_statement(_document(taken, lines, now)), f"{taken.name}.pdf", PDF)


def _csv(taken: Taken) -> Iterator[str]:
    found = taken.found
    is_time = found.unit == Unit.MINUTES
    figure = _minutes if is_time else str
    yield BYTE_ORDER_MARK + csv_row(COLUMNS if is_time else INCIDENT_COLUMNS)
    yield csv_row(("", _("Opening balance"), "", "", "", figure(found.opening)))
    for line in taken.lines:
        yield csv_row(
            (
                line.at.isoformat(timespec="minutes"),
                harmless(line.text),
                harmless(line.why),
                harmless(line.lots),
                figure(line.change),
                figure(line.balance),
            )
        )
    yield csv_row(("", _("Closing balance"), "", "", "", figure(found.closing)))


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
