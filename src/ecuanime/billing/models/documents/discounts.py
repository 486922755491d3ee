"""What is taken off the time of a draft, kept beside its lines, which are made anew whenever its time changes."""

from __future__ import annotations

from django.db import models

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.contracts.models import Contract, WorkType
from ecuanime.foundation.fields import MinorUnitsField, RateField


class TimeDiscount(models.Model):
    """So many per cent, or an amount, off the one line of time with this contract, work type, circumstance and price.

    An amount never takes off more than the line comes to.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="time_discounts")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    work_type = models.ForeignKey(WorkType, on_delete=models.PROTECT)
    surcharge = models.CharField(max_length=12, blank=True)
    price = RateField()
    is_by_piece = models.BooleanField(default=False)
    percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    amount = MinorUnitsField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "contract", "work_type", "surcharge", "price", "is_by_piece"],
                name="time_discounted_once",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=False) ^ models.Q(amount__isnull=False),
                name="time_discount_one_way",
            ),
        ]
