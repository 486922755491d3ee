"""The technical report of a case: each version as it was kept, and those that were sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecuanime.emergencies.models.cases import Emergency
from ecuanime.foundation.models import StoredFile


class Section(models.TextChoices):
    """What a report is made of, in its order."""

    SUMMARY = "summary", _("In short")
    FACTS = "facts", _("The facts")
    TIMELINE = "timeline", _("What has happened")
    ACTIONS = "actions", _("What was done, and what shows it")
    CAUSES = "causes", _("Causes")
    REMAINS = "remains", _("What remains")
    ADVICE = "advice", _("What we recommend")


class Report(models.Model):
    """A version of a case's report: its sections as text, in `language`. The database never lets one change.

    Sent, it has the PDF that the client got.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    texts = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["emergency", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["emergency", "number"], name="report_version_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, pdf__isnull=True)
                | Q(sent_at__isnull=False, pdf__isnull=False),
                name="sent_report_has_its_pdf",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.emergency.number} v{self.number}"

    def text(self, section: str) -> str:
        """What a section says; empty where the version has none."""
        return str(self.texts.get(section, ""))
