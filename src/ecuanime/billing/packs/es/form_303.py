"""The boxes of the modelo 303 that the books of a firm fill in. Plain values, in cents.

Figures to fill the form in with, or to hand to whoever does: nothing here is filed. See docs/rules/tax-books.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from ecuanime.billing.packs.es.declarations import BookRow
from ecuanime.billing.packs.es.purchases import UNION, PurchaseRow


@dataclass(frozen=True, slots=True)
class Box:
    """A line of the modelo 303: the boxes of its base and quota, what they come to, and the words with their rate."""

    boxes: str
    words: str
    base: int | None
    quota: int | None = None
    percent: Decimal | None = None


_BY_RATE = {Decimal(0): "150 · 152", Decimal(4): "01 · 03", Decimal(10): "04 · 06", Decimal(21): "07 · 09"}
_BY_SURCHARGE = {Decimal("0.5"): "16 · 18", Decimal("1.4"): "19 · 21", Decimal("5.2"): "22 · 24"}
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
DEDUCTED_UNION = gettext_noop("Deductible of acquisitions within the Union")
DEDUCTIONS_CORRECTED = gettext_noop("Corrections of deductions")
FOREIGN_TAX = gettext_noop("Tax of another country, which is not deducted here")
DEDUCTED = gettext_noop("All that is deducted")
RESULT = gettext_noop("Result")


def boxes_303(rows: Iterable[BookRow], purchases: Sequence[PurchaseRow] = ()) -> list[Box]:
    """The boxes in the form's order; a rate that has none is listed without a number.

    Only what bears IVA counts: the IGIC has its own modelo 420. Source: orden EHA/3786/2008 as it stands since 2023.
    """
    of_iva = [row for row in rows if row.levy == "01" and row.is_counted]
    due, deducted = _due(of_iva, purchases), _deducted(purchases)
    sum_due = sum(box.quota or 0 for box in due)
    found = [*due, Box("27", DUE, None, sum_due)]
    if purchases:
        sum_deducted = sum(box.quota or 0 for box in deducted if box.boxes)
        found += [
            *deducted,
            Box("45", DEDUCTED, None, sum_deducted),
            Box("46", RESULT, None, sum_due - sum_deducted),
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


def _deducted(purchases: Sequence[PurchaseRow]) -> list[Box]:
    """What may be deducted if all of it may; what bears the tax of another country is last, without a box."""
    taxed = [row for row in purchases if row.own_quota and not row.is_foreign_tax]
    plain = [row for row in taxed if not row.is_correction]
    return [
        *_of_purchases("28 · 29", AT_HOME, [row for row in plain if row.origin != UNION]),
        *_of_purchases("36 · 37", DEDUCTED_UNION, [row for row in plain if row.origin == UNION]),
        *_of_purchases("40 · 41", DEDUCTIONS_CORRECTED, [row for row in taxed if row.is_correction]),
        *_of_purchases("", FOREIGN_TAX, [row for row in purchases if row.is_foreign_tax]),
    ]


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
