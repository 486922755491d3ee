"""Advances: what was charged beforehand is taken off the final invoice. See docs/rules/advance-invoices.md."""


def deductible(left: int, base: int) -> int:
    """How much of what is left of an advance an invoice can deduct: never more than it charges at the same tax.

    Minor units before tax; `base` is what the invoice comes to at the advance's tax, earlier deductions taken off.
    """
    return max(0, min(left, base))
