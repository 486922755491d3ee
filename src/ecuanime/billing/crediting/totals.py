"""What a credit note comes to: its sums, and the tax that goes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from ecuanime.billing.crediting.standing import standing_credits
from ecuanime.billing.drafting.discounts import TAX_FACTS
from ecuanime.billing.drafting.withholding import write_withholding_back
from ecuanime.billing.models import Invoice, TaxLine
from ecuanime.rules.credits import tax_of_credit


def write_credit_totals(note: Invoice, original: Invoice) -> Invoice:
    """Add the note up; each tax goes back as far as what is left of its base is still taxed right."""
    bases: dict[str, int] = defaultdict(int)
    for line in note.lines.all():
        bases[line.tax_code] -= line.amount
    left = _left_by_tax(original)
    rows = [
        _tax_back(note, tax, bases[tax.tax_code], left[tax.tax_code]) for tax in original.taxes.order_by("pk")
    ]
    TaxLine.objects.bulk_create(row for row in rows if row.base or row.amount or row.surcharge)
    note.net = -sum(bases.values())
    note.tax = sum(row.amount + row.surcharge for row in rows)
    note.total = note.net + note.tax
    note.save(update_fields=["net", "tax", "total"])
    return write_withholding_back(note, original)


def _left_by_tax(original: Invoice) -> dict[str, list[int]]:
    """What is left of each line by its tax, once all notes are written."""
    left: dict[str, list[int]] = defaultdict(list)
    for line in original.lines.order_by("position").prefetch_related(standing_credits()):
        left[line.tax_code].append(line.amount + sum(each.amount for each in line.credited_by.all()))
    return left


def _tax_back(note: Invoice, tax: TaxLine, credited: int, left: Sequence[int]) -> TaxLine:
    before = TaxLine.objects.filter(
        invoice__corrects=note.corrects, invoice__annulled_at=None, tax_code=tax.tax_code
    ).aggregate(amount=Sum("amount"), surcharge=Sum("surcharge"))

    def back(percent: Decimal, charged: int, taken: int | None) -> int:
        return (
            tax_of_credit(percent, charged + (taken or 0), left, per_line=note.tax_per_line)
            if credited
            else 0
        )

    return TaxLine(
        invoice=note,
        tax_code=tax.tax_code,
        name=tax.name,
        category=tax.category,
        percent=tax.percent,
        reason=tax.reason,
        base=-credited,
        amount=-back(tax.percent, tax.amount, before["amount"]),
        surcharge=-back(tax.surcharge_percent, tax.surcharge, before["surcharge"]),
        **{name: getattr(tax, name) for name in TAX_FACTS},
    )
