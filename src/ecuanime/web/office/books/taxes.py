"""The books of issued and received invoices and the figures of the modelos 303, 347 and 349: a page, and files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from ecuanime.billing.books.purchases import purchase_of, received_table, received_taxes
from ecuanime.billing.books.taxes import (
    EURO,
    PERIODS,
    Period,
    book_table,
    is_in_euros,
    issued_taxes,
    row_of,
    summary_tables,
)
from ecuanime.billing.models import ReceivedTax, TaxLine
from ecuanime.foundation.tables import Table
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import status_of
from ecuanime.web.downloads import table_download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today

ON_THE_PAGE = 100
FIRST_YEAR, LAST_YEAR = 2000, 2100
BOOKS = ("expedidas", "recibidas", "303", "347", "349")


class PeriodForm(forms.Form):
    """Which period is asked for; the names stand in the address."""

    ejercicio = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    periodo = forms.ChoiceField(label=pgettext_lazy("tax", "Period"))

    def __init__(self, data: Any, *, year: int, code: str) -> None:
        super().__init__(data or {"ejercicio": year, "periodo": code})
        choices = [(each, _("whole year") if each == "0A" else each) for each in PERIODS]
        cast(forms.ChoiceField, self.fields["periodo"]).choices = choices


@billers
@require_safe
def tax_books(request: StaffRequest) -> HttpResponse:
    """The period's summaries and the newest rows of its book; with `formato` and `libro` in the address, a file."""
    today = firm_today()
    asked = request.GET if {"ejercicio", "periodo"} & set(request.GET) else None
    form = PeriodForm(asked, year=today.year, code=f"{(today.month - 1) // 3 + 1}T")
    if not form.is_valid():
        return render(request, "office/books/taxes.html", {"form": form}, status=status_of(form))
    period = Period.of(form.cleaned_data["ejercicio"], form.cleaned_data["periodo"])
    taxes, bought = list(issued_taxes(period)), list(received_taxes(period))
    if "formato" in request.GET:
        return _file(request, period, taxes, bought)
    newest = taxes[-ON_THE_PAGE:][::-1]
    book = book_table(period, newest)
    outside = [tax for tax in taxes if not is_in_euros(tax.invoice)]
    outside_bought = [tax for tax in bought if tax.invoice.currency != EURO]
    context = {
        "form": form,
        "period": period,
        "is_spain": the_firm().country == "ES",
        "summaries": {number: _shown(table) for number, table in _summaries(taxes, bought).items()},
        "book": [_shown_row(row, tax) for row, tax in zip(book.rows, newest, strict=True)],
        "count": len(taxes),
        "shown": len(book.rows),
        "bought": len(bought),
        "foreign": len(outside) + len(outside_bought),
        "has_igic": any(tax.levy == "03" for tax in taxes),
    }
    return render(request, "office/books/taxes.html", context)


def _summaries(taxes: Sequence[TaxLine], bought: Sequence[ReceivedTax]) -> dict[str, Table]:
    """The figures of both books; only what is in euros, or was stated in them, is summed."""
    return summary_tables(
        [row_of(tax) for tax in taxes if is_in_euros(tax.invoice)],
        [purchase_of(tax) for tax in bought if tax.invoice.currency == EURO],
    )


def _shown(table: Table) -> dict[str, Any]:
    """A table with its columns and cells told apart: sums of euros, or words."""
    are_sums = [any(isinstance(row[at], Decimal) for row in table.rows) for at in range(len(table.columns))]
    return {
        "name": table.name,
        "columns": list(zip(table.columns, are_sums, strict=True)),
        "rows": [list(zip(table.columns, row, are_sums, strict=True)) for row in table.rows],
    }


_SHOWN = {
    "type": 2,
    "on": 3,
    "number": 5,
    "tax_id": 6,
    "customer": 8,
    "operation": 11,
    "base": 13,
    "percent": 14,
    "quota": 15,
    "surcharge": 17,
    "withheld": 19,
    "currency": 22,
    "own_total": 23,
}
"""Which columns of the book the page shows."""


def _shown_row(row: Sequence[Any], tax: TaxLine) -> dict[str, Any]:
    """A row of the book, with the currency that its amounts are in."""
    cells = {name: row[at] for name, at in _SHOWN.items()}
    return cells | {"shown_in": EURO if is_in_euros(tax.invoice) else cells["currency"]}


def _file(
    request: StaffRequest, period: Period, taxes: list[TaxLine], bought: list[ReceivedTax]
) -> HttpResponse:
    """The books and the summaries as a workbook, or one of them as CSV."""
    kind, name = request.GET["formato"], request.GET.get("libro", BOOKS[0])
    if name not in BOOKS:
        raise Http404
    tables = dict(zip(BOOKS, (book_table(period, taxes), received_table(period, bought)), strict=False))
    tables |= _summaries(taxes, bought)
    wanted, what = ([tables[name]], name) if kind == "csv" else (list(tables.values()), "libros")
    return table_download(wanted, f"{what}-{period.year}-{period.code}", kind)
