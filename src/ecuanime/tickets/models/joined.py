"""How tickets hang together: what was merged, and which are about the same thing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.tickets.models.tickets import Ticket


class Merge(models.Model):
    """That one ticket was merged into another, with all that it takes to undo it.

    `moved` holds the ids of what went along, by kind; `before` how both tickets stood. The versions are those that
    the merge left: a ticket with a later one has changed since.
    """

    merged = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_away")
    into = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_here")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    merged_version = models.PositiveIntegerField()
    into_version = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="merged_once"
            )
        ]


class TicketLink(models.Model):
    """Two tickets that have to do with each other; `first` is the one with the lower number.

    Only the team sees it: they may be of two clients.
    """

    class Kind(models.TextChoices):
        """Why they are linked."""

        RELATED = "related", _("related")
        SPLIT = "split", _("split off")

    first = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_up")
    second = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_down")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="linked_once")]
