"""The people of the firm around a ticket: who follows it, who is named in its notes, whose turn is next."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ecuanime.tickets.models.messages import Message
from ecuanime.tickets.models.tickets import Ticket


class Follower(models.Model):
    """Somebody of the firm who is told what happens on a ticket, because they or somebody else wanted so."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="follows_once")]


class Mention(models.Model):
    """Somebody named as @name in an internal note."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mentioned_once")]


class Turn(models.Model):
    """When somebody was last given a ticket: among equals, whoever waits longest is next."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
