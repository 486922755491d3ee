"""Aged receivables on screen and as a file: who owes what, and for how long it has been due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.billing.queries import AGES, AgedRow, aged_receivables, aged_totals, written_off_in
from ecuanime.foundation.tables import Table
from ecuanime.rules.money import currency_exponent
from ecuanime.web.downloads import table_download
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, firm_today

MOST_ROWS = 200


@dataclass(frozen=True)
class Shown:
    """A row with each figure beside the name of its band."""

    row: AgedRow
    cells: tuple[tuple[str, int], ...]


@billers
@require_safe
def aged(request: StaffRequest) -> HttpResponse:
    """What clients owe by age; those that owe most are shown, and the file (`formato` in the address) has all."""
    today = firm_today()
    if "formato" in request.GET:
        return _file(request.GET["formato"], aged_receivables(today=today), today)
    rows, bands = aged_receivables(today=today, most=MOST_ROWS + 1), _bands()
    context = {
        "today": today,
        "bands": bands,
        "rows": _shown(rows[:MOST_ROWS], bands),
        "totals": _shown(aged_totals(today=today), bands),
        "written_off": written_off_in(today.replace(month=1, day=1), today),
        "most": MOST_ROWS if len(rows) > MOST_ROWS else 0,
    }
    return render(request, "office/money/aged.html", context)


def _shown(rows: Sequence[AgedRow], bands: Sequence[str]) -> list[Shown]:
    return [Shown(row, tuple(zip(bands, row.owed, strict=True))) for row in rows]


def _bands() -> list[str]:
    """What the bands are called."""
    firsts = (1, *(age + 1 for age in AGES[:-1]))
    between = [
        _("%(first)s–%(last)s days") % {"first": first, "last": last}
        for first, last in zip(firsts, AGES, strict=True)
    ]
    return [_("Not due yet"), *between, _("Over %(days)s days") % {"days": AGES[-1]}]


def _file(kind: str, rows: Sequence[AgedRow], today: date) -> HttpResponse:
    """Every client, in major units."""
    columns = (_("Client"), _("Name"), _("Currency"), *_bands(), _("Owed"))
    table = Table(_("What is owed, by age"), columns, [_cells(row) for row in rows])
    return table_download([table], f"{today.isoformat()}-owed", kind)


def _cells(row: AgedRow) -> tuple[str | Decimal, ...]:
    exponent = currency_exponent(row.currency)
    figures = (Decimal(each).scaleb(-exponent) for each in (*row.owed, row.total))
    return (row.code, row.name, row.currency, *figures)
