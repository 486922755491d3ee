"""Queues: where tickets wait for the people who take them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecuanime.delivery.models import Mailbox
from ecuanime.staff.models import Team


class Queue(models.Model):
    """A pile of tickets that a team works off; what comes to its mailbox lands in it with its priority.

    One that is closed takes nothing new; what lies in it stays there until somebody moves it.
    """

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
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="queue_name_once")]

    def __str__(self) -> str:
        return self.name
