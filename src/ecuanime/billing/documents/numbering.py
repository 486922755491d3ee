"""The next number of a series, taken under lock in the transaction that issues: a rollback gives it back."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ecuanime.billing.models import Invoice, Numbering, Series
from ecuanime.billing.packs import CountryPack
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused

AROUND_MIDNIGHT = timedelta(days=1)

_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<code>[A-Z]{1,6})-(?P<year>[0-9]{4})-[0-9]+",
        r"(?P<code>[A-Z]{1,6})(?P<year>[0-9]{2})-[0-9]+",
        r"(?P<year>[0-9]{4})-(?P<code>[A-Z]{1,6})-[0-9]+",
    )
)

_PURPOSES = {
    Invoice.Kind.INVOICE: Series.Purpose.INVOICE,
    Invoice.Kind.ADVANCE: Series.Purpose.INVOICE,
    Invoice.Kind.REPLACEMENT: Series.Purpose.INVOICE,
    Invoice.Kind.CREDIT_NOTE: Series.Purpose.CREDIT_NOTE,
    Invoice.Kind.PRO_FORMA: Series.Purpose.PRO_FORMA,
}


def take_number(invoice: Invoice, code: str, today: date) -> None:
    """Give the document its series, sequence, number (F-2026-0188) and date; whoever is next waits for the commit.

    Of two that meet at midnight the second may have read the clock first: it takes the date of the one before it.
    Refused: `clock_back` when the machine's date is days behind the series', `number_brought` when an invoice of a
    former program bears the number.
    """
    by_year = _locked_series(code, today.year, invoice.kind)
    issued_on = max([today, *(row.last_issued_on for row in by_year.values() if row.last_issued_on)])
    if issued_on - today > AROUND_MIDNIGHT:
        raise Refused(
            "clock_back",
            _(
                "The last document of series %(code)s is dated %(day)s, later than today by this machine's clock. Set "
                "the clock right: dates of a series never go backwards."
            )
            % {"code": code, "day": issued_on.isoformat()},
        )
    series = by_year[issued_on.year]
    invoice.series, invoice.sequence, invoice.issued_on = series, series.next_number, issued_on
    invoice.number = written(Numbering.objects.filter(code=code).first(), code, series)
    if Invoice.objects.filter(number=invoice.number).exists():
        raise Refused(
            "number_brought",
            _("%(number)s was brought over from a former program. Number with another series.")
            % {"number": invoice.number},
        )
    series.next_number += 1
    series.last_issued_on = issued_on
    series.save(update_fields=["next_number", "last_issued_on"])
    crashpoint("billing.number_taken")


def written(numbering: Numbering | None, code: str, series: Series) -> str:
    """The next number of a series as its firm writes it: `F-2026-0188` unless it chose otherwise."""
    shape = numbering.shape if numbering else Numbering.Shape.LONG
    number = f"{series.next_number:0{numbering.digits if numbering else 4}}"
    if shape == Numbering.Shape.SHORT:
        return f"{code}{series.year % 100:02}-{number}"
    return (
        f"{series.year}-{code}-{number}"
        if shape == Numbering.Shape.YEAR_FIRST
        else f"{code}-{series.year}-{number}"
    )


def purpose_of(kind: str) -> str:
    """What a kind of document is numbered as."""
    return _PURPOSES[Invoice.Kind(kind)]


def code_for(kind: str, usual: str) -> str:
    """The code of the series that numbers a kind of document unless another is chosen; `usual` is the pack's."""
    chosen = Numbering.objects.filter(purpose=purpose_of(kind), is_default=True)
    return chosen.values_list("code", flat=True).first() or usual


def is_of_our_series(number: str, pack: CountryPack, year: int) -> bool:
    """Whether a series that the firm may number with would write this number in that year or later."""
    codes = {code_for(kind, pack.series_code(kind)) for kind in _PURPOSES}
    codes.update(Numbering.objects.values_list("code", flat=True))
    for shape in _SHAPES:
        found = shape.fullmatch(number)
        if found is not None and found["code"] in codes:
            of = int(found["year"])
            return of >= (year if of > 99 else year % 100)
    return False


def _locked_series(code: str, year: int, kind: str) -> dict[int, Series]:
    """This year's series, and any of the years around it, locked in the order of the years."""
    Series.objects.get_or_create(code=code, year=year, defaults={"purpose": _PURPOSES[Invoice.Kind(kind)]})
    rows = Series.objects.select_for_update(no_key=True).filter(code=code, year__gte=year - 1)
    return {row.year: row for row in rows.order_by("year")}
