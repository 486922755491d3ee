"""What is promised about time: so much until something happens, by priority, in the hours of a coverage calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client
from ecuanime.contracts.models.contracts import Contract
from ecuanime.contracts.models.plans import CoverageCalendar, PlanVersion

PRIORITIES = (1, 2, 3, 4)
"""The priorities of requests, from the most urgent on."""
PRIORITY_NAMES = dict(zip(PRIORITIES, (_("Urgent"), _("High"), _("Normal"), _("Low")), strict=True))


class Metric(models.TextChoices):
    """What is promised: those of `rules.sla`."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    NORMALISATION = "normalisation", _("Service normal again")
    SOLUTION = "solution", _("Solution")


class ServiceLevel(models.Model):
    """What is promised to a contract, by a plan, to a client, in a queue of the desk, or (none of them) to everybody
    else.

    Of those that fit a request the narrowest counts, whole. What a published plan
    version promises never changes. A queue stands above this room and points here. Without
    `calendar` every hour counts. A credit of `credit_minutes` for each broken promise is proposed, at most
    `credit_most_minutes` a month (0: no limit).
    """

    contract = models.OneToOneField(
        Contract, on_delete=models.CASCADE, null=True, blank=True, related_name="service_level"
    )
    client = models.OneToOneField(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="service_level"
    )
    version = models.OneToOneField(
        PlanVersion, on_delete=models.CASCADE, null=True, blank=True, related_name="service_level"
    )
    is_of_queue = models.BooleanField(default=False)
    calendar = models.ForeignKey(
        CoverageCalendar, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("hours that count")
    )
    warn_percent = models.PositiveSmallIntegerField(_("warn when this much is used up (%)"), default=75)
    credit_minutes = models.PositiveIntegerField(_("credit for each broken promise (minutes)"), default=0)
    credit_most_minutes = models.PositiveIntegerField(_("credit at most in a month (minutes)"), default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contract__isnull=True, client__isnull=True, version__isnull=True)
                | Q(client__isnull=True, version__isnull=True, is_of_queue=False)
                | Q(contract__isnull=True, version__isnull=True, is_of_queue=False)
                | Q(contract__isnull=True, client__isnull=True, is_of_queue=False),
                name="service_level_of_one",
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(
                    contract__isnull=True, client__isnull=True, version__isnull=True, is_of_queue=False
                ),
                name="one_default_service_level",
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=1, warn_percent__lte=100), name="service_level_warns_in_time"
            ),
        ]


class ServiceTarget(models.Model):
    """How many covered minutes a request of a priority has for one thing."""

    level = models.ForeignKey(ServiceLevel, on_delete=models.CASCADE, related_name="targets")
    priority = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=16, choices=Metric.choices)
    minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["priority", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["level", "priority", "metric"], name="service_target_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="service_target_has_time"),
        ]
