"""What VIES said of clients' VAT numbers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client


class VatCheck(models.Model):
    """A question to VIES about a client's VAT number and what came of it; never changed, for it is a proof.

    `reference` is VIES's consultation number, `name` and `address` what the register has, where its country tells.
    `trouble` is why there is no answer.
    """

    class Outcome(models.TextChoices):
        """What VIES said."""

        VALID = "valid", _("valid")
        INVALID = "invalid", _("not valid")
        UNKNOWN = "unknown", _("no answer")

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="vat_checks")
    number = models.CharField(max_length=20)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reference = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    trouble = models.CharField(max_length=60, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["client", "-asked_at"], name="vat_check_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="unknown") & ~models.Q(trouble="")
                | ~models.Q(outcome="unknown") & models.Q(trouble=""),
                name="vat_check_answered_or_not",
            )
        ]
