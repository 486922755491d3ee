"""A client's account with the firm as screens and files show it, the same for both sides."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.books.accounts import AccountRow, AccountStatement, currencies_of, statement_of
from ecuanime.billing.books.export import BYTE_ORDER_MARK, FORMULA_BEGINS
from ecuanime.billing.pdf import StatementDocument, StatementRow, render_statement
from ecuanime.clients.models import Client
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm
from ecuanime.web.office.money.forms import PeriodForm

ROWS = 100
"""How many rows of an account a page shows."""
MOST_PRINTED = 3_000
"""Longer accounts are taken as CSV: nobody reads a hundred pages."""


def asked_period(request: HttpRequest, client: Client, today: date) -> PeriodForm:
    """The days in the address, else this year so far."""
    usual = {"desde": today.replace(month=1, day=1), "hasta": today, "moneda": client.currency}
    given = {name: request.GET[name] for name in usual if name in request.GET}
    return PeriodForm(usual | given, currencies=currencies_of(client))


def account_of(
    client: Client, form: PeriodForm, *, after: str = "", size: int | None = None
) -> AccountStatement | None:
    """The statement of valid days, or a page of it; None while they have to be corrected."""
    if not form.is_valid():
        return None
    days = form.cleaned_data
    return statement_of(
        client, currency=days["moneda"], first=days["desde"], last=days["hasta"], after=after, size=size
    )


def paging_of(request: HttpRequest, statement: AccountStatement | None) -> dict[str, str]:
    """The addresses of the first page and the next one, where there are any."""
    query = request.GET.copy()
    is_first = not query.pop("d", None)
    first_url = "" if is_first else f"?{query.urlencode()}"
    query["d"] = statement.next if statement else ""
    return {"first_url": first_url, "next_url": f"?{query.urlencode()}" if query["d"] else ""}


def words_of(row: AccountRow) -> str:
    """What a row is: a document with its number, or how money came or went."""
    if row.invoice is not None:
        return f"{row.invoice.get_kind_display()} {row.invoice.number}"
    if row.payment is None:
        return ""
    words = row.payment.get_kind_display()
    if row.payment.kind == row.payment.Kind.RECEIVED:
        words = _("Payment by %(method)s") % {"method": row.payment.get_method_display()}
    number = row.payment.invoice.number if row.payment.invoice else ""
    reference = row.payment.reference if row.payment.reference != number else ""
    return " · ".join(filter(None, [words, reference, number]))


def shown_rows(statement: AccountStatement) -> list[dict[str, Any]]:
    """The rows for a template."""
    return [{"row": row, "words": words_of(row)} for row in statement.rows]


def pdf_of(statement: AccountStatement, language: str) -> HttpResponse:
    """The statement as a PDF download in a language. Refused: `too_long` for more than `MOST_PRINTED` rows."""
    if len(statement.rows) > MOST_PRINTED:
        raise Refused(
            "too_long", _("These days have too many movements to print. Ask for fewer, or take the CSV.")
        )
    firm = the_firm()
    locale = formats.locale_for(language, statement.currency)

    def money(minor: int) -> str:
        return formats.money(minor, statement.currency, locale)

    with override(language):
        document = StatementDocument(
            language=language,
            territory=firm.country,
            title=_("Account"),
            issuer=firm.name,
            customer=statement.client.legal_name or statement.client.name,
            about=f"{statement.client.code} · {statement.currency}",
            days=f"{formats.long_date(statement.first, locale)} – {formats.long_date(statement.last, locale)}",
            labels=(_("Date"), _("Concept"), "", _("Amount"), _("Balance")),
            opening=(_("Opening balance"), money(statement.opening)),
            rows=tuple(
                StatementRow(
                    formats.day_year(row.on, locale),
                    words_of(row),
                    "",
                    "",
                    money(row.amount),
                    money(row.balance),
                )
                for row in statement.rows
            ),
            closing=(_("Closing balance"), money(statement.closing)),
            mark=_("DEMO, not valid") if firm.is_demo else "",
            page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            made_at=read_clock(),
        )
    response = HttpResponse(render_statement(document), content_type="application/pdf")
    return _as_download(response, statement, "pdf")


def csv_of(statement: AccountStatement) -> HttpResponse:
    """The statement as a download: opening, each row and closing, in major units."""
    response = StreamingHttpResponse(_lines(statement), content_type="text/csv; charset=utf-8")
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return _as_download(cast(HttpResponse, response), statement, "csv")


def _as_download(response: HttpResponse, statement: AccountStatement, ending: str) -> HttpResponse:
    name = f"{statement.client.code}-{statement.first.isoformat()}-{statement.last.isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(statement: AccountStatement) -> Iterator[str]:
    exponent = currency_exponent(statement.currency)

    def line(on: date, words: str, amount: int | None, balance: int) -> str:
        text = StringIO()
        figures = [
            "" if each is None else f"{Decimal(each).scaleb(-exponent):f}" for each in (amount, balance)
        ]
        safe = f"'{words}" if words.startswith(FORMULA_BEGINS) else words
        csv.writer(text).writerow([on.isoformat(), safe, *figures, statement.currency])
        return text.getvalue()

    yield BYTE_ORDER_MARK + "date,what,amount,balance,currency\r\n"
    yield line(statement.first, "opening", None, statement.opening)
    for row in statement.rows:
        yield line(row.on, words_of(row), row.amount, row.balance)
    yield line(statement.last, "closing", None, statement.closing)
