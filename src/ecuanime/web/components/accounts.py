"""A client's account with the firm as screens and files show it, the same for both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from ecuanime.billing.books.accounts import AccountRow, AccountStatement, currencies_of, statement_of
from ecuanime.billing.pdf import StatementDocument, StatementRow, render_statement
from ecuanime.clients.models import Client
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.fields import day_input
from ecuanime.web.downloads import CSV, PDF, download

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
    return download(render_statement(document), f"{_name(statement)}.pdf", PDF)


def csv_of(statement: AccountStatement) -> HttpResponse:
    """The statement as a download: opening, each row and closing, in major units."""
    return download(_lines(statement), f"{_name(statement)}.csv", CSV)


def _name(statement: AccountStatement) -> str:
    return f"{statement.client.code}-{statement.first.isoformat()}-{statement.last.isoformat()}"


def _lines(statement: AccountStatement) -> Iterator[str]:
    exponent = currency_exponent(statement.currency)

    def line(on: date, words: str, amount: int | None, balance: int) -> str:
        figures = [
            "" if each is None else f"{Decimal(each).scaleb(-exponent):f}" for each in (amount, balance)
        ]
        return csv_row([on.isoformat(), harmless(words), *figures, statement.currency])

    yield BYTE_ORDER_MARK + "date,what,amount,balance,currency\r\n"
    yield line(statement.first, "opening", None, statement.opening)
    for row in statement.rows:
        yield line(row.on, words_of(row), row.amount, row.balance)
    yield line(statement.last, "closing", None, statement.closing)


class PeriodForm(forms.Form):
    """Which days of an account, both inclusive, and in which currency."""

    desde = forms.DateField(label=pgettext_lazy("days", "From"), widget=day_input())
    hasta = forms.DateField(label=gettext_lazy("Until"), widget=day_input())
    moneda = forms.ChoiceField(label=gettext_lazy("Currency"))

    def __init__(self, data: Any, *, currencies: list[str]) -> None:
        super().__init__(data)
        field: Any = self.fields["moneda"]
        field.choices = [(code, code) for code in currencies]

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        days = super().clean() or {}
        if days.get("desde") and days.get("hasta") and days["desde"] > days["hasta"]:
            self.add_error("hasta", _("The last day is before the first one."))
        return days

    @property
    def query(self) -> str:
        """What was asked for, for the files of the same account."""
        return urlencode({name: str(self.data[name]) for name in self.fields})
