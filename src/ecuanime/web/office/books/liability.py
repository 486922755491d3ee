"""Unused prepaid hours on screen and as a file: what the firm owes in work at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ecuanime.entitlements.liability import Unused, unused_on
from ecuanime.foundation.tables import Table
from ecuanime.rules.hours import HUNDREDTHS_PER_HOUR
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import status_of
from ecuanime.web.components.fields import day_input
from ecuanime.web.downloads import table_download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today

MOST_ROWS = 200


class DayForm(forms.Form):
    """At the end of which day."""

    dia = forms.DateField(label=gettext_lazy("At the end of"), widget=day_input())


@billers
@require_safe
def liability(request: StaffRequest) -> HttpResponse:
    """Unused prepaid hours by client and contract, at the end of last year unless another day is asked for."""
    usual = firm_today().replace(month=1, day=1) - date.resolution
    form = DayForm(request.GET if "dia" in request.GET else None, initial={"dia": usual})
    day = form.cleaned_data["dia"] if form.is_valid() else usual
    rows = unused_on(day, zone=the_firm().time_zone)
    if "formato" in request.GET and not form.errors:
        return _file(request.GET["formato"], rows, day)
    context = {
        "form": form,
        "day": day,
        "rows": rows[:MOST_ROWS],
        "most": MOST_ROWS if len(rows) > MOST_ROWS else 0,
        "totals": _totals(rows),
    }
    return render(request, "office/books/liability.html", context, status=status_of(form))


def _totals(rows: Sequence[Unused]) -> list[dict[str, Any]]:
    """What all contracts come to, by currency."""
    return [
        {
            "currency": currency,
            "paid": sum(row.paid for row in rows if row.currency == currency),
            "free": sum(row.free for row in rows if row.currency == currency),
            "value": sum(row.value for row in rows if row.currency == currency),
        }
        for currency in sorted({row.currency for row in rows})
    ]


def _file(kind: str, rows: Sequence[Unused], day: date) -> HttpResponse:
    """Every contract: hours as decimals, amounts in major units."""
    columns = (
        _("Client"),
        _("Name"),
        _("Contract"),
        _("Currency"),
        _("Paid hours"),
        _("Free hours"),
        _("Value before tax"),
    )
    table = Table(_("Unused prepaid hours"), columns, [_cells(row) for row in rows])
    return table_download([table], f"{day.isoformat()}-unused-hours", kind)


def _cells(row: Unused) -> tuple[str | Decimal, ...]:
    value = Decimal(row.value).scaleb(-currency_exponent(row.currency))
    hours = (_hours(each) for each in (row.paid, row.free))
    return (row.client_code, row.client, row.contract, row.currency, *hours, value)


def _hours(hundredths: int) -> Decimal:
    """Hours with four decimals, which a sheet can add up; their minutes are exact on the page."""
    return (Decimal(hundredths) / HUNDREDTHS_PER_HOUR).quantize(Decimal("0.0001"))
