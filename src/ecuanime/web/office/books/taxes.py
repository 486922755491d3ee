"""The books of issued and received invoices and the figures of the modelos 303, 347 and 349: a page, and files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.billing import actions
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.books.adjustments import adjustments_in, by_box
from ecuanime.billing.books.purchases import purchases_of, received_table, received_taxes
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
from ecuanime.billing.models import DeductionAdjustment, ReceivedTax, TaxLine
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.tables import Table
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import done, status_of
from ecuanime.web.downloads import table_download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.received_forms import AdjustmentForm
from ecuanime.web.office.invoices.common import billers, firm_today, keepers

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
    return _books(request, AdjustmentForm())


@keepers
@require_POST
def adjust(request: StaffRequest) -> HttpResponse:
    """Type what a box of the period's modelo 303 says that no book fills in; the period stands in the address."""
    form, asked = AdjustmentForm(request.POST), _period_form(request)

    def act() -> None:
        period = {"year": asked.cleaned_data["ejercicio"], "period": asked.cleaned_data["periodo"]}
        actions.adjust_deductions(by=request.user, now=read_clock(), **period, **form.values())

    if asked.is_valid() and done(request, form, act, gettext("It is noted.")):
        return redirect(f"{reverse('tax_books')}?{urlencode(asked.cleaned_data)}")
    return _books(request, form)


def _period_form(request: StaffRequest) -> PeriodForm:
    today = firm_today()
    asked = request.GET if {"ejercicio", "periodo"} & set(request.GET) else None
    return PeriodForm(asked, year=today.year, code=f"{(today.month - 1) // 3 + 1}T")


def _books(request: StaffRequest, adjustment_form: AdjustmentForm) -> HttpResponse:
    form = _period_form(request)
    if not form.is_valid():
        return render(request, "office/books/taxes.html", {"form": form}, status=status_of(form))
    period = Period.of(form.cleaned_data["ejercicio"], form.cleaned_data["periodo"])
    taxes, bought = list(issued_taxes(period)), list(received_taxes(period))
    adjusted = list(adjustments_in(period))
    if "formato" in request.GET:
        return _file(request, period, taxes, bought, adjusted)
    newest = taxes[-ON_THE_PAGE:][::-1]
    book = book_table(period, newest)
    outside = [tax for tax in taxes if not is_in_euros(tax.invoice)]
    waiting = [tax for tax in bought if not purchases_of(tax)]
    context = {
        "form": form,
        "period": period,
        "is_spain": the_firm().country == "ES",
        "summaries": {number: _shown(table) for number, table in _summaries(taxes, bought, adjusted).items()},
        "book": [_shown_row(row, tax) for row, tax in zip(book.rows, newest, strict=True)],
        "count": len(taxes),
        "shown": len(book.rows),
        "bought": len(bought) - len(waiting),
        "foreign": len(outside),
        "waiting": len(waiting),
        "adjusted": adjusted,
        "adjustment_form": adjustment_form,
        "may_adjust": may_keep_books(request.user) and period.code != "0A",
        "has_igic": any(tax.levy == "03" for tax in taxes),
    }
    return render(request, "office/books/taxes.html", context, status=status_of(adjustment_form))


def _summaries(
    taxes: Sequence[TaxLine], bought: Sequence[ReceivedTax], adjusted: Sequence[DeductionAdjustment]
) -> dict[str, Table]:
    """The figures of both books; only what is in euros, or was stated in them, is summed."""
    return summary_tables(
        [row_of(tax) for tax in taxes if is_in_euros(tax.invoice)],
        [row for tax in bought for row in purchases_of(tax)],
        by_box(adjusted),
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
    request: StaffRequest,
    period: Period,
    taxes: list[TaxLine],
    bought: list[ReceivedTax],
    adjusted: list[DeductionAdjustment],
) -> HttpResponse:
    """The books and the summaries as a workbook, or one of them as CSV."""
    kind, name = request.GET["formato"], request.GET.get("libro", BOOKS[0])
    if name not in BOOKS:
        raise Http404
    tables = dict(zip(BOOKS, (book_table(period, taxes), received_table(period, bought)), strict=False))
    tables |= _summaries(taxes, bought, adjusted)
    wanted, what = ([tables[name]], name) if kind == "csv" else (list(tables.values()), "libros")
    return table_download(wanted, f"{what}-{period.year}-{period.code}", kind)
