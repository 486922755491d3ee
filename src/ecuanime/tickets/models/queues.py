"""Queues: where tickets wait for the people who take them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecuanime.contracts.models import ServiceLevel
from ecuanime.contracts.service_levels import QueueTerms
from ecuanime.delivery.models import Mailbox
from ecuanime.staff.models import Team


class Queue(models.Model):
    """A pile of tickets that a team works off; what comes to its mailbox lands in it with its priority.

    `service_level` is what it promises to clients without terms of their own; `giving_out` says whether its tickets are
    given to somebody of its team at once.
    One that is closed takes nothing new; what lies in it stays there until somebody moves it.
    """

    class GivingOut(models.TextChoices):
        """How its tickets find somebody."""

        AS_FIRM = "", _("as the firm does")
        AT_ONCE = "at_once", _("given to somebody at once")
        BY_HAND = "by_hand", _("each takes them")

    name = models.CharField(_("name"), max_length=60)
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, verbose_name=_("team"), null=True, blank=True, related_name="queues"
    )
    mailbox = models.OneToOneField(
        Mailbox,
        on_delete=models.SET_NULL,
        verbose_name=_("mailbox"),
        null=True,
        blank=True,
        related_name="queue",
    )
    default_priority = models.PositiveSmallIntegerField(_("priority of what lands here"), default=3)
    giving_out = models.CharField(
        _("its tickets are"), max_length=8, choices=GivingOut.choices, blank=True, default=GivingOut.AS_FIRM
    )
    service_level = models.OneToOneField(
        ServiceLevel, on_delete=models.SET_NULL, null=True, blank=True, related_name="queue"
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="queue_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> QueueTerms | None:
        """What it promises about time, if anything."""
        return None if self.service_level_id is None else QueueTerms(self.service_level_id, self.name)
