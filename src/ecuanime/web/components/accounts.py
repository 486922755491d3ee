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

from ecuanime.billing.accounts import AccountRow, AccountStatement, currencies_of, statement_of
from ecuanime.billing.export import BYTE_ORDER_MARK, FORMULA_BEGINS
from ecuanime.clients.models import Client
from ecuanime.rules.money import currency_exponent
from ecuanime.web.office.invoices_forms import PeriodForm


def asked_period(request: HttpRequest, client: Client, today: date) -> PeriodForm:
    """The days in the address, else this year so far."""
    usual = {"desde": today.replace(month=1, day=1), "hasta": today, "moneda": client.currency}
    given = {name: request.GET[name] for name in usual if name in request.GET}
    return PeriodForm(usual | given, currencies=currencies_of(client))


def account_of(client: Client, form: PeriodForm) -> AccountStatement | None:
    """The statement of valid days; None while they have to be corrected."""
    if not form.is_valid():
        return None
    days = form.cleaned_data
    return statement_of(client, currency=days["moneda"], first=days["desde"], last=days["hasta"])


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


def csv_of(statement: AccountStatement) -> HttpResponse:
    """The statement as a download: opening, each row and closing, in major units."""
    response = StreamingHttpResponse(_lines(statement), content_type="text/csv; charset=utf-8")
    name = f"{statement.client.code}-{statement.first.isoformat()}-{statement.last.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # Django's streams are no HttpResponse by type; guards and middleware treat both alike.
    return cast(HttpResponse, response)


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
