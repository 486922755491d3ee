"""What a firm that issues in another program hands over to it, and what that program made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.documents.invoices import Invoice
from ecuanime.foundation.fields import MinorUnitsField
from ecuanime.foundation.models import StoredFile


class IssuingSettings(models.Model):
    """Whether the firm issues its invoices in another program, and which. One row."""

    is_elsewhere = models.BooleanField(_("invoices are issued in another program"), default=False)
    program = models.CharField(_("which program"), max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_issuing_settings")]


class HandOver(models.Model):
    """Pro-formas that were handed over together."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["-id"]


class HandedOver(models.Model):
    """A pro-forma of a hand-over, and the invoice that the other program issued of it once that is noted.

    It is handed over once: taken back, it may be again. `total` is what that program asks for.
    """

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="handed_over")
    number = models.CharField(_("number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    total = MinorUnitsField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was taken back")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(taken_back_at=None), name="handed_over_once"
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(taken_back_at=None) & ~models.Q(number=""),
                name="number_of_elsewhere_once",
            ),
            models.CheckConstraint(
                condition=models.Q(number="", issued_on=None, total=None, noted_at=None, file=None)
                | (~models.Q(number="") & models.Q(issued_on__isnull=False, total__isnull=False)),
                name="noted_whole_or_not_at_all",
            ),
        ]

    @property
    def is_noted(self) -> bool:
        """Whether it is known what the other program issued."""
        return bool(self.number)

    @property
    def difference(self) -> int:
        """What the other program asks for more than the pro-forma, minor units; below zero for less."""
        return 0 if self.total is None else self.total - self.invoice.total
