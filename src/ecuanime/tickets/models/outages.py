"""One cause, many tickets: the outage on the ticket that the others hang on, and what was told to all of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ecuanime.tickets.models.messages import Message
from ecuanime.tickets.models.tickets import Ticket


class Outage(models.Model):
    """That a ticket is the cause of its children. While it lasts, their clients read its line in the portal."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="outage")
    line_es = models.CharField(max_length=200)
    line_en = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["began_at"], condition=models.Q(ended_at__isnull=True), name="outage_open")
        ]


class OutageNotice(models.Model):
    """A text for all of them, in both languages. `key` is the form's: sent again it is the same notice."""

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="notices")
    key = models.CharField(max_length=64, unique=True)
    text_es = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class ToldOnTicket(models.Model):
    """That a notice went out as a reply on a ticket: once."""

    notice = models.ForeignKey(OutageNotice, on_delete=models.CASCADE, related_name="told")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "ticket"], name="told_once")]
