"""The lines of a document: what each charges, down to the segments of its annex, and its taxes."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.documents.charges import Charge
from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.billing.models.documents.taxes import TaxFacts, TaxRate
from ecuanime.contracts.models import Contract
from ecuanime.foundation.fields import MinorUnitsField, RateField
from ecuanime.worklog.models import RatedEntry, RatedSegment

BY_HAND = frozenset({"service", "goods", "expense"})


class InvoiceLine(TaxFacts):
    """A line: minutes at a price per hour or units at a price each, rounded half-up once, less its `discount`.

    Time has a contract and its segments, a pack its charge, and what a person added neither. `own_tax` is the rate
    that a person chose for this line alone. A line of a credit note names the line that it `credits`,
    and one that takes an advance off the line of the advance invoice that it `deducts`.
    """

    class Kind(models.TextChoices):
        """What is charged: laws tax goods, services and expenses in their own ways."""

        WORK = "work", _("time")
        PACK = "pack", _("pack")
        FEE = "fee", _("fee")
        ADVANCE = "advance", _("advance")
        DEDUCTED = "deducted", _("advance deducted")
        SERVICE = "service", _("service")
        GOODS = "goods", _("goods")
        EXPENSE = "expense", _("expense")
        DISCOUNT = "discount", _("discount")

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SERVICE)
    description = models.CharField(max_length=300)
    detail = models.CharField(max_length=300, blank=True)
    is_kept = models.BooleanField(
        default=False, help_text="an advance that counts toward nothing else: never deducted"
    )
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, blank=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")
    minutes_numerator = models.BigIntegerField(null=True, blank=True)
    minutes_denominator = models.BigIntegerField(default=1)
    units = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    unit_name = models.CharField(_("unit"), max_length=20, blank=True)
    price = RateField()
    discount_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    discount = MinorUnitsField(default=0)
    own_tax = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, blank=True)
    credits = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credited_by"
    )
    deducts = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="deducted_by"
    )
    tax_code = models.CharField(max_length=30)
    tax_name = models.CharField(max_length=60)
    tax_category = models.CharField(max_length=2)
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3)
    tax_reason = models.CharField(max_length=300, blank=True)
    tax_why = models.CharField(max_length=24, blank=True, help_text="code of why this tax: packs.reasons")
    amount = MinorUnitsField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="line_position_once")]

    @property
    def is_manual(self) -> bool:
        """Whether a person put it there, and may take it away."""
        return self.kind in BY_HAND or self.kind == self.Kind.DEDUCTED

    @property
    def gross(self) -> int:
        """Quantity × price in minor units, before the discount."""
        return self.amount + self.discount

    @property
    def minutes(self) -> Fraction | None:
        """The printed minutes, to the hundredth at most; None for units."""
        if self.minutes_numerator is None:
            return None
        return Fraction(self.minutes_numerator, self.minutes_denominator)


class LineSegment(models.Model):
    """The annex: which segment a line charges, and its cents of the line.

    `is_live` is false once a credit note has freed it (or on the credit note itself): the database lets a segment
    have one live line only, so no minute is billed twice however many runs there are.
    """

    line = models.ForeignKey(InvoiceLine, on_delete=models.CASCADE, related_name="segments")
    segment = models.ForeignKey(RatedSegment, on_delete=models.PROTECT, related_name="invoiced")
    minutes_numerator = models.BigIntegerField()
    minutes_denominator = models.BigIntegerField(default=1)
    amount = MinorUnitsField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment"], condition=models.Q(is_live=True), name="segment_invoiced_once"
            )
        ]

    @property
    def minutes(self) -> Fraction:
        """The exact minutes it charges; 0 for pieces."""
        return Fraction(self.minutes_numerator, self.minutes_denominator)


class CoveredWork(models.Model):
    """The rest of the annex: an entry with nothing to pay (drawn from a pack whole, or goodwill) that is shown too.

    Each is shown on one live invoice at most; there is never an invoice for such entries alone.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="covered")
    rating = models.ForeignKey(RatedEntry, on_delete=models.PROTECT, related_name="shown_on")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rating"], condition=models.Q(is_live=True), name="covered_work_shown_once"
            )
        ]


class TaxLine(TaxFacts):
    """The tax of one rate on the sum of its lines, and its surcharge on the same base, each rounded half-up once.

    At home each of the three is converted by itself, so that base and tax are the total there too.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taxes")
    tax_code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    base = MinorUnitsField()
    amount = MinorUnitsField()
    surcharge = MinorUnitsField(default=0)
    home_base = MinorUnitsField(
        null=True, blank=True, help_text="in the firm's currency, where the law wants it stated in that"
    )
    home_amount = MinorUnitsField(null=True, blank=True)
    home_surcharge = MinorUnitsField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
