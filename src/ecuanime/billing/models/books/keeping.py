"""How the firm keeps its books: its series, closed periods, documents issued together, and reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.billing.models.documents.invoices import Invoice, Series
from ecuanime.clients.models import Client
from ecuanime.delivery.models import OutgoingMail


class Numbering(models.Model):
    """A series that the firm chose: what it numbers and how its numbers read. Without one the country's pack says."""

    class Shape(models.TextChoices):
        """How a number is written."""

        LONG = "long", "F-2026-0188"
        SHORT = "short", "F26-0188"
        YEAR_FIRST = "year_first", "2026-F-0188"

    code = models.CharField(_("code"), max_length=6, unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    purpose = models.CharField(_("for"), max_length=12, choices=Series.Purpose.choices)
    shape = models.CharField(
        _("how a number reads"), max_length=10, choices=Shape.choices, default=Shape.LONG
    )
    digits = models.PositiveSmallIntegerField(_("digits"), default=4)
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)

    class Meta:
        ordering = ["purpose", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(is_default=True), name="one_usual_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}" if self.name else self.code


class Closing(models.Model):
    """The accounting periods are closed through a day: nothing is dated on it or before. The newest row rules."""

    through = models.DateField(_("closed through"))
    reason = models.CharField(_("why"), max_length=300, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    closed_at = models.DateTimeField()


class Batch(models.Model):
    """Drafts that are issued together, each alone: one that is refused does not stop the others."""

    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    finished_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=100, unique=True)


class BatchItem(models.Model):
    """A draft of a batch and what became of it; one that is discarded meanwhile is gone from here too."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting")
        ISSUED = "issued", _("issued")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="batch_items")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "invoice"], name="draft_once_a_batch")]


class ReminderStep(models.Model):
    """How many days after an invoice fell due its client is reminded; the firm's steps are a ladder."""

    days_after = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["days_after"]


class Reminder(models.Model):
    """A reminder that was sent: each step of the ladder once for an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="reminders")
    days_after = models.PositiveSmallIntegerField()
    mail = models.ForeignKey(OutgoingMail, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["days_after"]
        constraints = [models.UniqueConstraint(fields=["invoice", "days_after"], name="reminded_once_a_step")]


class Unreminded(models.Model):
    """A client who is never reminded of what is overdue."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="unreminded")
    since = models.DateTimeField()
