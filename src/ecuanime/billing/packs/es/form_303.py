"""The boxes of the modelo 303 that the books of a firm fill in. Plain values, in cents.

Figures to fill the form in with, or to hand to whoever does: nothing here is filed. See docs/rules/tax-books.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from ecuanime.billing.packs.es.declarations import BookRow
from ecuanime.billing.packs.es.purchases import DEFERRED, UNION, PurchaseRow


@dataclass(frozen=True, slots=True)
class Box:
    """A line of the modelo 303: the boxes of its base and quota, what they come to, and the words with their rate."""

    boxes: str
    words: str
    base: int | None
    quota: int | None = None
    percent: Decimal | None = None


_BY_RATE = {Decimal(0): "150 · 152", Decimal(4): "01 · 03", Decimal(10): "04 · 06", Decimal(21): "07 · 09"}
_BY_SURCHARGE = {Decimal("0.5"): "168 · 170", Decimal("1.4"): "19 · 21", Decimal("5.2"): "22 · 24"}
_INFORMED = (
    ("59", gettext_noop("Supplies of goods and services within the Union")),
    ("60", gettext_noop("Exports")),
    ("120", gettext_noop("Not subject by the rules of location")),
    ("122", gettext_noop("Subject, with the customer accounting for the tax")),
    ("", gettext_noop("Exempt without a box of their own")),
)
CHARGED = gettext_noop("Charged at %(percent)s %%")
SURCHARGED = gettext_noop("Equivalence surcharge at %(percent)s %%")
CORRECTED = gettext_noop("Changes of bases and quotas: corrections")
SURCHARGES_CORRECTED = gettext_noop("Changes of the equivalence surcharge: corrections")
FROM_THE_UNION = gettext_noop("Acquired within the Union: we charge ourselves its tax")
REVERSED = gettext_noop("Other purchases of which we charge ourselves the tax")
DUE = gettext_noop("Tax due")
AT_HOME = gettext_noop("Deductible of purchases at home")
AT_HOME_INVESTED = gettext_noop("Deductible of investment goods bought at home")
IMPORTED = gettext_noop("Deductible of imports of current goods")
IMPORTED_INVESTED = gettext_noop("Deductible of imports of investment goods")
DEDUCTED_UNION = gettext_noop("Deductible of acquisitions within the Union")
DEDUCTED_UNION_INVESTED = gettext_noop("Deductible of investment goods acquired within the Union")
DEDUCTIONS_CORRECTED = gettext_noop("Corrections of deductions")
FOREIGN_TAX = gettext_noop("Tax of another country, which is not deducted here")
DEDUCTED = gettext_noop("All that is deducted")
RESULT = gettext_noop("Result")
DEFERRED_AT_CUSTOMS = gettext_noop(
    "Import tax that customs settled and deferred: it adds to what is to be paid"
)
ADJUSTED = {
    "42": gettext_noop("Compensations to farmers of the special regime"),
    "43": gettext_noop("Regularisation of investment goods"),
    "44": gettext_noop("Regularisation by the final pro rata"),
}
"""What no book says: a person types it."""


_HOME, _IMPORT = "home", "import"
_DEDUCTIBLE = {
    (_HOME, False): ("28 · 29", AT_HOME),
    (_HOME, True): ("30 · 31", AT_HOME_INVESTED),
    (_IMPORT, False): ("32 · 33", IMPORTED),
    (_IMPORT, True): ("34 · 35", IMPORTED_INVESTED),
    (UNION, False): ("36 · 37", DEDUCTED_UNION),
    (UNION, True): ("38 · 39", DEDUCTED_UNION_INVESTED),
}
"""Where a tax is deducted, by where the purchase came from and whether it is of investment goods."""


def boxes_303(
    rows: Iterable[BookRow], purchases: Sequence[PurchaseRow] = (), adjusted: Mapping[str, int] | None = None
) -> list[Box]:
    """The boxes in the form's order; a rate that has none is listed without a number.

    `adjusted` are the cents that a person typed for boxes that no book fills in. Only what bears IVA counts: the IGIC
    has its own modelo 420. Source: orden EHA/3786/2008 as it stands since 2023.
    """
    of_iva = [row for row in rows if row.levy == "01" and row.is_counted]
    due, deducted = _due(of_iva, purchases), _deducted(purchases, adjusted or {})
    sum_due = sum(box.quota or 0 for box in due)
    found = [*due, Box("27", DUE, None, sum_due)]
    if purchases or adjusted:
        sum_deducted = sum(box.quota or 0 for box in deducted if box.boxes)
        found += [
            *deducted,
            Box("45", DEDUCTED, None, sum_deducted),
            Box("46", RESULT, None, sum_due - sum_deducted),
            *_deferred(purchases),
        ]
    return [*found, *_informed(of_iva)]


def _due(of_iva: Sequence[BookRow], purchases: Sequence[PurchaseRow]) -> list[Box]:
    """What is charged to customers, and what the firm charges itself."""
    charged = [row for row in of_iva if row.operation == "S1"]
    plain, corrections = [r for r in charged if not r.corrects], [r for r in charged if r.corrects]
    own = [row for row in purchases if row.is_self_charged]
    bought, given_back = [r for r in own if not r.is_correction], [r for r in own if r.is_correction]
    found = [
        *_by(plain, "percent", "quota", _BY_RATE, CHARGED),
        *_of_purchases("10 · 11", FROM_THE_UNION, [row for row in bought if row.origin == UNION]),
        *_of_purchases("12 · 13", REVERSED, [row for row in bought if row.origin != UNION]),
    ]
    if corrections or given_back:
        base, quota = _sums(corrections, "quota")
        own_base, own_quota = _sums(given_back, "own_quota")
        found.append(Box("14 · 15", CORRECTED, base + own_base, quota + own_quota))
    surcharged = [row for row in plain if row.surcharge_percent]
    found += _by(surcharged, "surcharge_percent", "surcharge", _BY_SURCHARGE, SURCHARGED)
    back = [row for row in corrections if row.surcharge_percent]
    if back:
        found.append(Box("25 · 26", SURCHARGES_CORRECTED, *_sums(back, "surcharge")))
    return found


def _deducted(purchases: Sequence[PurchaseRow], adjusted: Mapping[str, int]) -> list[Box]:
    """What may be deducted if all of it may; what bears the tax of another country is last, without a box."""
    taxed = [row for row in purchases if row.own_quota and not row.is_foreign_tax]
    by_boxes: dict[tuple[str, str], list[PurchaseRow]] = {each: [] for each in _DEDUCTIBLE.values()}
    for row in taxed:
        if not row.is_correction:
            by_boxes[_DEDUCTIBLE[_source_of(row), row.is_investment]].append(row)
    return [
        *(box for (boxes, words), same in by_boxes.items() for box in _of_purchases(boxes, words, same)),
        *_of_purchases("40 · 41", DEDUCTIONS_CORRECTED, [row for row in taxed if row.is_correction]),
        *(Box(box, ADJUSTED[box], None, adjusted[box]) for box in ADJUSTED if adjusted.get(box)),
        *_of_purchases("", FOREIGN_TAX, [row for row in purchases if row.is_foreign_tax]),
    ]


def _deferred(purchases: Sequence[PurchaseRow]) -> Iterable[Box]:
    """What is paid with the declaration rather than at customs (RD 1624/1992, art. 74); it is due beside the result."""
    quotas = [row.quota for row in purchases if row.customs == DEFERRED]
    if quotas:
        yield Box("77", DEFERRED_AT_CUSTOMS, None, sum(quotas))


def _source_of(row: PurchaseRow) -> str:
    if row.is_import:
        return _IMPORT
    return UNION if row.origin == UNION else _HOME


def _informed(of_iva: Sequence[BookRow]) -> Iterable[Box]:
    for box, words in _INFORMED:
        bases = [row.base for row in of_iva if row.operation != "S1" and _informed_in(row) == box]
        if bases:
            yield Box(box, words, sum(bases))


def _informed_in(row: BookRow) -> str:
    if row.is_union:
        return "59"
    return {"E2": "60", "N2": "120", "S2": "122"}.get(row.operation, "")


def _by(
    rows: Sequence[BookRow], rate: str, quota: str, boxes: dict[Decimal, str], words: str
) -> Iterable[Box]:
    for percent in sorted({getattr(row, rate) for row in rows}):
        same = [row for row in rows if getattr(row, rate) == percent]
        yield Box(boxes.get(percent, ""), words, *_sums(same, quota), percent)


def _of_purchases(boxes: str, words: str, rows: Sequence[PurchaseRow]) -> Iterable[Box]:
    if rows:
        yield Box(boxes, words, *_sums(rows, "own_quota"))


def _sums(rows: Sequence[BookRow] | Sequence[PurchaseRow], quota: str) -> tuple[int, int]:
    return sum(row.base for row in rows), sum(getattr(row, quota) for row in rows)
