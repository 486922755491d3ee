"""Macros and what is done to many tickets at once."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Macro(models.Model):
    """Something the desk answers and does often: a reply in each language, a note, and changes. Any may be empty.

    The texts have variables, see `tickets.wording`. Without an owner it is everybody's.
    """

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="macros"
    )
    reply_es = models.TextField(_("reply in Spanish"), blank=True)
    reply_en = models.TextField(_("reply in English"), blank=True)
    note = models.TextField(_("internal note"), blank=True)
    changes = models.JSONField(default=dict, blank=True, help_text="see `actions.together.Changes`")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "id"]

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """A change of many tickets: which ones, how far it is, and what was refused.

    `tickets` are keys in the order in which they are taken; the first `done` of them are behind it. `refused` holds
    pairs of a ticket's number and the reason, in the language of whoever asked.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_runs")
    tickets = ArrayField(models.BigIntegerField())
    changes = models.JSONField(default=dict)
    macro = models.ForeignKey(Macro, on_delete=models.SET_NULL, null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    @property
    def total(self) -> int:
        """How many tickets it is about."""
        return len(self.tickets)

    @property
    def changed(self) -> int:
        """How many were dealt with and not refused; some may have been so already."""
        return self.done - len(self.refused)
