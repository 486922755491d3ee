"""Who has a ticket before them at this moment."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ecuanime.tickets.models.tickets import Ticket


class Presence(models.Model):
    """When somebody's page of a ticket last said that it is open. What is older than a minute means nothing."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="present_once")]
