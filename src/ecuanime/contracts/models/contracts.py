"""What a client has accepted, is offered, or once had."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models.plans import Approval, Overage, PlanVersion
from ecuanime.staff.models import ProductArea


class Contract(models.Model):
    """A client's acceptance of one plan version. Empty overrides mean: as the version says."""

    class State(models.TextChoices):
        """From offer to end."""

        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    number = models.CharField(_("number"), max_length=20, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contracts")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="contracts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    time_zone = models.CharField(_("time zone"), max_length=60)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    areas = models.ManyToManyField(ProductArea, blank=True, help_text="empty: every area")
    precedence = models.SmallIntegerField(default=100, help_text="the lowest that fits a ticket is proposed")
    approval = models.CharField(max_length=12, choices=Approval.choices, blank=True)
    overage = models.CharField(max_length=10, choices=Overage.choices, blank=True)
    hours_visible = models.BooleanField(null=True, blank=True)
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client", "state", "precedence"])]

    def __str__(self) -> str:
        return self.number

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its days are counted in."""
        return ZoneInfo(self.time_zone)

    @property
    def approval_policy(self) -> str:
        """Whose approval draws: its own choice or its version's."""
        return self.approval or self.version.approval

    @property
    def overage_policy(self) -> str:
        """What happens when nothing covers the work: its own choice or its version's."""
        return self.overage or self.version.overage

    @property
    def client_sees_hours(self) -> bool:
        """Whether the portal shows the hours left."""
        return self.version.hours_visible if self.hours_visible is None else self.hours_visible
